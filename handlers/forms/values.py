"""The canonical text of a slot's value, and how to say it back.

A period is `2028`, `2028-09`, `2028-09-01`, `2028-09/2028-11` or two days with `/`; a day may carry `T15:00` or a part of the day
(`2028-09-01 下午`). Money is `500000 CNY`, a range `300000~500000 CNY`, `≈` in front when it was said roughly.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from compliance.days import BANK_ZONE
from language.currency_names import currency_name
from language.datespan import DateSpan, DayPart, Precision
from language.money import Money

UNDECIDED = "未定"
DECLINED = "不便说"

_DAY_AND_PART = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})| (\S+))?$")
_PART_BEGINS = {"凌晨": 9, "上午": 9, "中午": 12, "下午": 14, "晚上": 17}
_MYRIAD = Decimal(10_000)


def period_text(said: DateSpan) -> str:
    """Write a date or period canonically."""
    start, last = said.start, said.last
    if said.precision is Precision.DAY:
        return _day_text(said)
    if said.precision is Precision.MONTH:
        return f"{start:%Y-%m}"
    if said.precision is Precision.YEAR:
        return f"{start:%Y}"
    whole_months = start.day == 1 and said.until.day == 1
    if whole_months:
        return f"{start:%Y-%m}" if (start.year, start.month) == (last.year, last.month) else f"{start:%Y-%m}/{last:%Y-%m}"
    return start.isoformat() if start == last else f"{start.isoformat()}/{last.isoformat()}"


def _day_text(said: DateSpan) -> str:
    if said.time is not None:
        return f"{said.start.isoformat()}T{said.time:%H:%M}"
    return f"{said.start.isoformat()} {said.part.value}" if isinstance(said.part, DayPart) else said.start.isoformat()


def refined(old: str | None, new: str, *, named_year: bool) -> str:
    """Join two partial answers: a year said first and then a month, or a new year for a month that stays."""
    if old is None or UNDECIDED in (old, new):
        return new
    if re.fullmatch(r"\d{4}", new) and re.match(r"\d{4}-\d{2}", old):
        return re.sub(r"\d{4}(?=-\d{2}(?!\d))", new, old) if not _DAY_AND_PART.match(old) else f"{new}{old[4:]}"
    if re.fullmatch(r"\d{4}", old) and not named_year and new.startswith(tuple("12")):
        return re.sub(r"(?<!\d)\d{4}(?=-\d{2})", old, new)
    return new


def money_text(said: Money) -> str:
    """Write an amount or a range canonically."""
    low, high = _plain(said.low), _plain(said.high)
    amount = low if low == high else f"{low}~{high}"
    return f"{'≈' if said.approx else ''}{amount} {said.currency}"


def money_shown(value: str) -> str:
    """Say a canonical amount in Chinese: 约50万元."""
    amount, _, currency = value.removeprefix("≈").partition(" ")
    shown = "–".join(_amount_shown(Decimal(part)) for part in amount.split("~"))
    return f"{'约' if value.startswith('≈') else ''}{shown}{currency_name(currency)}"


def period_shown(value: str) -> str:
    """Say a canonical date or period in Chinese: 2028年9月."""
    first, _, last = value.partition("/")
    if last:
        return f"{_one_shown(first)}到{_one_shown(last)}"
    return _one_shown(first)


def due_instant(value: str) -> datetime:
    """When a canonical day is meant to begin: its time, its part of the day, else nine o'clock. Raises ValueError for wider periods."""
    found = _DAY_AND_PART.match(value)
    if found is None:
        raise ValueError(f"{value} is not a day")
    clock = time.fromisoformat(found[2]) if found[2] else time(_PART_BEGINS.get(found[3] or "", 9))
    return datetime.combine(date.fromisoformat(found[1]), clock, tzinfo=BANK_ZONE)


def _one_shown(value: str) -> str:
    day = _DAY_AND_PART.match(value)
    if day:
        on = date.fromisoformat(day[1])
        return f"{on.month}月{on.day}日（周{'一二三四五六日'[on.weekday()]}）{day[2] or day[3] or ''}"
    year, _, month = value.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


def first_day(value: str) -> date | None:
    """The first day of a canonical period, or None for an answer without one."""
    digits = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", value)
    return date(int(digits[1]), int(digits[2] or 1), int(digits[3] or 1)) if digits else None


def last_day(value: str) -> date | None:
    """The last day of a canonical period, or None for an answer without one."""
    end = value.partition("/")[2] or value
    begins = first_day(end)
    if begins is None or re.match(r"\d{4}-\d{2}-\d{2}", end):
        return begins
    after = date(begins.year + 1, 1, 1) if "-" not in end else (begins.replace(day=1) + timedelta(days=32)).replace(day=1)
    return after - timedelta(days=1)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _amount_shown(amount: Decimal) -> str:
    return f"{_plain(amount / _MYRIAD)}万" if amount >= _MYRIAD else f"{amount:,f}"
