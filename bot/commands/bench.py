"""`bench`: speed and memory, measured here and now on a bank of its own. Each figure stands beside what is wanted."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.commands.options import add_json, print_json
from config.settings import Settings

PARTS = ("turn", "load", "web", "say", "kf", "search", "import", "assess")


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("parts", nargs="*", default="", choices=["", *PARTS], help="what to measure; all when left out")
    parser.add_argument("--turns", type=int, default=1000, help="turns of each measurement (1000)")
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Measure and print. Exit code 1 when a figure misses what is wanted."""
    from rich.console import Console
    from rich.table import Table

    from bot.benchmark.figures import measure

    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="peiban-bench-") as folder:
        quiet = settings.model_copy(update={"data": Path(folder), "database_url": "", "sandbox": True, "log_level": "ERROR"})
        figures = measure(quiet, parts=set(given.parts) - {""}, turns=given.turns, console=console)
    if given.json:
        for figure in figures:
            print_json(
                {"name": figure.name, "value": round(figure.value, 3), "unit": figure.unit, "wanted": figure.wanted, "met": figure.met}
            )
    else:
        table = Table("what", "measured", "wanted", "")
        for figure in figures:
            table.add_row(figure.name, f"{figure.value:,.2f} {figure.unit}", figure.said, "ok" if figure.met else "MISSED")
        Console().print(table)
    return 0 if all(figure.met for figure in figures) else 1
