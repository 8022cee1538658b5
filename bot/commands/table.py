"""`table`: one table, of the bank or a public one, becomes a folder of the data contract."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from config.settings import Settings
from domain.errors import BadInput


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV with a header; separated by , ; | or tabs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument("--id", metavar="NAME", help="the column of the customer; without it each row is a customer of its own")
    parser.add_argument("--day", metavar="NAME", help="the column that says when the row was so, or was booked")
    parser.add_argument("--day-form", default="", metavar="FORM", help="how days are written, as '%%d/%%m/%%Y %%H:%%M'; ISO when left out")
    parser.add_argument("--amount", metavar="NAME[*NAME]", help="each row is a line of an invoice with this amount, as Quantity*Price")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help="the last day that the table covers, if not the last of --day"
    )
    return run


def run(given: argparse.Namespace, _settings: Settings) -> int:
    """Convert, then say what was written."""
    from sandbox.table import Mapped, convert

    mapped = Mapped(customer=given.id, day=given.day, amount=given.amount, day_form=given.day_form, as_of=given.as_of)
    try:
        summary = convert(given.file, given.out, mapped)
    except (ValueError, OSError) as fault:
        raise BadInput(str(fault)) from None
    print(f"{given.out}（截至 {summary.as_of}）：" + "，".join(f"{name} {count}" for name, count in summary.rows.items()))
    if summary.without_customer or summary.unreadable:
        print(f"没有取的行：没有客户号 {summary.without_customer}，日期或金额读不懂 {summary.unreadable}")
    return 0
