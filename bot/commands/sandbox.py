"""`sandbox`: make a simulated bank, or `sandbox play` one. What is simulated lies in the folder, the hidden truth apart in `truth/`."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console

from bot.clock import system_clock
from bot.commands.play_options import add_play
from compliance.days import bank_day
from config.settings import Settings
from domain.errors import BadInput


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("--customers", type=int, default=200, help="persons (200)")
    parser.add_argument("--companies", type=int, default=12, help="companies (12)")
    parser.add_argument("--months", type=int, default=12, help="months of dealings (12)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed writes the same bytes (7)")
    parser.add_argument("--as-of", type=_day, help="last day of the dealings, as 2026-11-23; today when left out")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write; needed to make a bank")
    parser.add_argument("--format", help="parquet, csv or csv.gz for all files; when left out, large ones are parquet and small ones csv")
    parser.add_argument("--report", action="store_true", help="then measure the bank against the figures of real ones")
    add_play(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Write the bank and measure it when asked to, or play it."""
    if given.what == "play":
        from bot.commands.play import run as play

        return play(given, settings)
    from bot.progress import making_bar
    from sandbox.bank.command import generate

    if given.out is None:
        raise BadInput("--out DIR is needed: the folder to write")

    as_of = given.as_of or bank_day(system_clock())
    try:
        with making_bar(given.customers + given.companies, Console(stderr=True)) as progress:
            summary = generate(
                out=given.out,
                as_of=as_of,
                customers=given.customers,
                companies=given.companies,
                months=given.months,
                seed=given.seed,
                format=given.format,
                progress=progress,
            )
    except (ValueError, OSError) as fault:
        raise BadInput(str(fault)) from None
    print(f"{summary.out}（截至 {summary.as_of}）：" + "，".join(f"{name} {count}" for name, count in summary.rows))
    if given.report:
        _report(given.out)
    return 0


def _report(folder: Path) -> None:
    """One line a quantity: what was measured, what real banks showed, how far apart, and why."""
    from sandbox.bank.calibration import measure

    try:
        lines = measure(folder)
    except ValueError as fault:
        raise BadInput(str(fault)) from None
    print(f"{'quantity':<60} {'measured':>12} {'target':>12} {'off %':>8}")
    for line in lines:
        remark = line.reason if line.fine else "!"
        print(f"{line.name:<60} {line.value:>12,.4g} {line.target:>12,.4g} {line.deviation:>+8.1f}  {remark}".rstrip())
    print(f"{sum(not line.fine for line in lines)} of {len(lines)} quantities are further off than 15 % without a reason")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a day; write 2026-11-23") from None
