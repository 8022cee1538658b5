"""`berka`: a real bank for trials. Its anonymised files, which everybody fetches for themselves, become a folder of the data contract."""

import argparse
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from config.settings import Settings
from domain.errors import BadInput


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with account, client, disp, … as .asc or .asc.gz")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument("--cny-per-czk", type=_rate, default="0.30", metavar="RATE", help="yuan for a crown, the same for all days (0.30)")
    return run


def run(given: argparse.Namespace, _settings: Settings) -> int:
    """Convert, then say what was written."""
    from sandbox.berka.convert import convert

    try:
        summary = convert(source=given.folder, out=given.out, cny_per_czk=given.cny_per_czk)
    except (ValueError, OSError) as fault:
        raise BadInput(str(fault)) from None
    print(f"{summary.out}（截至 {summary.as_of}）：" + "，".join(f"{name} {count}" for name, count in summary.rows))
    return 0


def _rate(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a rate; write 0.30") from None
