"""What a terminal shows of long work: a bar for the making of a bank, one for an import, and the steps of a publication with their time.

Where nobody looks on (no terminal) nothing is written.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from crm.importing.fact_tables import FACT_TABLES
from crm.importing.feeds import FEEDS
from crm.importing.run import Progress as Listener
from crm.importing.run import Step


@contextmanager
def making_bar(customers: int, console: Console) -> Iterator[Callable[[int, int, int], None]]:
    """Show how many of the customers are made, and transactions a second; it is told customers done, customers in all, transactions."""
    columns = (
        TextColumn("造银行"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} 位客户，{task.fields[rows]:,} 笔交易，每秒 {task.fields[rate]:,.0f} 笔，已用"),
        TimeElapsedColumn(),
        TextColumn("还需"),
        TimeRemainingColumn(),
    )
    with _progress(*columns, console=console) as bar:
        task = bar.add_task("", total=customers, rows=0, rate=0.0)

        def hear(done: int, total: int, rows: int) -> None:
            elapsed = bar.tasks[task].elapsed or 0.0
            bar.update(task, completed=done, total=total, rows=rows, rate=rows / elapsed if elapsed else 0.0)

        yield hear


@contextmanager
def import_bar(folder: Path, console: Console) -> Iterator[Listener]:
    """Show how far an import is by the bytes of the files, rows a second, and how long the rest may take; it is told each step."""
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
    with _progress(*columns, console=console) as bar:
        task = bar.add_task("", total=max(1, sum(work.values())), pace="")
        began, rows = time.monotonic(), 0

        def hear(step: Step) -> None:
            nonlocal rows
            rows += step.rows
            pace = f"{rows / max(time.monotonic() - began, 0.001):,.0f} 行/秒"
            bar.update(task, advance=work.pop(step, 0), description=step, pace=pace)

        yield hear


@contextmanager
def member_bar(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Show how many members' contacts were looked at; it is told members done and members in all."""
    columns = (TextColumn("同步联系人"), BarColumn(), TextColumn("{task.completed:,.0f}/{task.total:,.0f} 位成员"), TimeElapsedColumn())
    with _progress(*columns, console=console) as bar:
        task = bar.add_task("", total=1)
        yield lambda done, total: bar.update(task, completed=done, total=max(1, total))


@contextmanager
def step_list(title: str, console: Console) -> Iterator[Callable[[str], None]]:
    """Show the steps of work whose length nobody knows: those done with the time that each took, the one under way with its own."""
    columns = (SpinnerColumn(finished_text="✓"), TextColumn(f"{title}：{{task.description}}"), TimeElapsedColumn())
    with _progress(*columns, console=console) as bar:

        def hear(step: str) -> None:
            for task in bar.tasks:
                bar.update(task.id, total=1, completed=1)
            bar.add_task(step, total=None)

        yield hear


def _progress(*columns: ProgressColumn, console: Console) -> Progress:
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _sizes(folder: Path) -> dict[str, int]:
    if not folder.is_dir():
        return {}  # the import itself says what is wrong
    return {file.name.partition(".")[0]: file.stat().st_size for file in folder.iterdir() if file.is_file()}
