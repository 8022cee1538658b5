"""A date or period that was said, and how to say it back."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from language.spans import Span


class Precision(StrEnum):
    """How wide the words were."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    HALF = "half"
    YEAR = "year"
    PERIOD = "period"


class Lean(StrEnum):
    """Which way a date without a year is meant: a plan, a memory, or whichever is closer."""

    FUTURE = "future"
    PAST = "past"
    NEAREST = "nearest"


class Side(StrEnum):
    """Whether the words meant the date itself, the time before it or the time after it."""

    ON = "on"
    BEFORE = "before"
    AFTER = "after"


class DayPart(StrEnum):
    """Part of a day, said with or without an hour."""

    DAWN = "凌晨"
    MORNING = "上午"
    NOON = "中午"
    AFTERNOON = "下午"
    EVENING = "晚上"


_SEASONS = {3: "春天", 6: "夏天", 9: "秋天", 12: "冬天"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """Days from `start` to `until` (exclusive) in the bank's zone, as said in `text`.

    A distance (三个月后) keeps its exact day as `start` and is as wide as its unit, because people mean "about then".
    """

    span: Span
    text: str
    start: dt.date
    until: dt.date
    precision: Precision
    time: dt.time | None = None
    time_until: dt.time | None = None
    part: DayPart | None = None
    side: Side = Side.ON

    @property
    def last(self) -> dt.date:
        """The last day that is meant."""
        return self.until - dt.timedelta(days=1)

    def describe(self) -> str:
        """Say the date in Chinese, with its year, so that the customer can confirm it."""
        return _DESCRIPTIONS[self.precision](self)


def _day(said: DateSpan) -> str:
    weekday = _WEEKDAYS[said.start.weekday()]
    return f"{_full(said.start)}（周{weekday}）{_clock(said)}"


def _clock(said: DateSpan) -> str:
    if said.time is None:
        return said.part or ""
    clock = f"{said.time:%H:%M}"
    return f"{clock}–{said.time_until:%H:%M}" if said.time_until else clock


def _week(said: DateSpan) -> str:
    return f"{_full(said.start)}起的一周"


def _month(said: DateSpan) -> str:
    if said.start.day == 1:
        return f"{said.start.year}年{said.start.month}月"
    return f"{_full(said.start)}前后"


def _season(said: DateSpan) -> str:
    return f"{said.start.year}年{_SEASONS[said.start.month]}（{said.start.month}月–{said.last.month}月）"


def _half(said: DateSpan) -> str:
    return f"{said.start.year}年{'上半年' if said.start.month == 1 else '下半年'}"


def _year(said: DateSpan) -> str:
    if (said.start.month, said.start.day) == (1, 1):
        return f"{said.start.year}年"
    return f"{said.start.year}年{said.start.month}月前后"


def _period(said: DateSpan) -> str:
    if said.until - said.start == dt.timedelta(days=1):
        return _full(said.start)
    last = said.last
    end = _full(last) if last.year != said.start.year else f"{last.month}月{last.day}日"
    return f"{_full(said.start)}至{end}"


def _full(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_DESCRIPTIONS = {
    Precision.DAY: _day,
    Precision.WEEK: _week,
    Precision.MONTH: _month,
    Precision.SEASON: _season,
    Precision.HALF: _half,
    Precision.YEAR: _year,
    Precision.PERIOD: _period,
}
