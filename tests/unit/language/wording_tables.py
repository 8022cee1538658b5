"""Reads the wording tables and writes findings in their short form, so that a failure shows both side by side."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from language.corrections import find_correction
from language.dates import BANK_ZONE, find_dates
from language.datespan import DateSpan, Lean, Precision, Side
from language.durations import Length, find_durations
from language.money import Bound, Money, find_money
from language.numbers import NumberKind, find_numbers

FOLDER = Path(__file__).resolve().parents[2] / "data" / "language"
AT = datetime(2026, 11, 23, 10, 0, tzinfo=BANK_ZONE)


@cache
def table(name: str) -> Any:
    """Read one table; every scalar stays the text it is."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def cases(name: str) -> list[tuple[str, str]]:
    return list(table(name).items())


def numbers(text: str) -> str:
    return " ".join(
        _range(one.low, one.high) + ("~" if one.vague else "") + ("r" if one.kind is NumberKind.RATIO else "") for one in find_numbers(text)
    )


def money(text: str, *, expect: bool = False) -> str:
    return " ".join(_money(one) for one in find_money(text, expect=expect))


def dates(text: str, lean: Lean = Lean.FUTURE) -> str:
    return " ".join(_date(one) for one in find_dates(text, at=AT, lean=lean))


def durations(text: str) -> str:
    return " ".join(
        _length(one.least) + ("" if one.least == one.most else f"-{_length(one.most)}") + ("~" if one.approx else "")
        for one in find_durations(text)
    )


def correction(text: str) -> str:
    found = find_correction(text)
    if found is None:
        return ""
    left = f"{found.field}:" if found.field else found.old or ""
    return f"{left} > {found.new}".strip()


def _range(low: Decimal, high: Decimal) -> str:
    return f"{low.normalize():f}" if low == high else f"{low.normalize():f}-{high.normalize():f}"


_SIGNS = {Bound.EXACT: "", Bound.AT_LEAST: ">=", Bound.AT_MOST: "<="}


def _money(one: Money) -> str:
    amount = _SIGNS[one.bound] + _range(one.low, one.high) + ("~" if one.approx else "")
    return amount if one.currency == "CNY" else f"{amount} {one.currency}"


def _length(length: Length) -> str:
    return (f"{length.months}m" if length.months else "") + (f"{length.days}d" if length.days else "")


def _date(one: DateSpan) -> str:
    side = {Side.ON: "", Side.BEFORE: " <", Side.AFTER: " >"}[one.side]
    return _days(one) + _time(one) + side


def _days(one: DateSpan) -> str:
    last = one.until - timedelta(days=1)
    if one.precision is Precision.DAY:
        return str(one.start)
    if one.precision is Precision.MONTH and one.start.day == 1:
        return f"{one.start:%Y-%m}"
    if one.precision is Precision.YEAR and (one.start.month, one.start.day) == (1, 1):
        return str(one.start.year)
    return f"{one.start}..{last} {one.precision}"


def _time(one: DateSpan) -> str:
    if one.time is None:
        return f" {one.part}" if one.part else ""
    return f" {one.time:%H:%M}" + (f"-{one.time_until:%H:%M}" if one.time_until else "")


def plain_amounts(expected: str) -> str:
    """Drop the zeros that only make an amount of the table readable (3000.50)."""
    return " ".join(word.rstrip("0") if "." in word and word[-1] == "0" else word for word in expected.split(" "))
