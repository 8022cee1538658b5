"""`sandbox`: make a simulated bank, or `sandbox play` one. What is simulated lies in the folder, the hidden truth apart in `truth/`."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

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
    add_play(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Write the bank, or play it."""
    if given.what == "play":
        from bot.commands.play import run as play

        return play(given, settings)
    from sandbox.bank.command import generate

    if given.out is None:
        raise BadInput("--out DIR is needed: the folder to write")

    as_of = given.as_of or bank_day(system_clock())
    try:
        summary = generate(
            out=given.out, as_of=as_of, customers=given.customers, companies=given.companies, months=given.months, seed=given.seed
        )
    except (ValueError, OSError) as fault:
        raise BadInput(str(fault)) from None
    print(f"{summary.out}（截至 {summary.as_of}）：" + "，".join(f"{name} {count}" for name, count in summary.rows))
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a day; write 2026-11-23") from None
