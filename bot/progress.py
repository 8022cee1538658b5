"""A bar on the terminal for an import: how far it is by the bytes of the files, rows a second, and how long the rest may take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from crm.importing.fact_tables import FACT_TABLES
from crm.importing.feeds import FEEDS
from crm.importing.run import Progress as Listener
from crm.importing.run import Step


@contextmanager
def import_bar(folder: Path, console: Console) -> Iterator[Listener]:
    """Show the bar while the block runs; it is told each step. Where nobody looks on (no terminal) nothing is written."""
    sizes = _sizes(folder)
    # A byte of a file costs about as much to sort into the facts as to judge.
    work = {f"checked {feed.name}": sizes.get(feed.name, 0) for feed in FEEDS}
    work |= {f"built {table.name}": sum(sizes.get(feed, 0) for feed in table.feeds) for table in FACT_TABLES}
    columns = (
        SpinnerColumn(),
        TextColumn("导入"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
        TextColumn("还需"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=max(1, sum(work.values())), pace="")
        began, rows = time.monotonic(), 0

        def hear(step: Step) -> None:
            nonlocal rows
            rows += step.rows
            pace = f"{rows / max(time.monotonic() - began, 0.001):,.0f} 行/秒"
            bar.update(task, advance=work.pop(step, 0), description=step, pace=pace)

        yield hear


def _sizes(folder: Path) -> dict[str, int]:
    if not folder.is_dir():
        return {}  # the import itself says what is wrong
    return {file.name.partition(".")[0]: file.stat().st_size for file in folder.iterdir() if file.is_file()}
