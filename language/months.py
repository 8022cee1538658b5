"""Arithmetic of calendar periods. Month arithmetic clamps: 31 January and one month is the end of February."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from language.datespan import Lean, Precision

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `start` to `until` (exclusive)."""

    start: date
    until: date
    precision: Precision = Precision.PERIOD

    def distance(self, day: date) -> int:
        """Count the days between the period and a day; 0 inside it."""
        if day < self.start:
            return (self.start - day).days
        return max(0, (day - self.until).days + 1)


def shift(day: date, *, months: int) -> date:
    """Move by months, clamped to the end of the month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def one_day(day: date) -> Period:
    """Make the period of one day."""
    return Period(start=day, until=day + DAY, precision=Precision.DAY)


def one_week(day: date) -> Period:
    """Make the week, from Monday, that contains the day."""
    monday = day - timedelta(days=day.weekday())
    return Period(start=monday, until=monday + WEEK, precision=Precision.WEEK)


def months(year: int, month: int, *, count: int = 1, precision: Precision = Precision.MONTH) -> Period:
    """Make a period of whole months; `month` may lie outside 1..12 and moves the year."""
    start = shift(date(year, 1, 1), months=month - 1)
    return Period(start=start, until=shift(start, months=count), precision=precision)


def leaning(period_of: Callable[[int], Period], *, around: int, today: date, lean: Lean) -> Period:
    """Choose among a repeating period's occurrences (numbered, `around` being a present one).

    Occurrences that do not exist (29 February, the 31st) are passed over; a period that is still going on counts
    for both leans. Raises ValueError when none exists nearby.
    """
    near = [period for step in _NEARBY if (period := _if_exists(period_of, around + step))]
    if not near:
        raise ValueError("no such day")
    if lean is Lean.NEAREST:
        return min(near, key=lambda period: period.distance(today))
    if lean is Lean.FUTURE:
        return next((period for period in near if not _is_over(period, today)), near[-1])
    return next((period for period in reversed(near) if period.start <= today), near[0])


def _is_over(period: Period, today: date) -> bool:
    """Say whether a plan cannot mean this occurrence; a season is over for plans in its last month."""
    last_month = shift(period.until, months=-1) if period.precision is Precision.SEASON else period.until
    return today >= last_month


#: Far enough to meet a leap year on either side.
_NEARBY = range(-8, 9)


def _if_exists(period_of: Callable[[int], Period], number: int) -> Period | None:
    try:
        return period_of(number)
    except ValueError:
        return None
