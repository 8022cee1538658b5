"""The options of `sandbox play`, apart from what it needs: making a bank shall not load the house."""

import argparse
from datetime import date
from pathlib import Path

from bot.commands.options import add_json


def add_play(parser: argparse.ArgumentParser) -> None:
    """`sandbox play`; the word that was given is `what`."""
    playing = parser.add_subparsers(dest="what", metavar="play").add_parser("play", help="let days pass in the bank that was imported")
    playing.add_argument("--days", type=int, required=True, help="how many")
    playing.add_argument("--from", dest="since", type=_day, metavar="DAY", help="first day; the day after the facts when left out")
    playing.add_argument("--seed", type=int, default=7, help="the same seed and bank give the same play (7)")
    playing.add_argument("--bank", type=Path, metavar="DIR", help="folder of the bank's files; PEIBAN_DATA/sandbox-bank when left out")
    add_json(playing)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a day; write 2026-11-23") from None
