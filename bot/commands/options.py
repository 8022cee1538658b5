"""Options and lines that several commands share."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime

from bot.clock import Clock, fixed_clock, system_clock
from compliance.days import BANK_ZONE
from domain.errors import BadInput
from domain.party import Party

_LONGEST_LINE = 2_000_000  # characters; a line beyond this is not a text that somebody typed


def add_at(parser: argparse.ArgumentParser) -> None:
    """`--at`: the instant to take for now."""
    parser.add_argument("--at", type=instant, metavar="TIME", help="take this for now, as 2026-12-22T09:00+08:00")


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: for programs."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def add_as(parser: argparse.ArgumentParser) -> None:
    """`--as`: who is speaking."""
    parser.add_argument("--as", dest="who", required=True, metavar="ROLE:ID", help="who speaks, as customer:C000001 or rm:S0001")


def instant(text: str) -> datetime:
    """Read an instant; without an offset it is the bank's time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a time; write 2026-12-22T09:00+08:00") from None
    return (at if at.tzinfo else at.replace(tzinfo=BANK_ZONE)).astimezone(BANK_ZONE)


def clock_of(given: argparse.Namespace) -> Clock:
    """The clock that the options ask for."""
    return fixed_clock(given.at) if given.at else system_clock


def party_of(given: argparse.Namespace) -> Party:
    """Who speaks. Raises BadInput for what is not `role:id`."""
    return Party.parse(given.who)


def lines_in() -> Iterator[str]:
    """Read standard input line by line as UTF-8. A damaged byte becomes a replacement character: a line is never lost."""
    stream = open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False)  # noqa: SIM115  stdin stays open
    for line in stream:
        yield line.rstrip("\r\n")[:_LONGEST_LINE]


def print_json(body: object) -> None:
    """Write one JSON object on one line, at once."""
    print(json.dumps(body, ensure_ascii=False, default=str), flush=True)


def required_file(text: str) -> str:
    """Read a whole UTF-8 file. Raises BadInput with one line when that cannot be done."""
    try:
        with open(text, encoding="utf-8") as file:
            return file.read()
    except OSError as fault:
        raise BadInput(f"{text}: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{text}: not UTF-8; save it as UTF-8 and try again") from None
