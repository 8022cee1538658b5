"""`extract`: dates, durations, money and numbers found in texts, a line each."""

import argparse
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.commands.options import add_at, add_json, clock_of, lines_in, print_json
from config.settings import Settings
from language.extract import extract


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, _settings: Settings) -> int:
    """Read every line of standard input as said at that instant."""
    clock = clock_of(given)
    for line in lines_in():
        body = _plain(extract(line, at=clock()))
        if given.json:
            print_json(body)
        else:
            print("；".join(f"{kind}: {found}" for kind, found in body.items() if found) or "（没有）", flush=True)
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
