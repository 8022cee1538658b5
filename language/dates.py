"""Finds dates and periods in Chinese text, relative to the instant it was written.

明天下午三点半, 下周三, 这个月底, 后年秋天, 28年9月, 9/1, 三个月后, 国庆后, 农历八月十五. A repeating date
(每月15号) is none, nor is an event without a date (高考后).

Conventions, where people differ: weeks begin on Monday; 初, 中 and 底 of a month are its thirds; 年底 is December,
年中 June and July, 年初 January; seasons are three whole months and winter ends in the next year; lunar festivals
belong to the lunar year that is named; 前 ends where the date begins (月底前 and 年底前: where it ends); 后 begins
when the date is over and lasts a month; without a part of the day, one to six o'clock is in the afternoon.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from language import date_words as words
from language.clock import ClockTime, clock_at, next_clock, next_part
from language.date_context import Context
from language.date_rules import FESTIVAL_RULE, RULES, Rule
from language.datespan import DateSpan, DayPart, Lean, Precision, Side
from language.months import DAY, Period, one_day, shift
from language.numerals import informal
from language.reading import Reading, read

BANK_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
_BEFORE_A_PAST_DATE = 14 * DAY
_WITHIN_REACH = 8  # characters between a day and a time that belongs to it
_RANGE_SIGNS = frozenset({"到", "至", "-", "--", "~", "直到"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A period at `start`..`end` of the folded text."""

    start: int
    end: int
    period: Period
    rule: Rule

    @property
    def length(self) -> int:
        return self.end - self.start


def find_dates(text: str, *, at: datetime, lean: Lean = Lean.FUTURE) -> tuple[DateSpan, ...]:
    """Find the dates and periods of a text in order. Raises ValueError when `at` is not aware."""
    if at.tzinfo is None:
        raise ValueError("at must be aware")
    now = at.astimezone(BANK_ZONE)
    reading = read(text)
    ahead = _Ahead(informal(reading.text), Context(today=now.date(), anchor=now.date(), lean=lean))
    found: list[DateSpan] = []
    position = 0
    while said := _next(reading, ahead, position, now, found):
        found.append(said)
        position = reading.at(said.span.end)
    return tuple(found)


def _next(reading: Reading, ahead: "_Ahead", position: int, now: datetime, found: list[DateSpan]) -> DateSpan | None:
    """Find the next date or time, attached to the one before where it continues it."""
    text, context = ahead.text, ahead.context
    last = found[-1] if found else None
    if last and (joined := _range_end(reading, text, position, last, context)):
        found.pop()
        return joined
    candidate, clock = ahead.date(position), ahead.clock(position)
    if clock and (candidate is None or clock.start < candidate.start):
        if last and _belongs(reading, last, clock):
            found.pop()
            return _with_clock(reading, last, clock)
        return _today(reading, clock, now, context.lean)
    return _complete(reading, text, candidate, context) if candidate else None


class _Ahead:
    """Looks ahead for each rule once, and again only when its finding has been passed: long texts stay cheap."""

    def __init__(self, text: str, context: Context) -> None:
        self.text = text
        self.context = context
        self._next: dict[Rule, _Candidate | None] = {rule: self._search(rule, 0) for rule in RULES}
        self._clocks = {find: find(text, 0) for find in (next_clock, next_part)}

    def date(self, position: int) -> _Candidate | None:
        """Choose the leftmost date from the position on, and of several there the longest."""
        for rule, candidate in self._next.items():
            if candidate and candidate.start < position:
                self._next[rule] = self._search(rule, position)
        candidates = [candidate for candidate in self._next.values() if candidate]
        return min(candidates, key=lambda one: (one.start, -one.length), default=None)

    def clock(self, position: int) -> ClockTime | None:
        """Choose the leftmost time of day; one with an hour before one without."""
        for find, clock in self._clocks.items():
            if clock and clock.start < position:
                self._clocks[find] = find(self.text, position)
        clocks = [clock for clock in self._clocks.values() if clock]
        return min(clocks, key=lambda one: (one.start, one.time is None), default=None)

    def _search(self, rule: Rule, position: int) -> _Candidate | None:
        for match in rule.pattern.finditer(self.text, position):
            if candidate := _candidate(rule, match, self.context):
                return candidate
        return None


def _candidate(rule: Rule, match: re.Match[str], context: Context) -> _Candidate | None:
    if words.REPEATING.search(match.string, max(0, match.start() - 4), match.start()):
        return None
    try:
        period = rule.build(match, context)
    except (ValueError, OverflowError):
        return None  # a day that does not exist
    if period is None:
        return None
    start = match.start() + (1 if "from" in match.groupdict() and match["from"] else 0)
    return _Candidate(start=start, end=match.end(), period=period, rule=rule)


def _date_at(text: str, position: int, context: Context, rules: tuple[Rule, ...] = RULES) -> _Candidate | None:
    """Read the longest date that begins exactly at the position."""
    found = [
        candidate for rule in rules if (match := rule.pattern.match(text, position)) and (candidate := _candidate(rule, match, context))
    ]
    return max((one for one in found if one.start == position), key=lambda one: one.length, default=None)


def _complete(reading: Reading, text: str, candidate: _Candidate, context: Context) -> DateSpan:
    """Add what follows the date: its weekday, a time of day, 前 or 后."""
    end, period = candidate.end, candidate.period
    clock: ClockTime | None = None
    if period.precision is Precision.DAY:
        weekday = words.WEEKDAY_BESIDE.match(text, end)
        if weekday and words.WEEKDAYS[weekday[1]] == period.start.weekday():
            end = weekday.end()
        end = _past_its_festival(text, end, candidate, context)
        part = _part_said(text[candidate.start : candidate.end])
        clock = _clock_behind(text, end, part)
        end = clock.end if clock else end
        if clock is None and part:
            clock = ClockTime(start=end, end=end, time=None, part=part, days=0)
    said = _said(reading, candidate.start, end, period)
    if clock:
        return _timed(said, clock)
    return _sided(reading, text, said, candidate, context)


def _past_its_festival(text: str, end: int, candidate: _Candidate, context: Context) -> int:
    """Go past the name of the day's own festival (六月一号儿童节)."""
    on_the_day = replace(context, anchor=candidate.period.start, lean=Lean.FUTURE)
    named = _date_at(text, end, on_the_day, (FESTIVAL_RULE,))
    return named.end if named and named.period.start == candidate.period.start else end


def _part_said(words_said: str) -> DayPart | None:
    if words_said not in words.DAY_WORDS:
        return None
    if words_said.endswith(("晚", "夜")):
        return DayPart.EVENING
    return DayPart.MORNING if words_said.endswith(("早", "晨")) else None


def _clock_behind(text: str, end: int, part: DayPart | None) -> ClockTime | None:
    for filler in ("的", ",", " ", ""):
        if text.startswith(filler, end) and (clock := clock_at(text, end + len(filler), part=part)):
            return clock
    return None


def _sided(reading: Reading, text: str, said: DateSpan, candidate: _Candidate, context: Context) -> DateSpan:
    side = words.SIDE.match(text, candidate.end) if candidate.rule.sided else None
    if side is None or side["around"]:
        return said
    span = reading.span(candidate.start, side.end())
    said = replace(said, span=span, text=reading.words(span), precision=Precision.PERIOD)
    if side["after"]:
        return replace(said, start=said.until, until=shift(said.until, months=1), side=Side.AFTER)
    closing = text[: candidate.end].endswith(words.CLOSING_WORDS)
    until = said.until if closing else said.start
    start = context.today if context.today < until else until - _BEFORE_A_PAST_DATE
    return replace(said, start=start, until=until, side=Side.BEFORE)


def _said(reading: Reading, start: int, end: int, period: Period) -> DateSpan:
    span = reading.span(start, end)
    return DateSpan(span=span, text=reading.words(span), start=period.start, until=period.until, precision=period.precision)


def _timed(said: DateSpan, clock: ClockTime) -> DateSpan:
    days = clock.days * DAY
    return replace(said, start=said.start + days, until=said.until + days, time=clock.time, part=clock.part)


def _belongs(reading: Reading, last: DateSpan, clock: ClockTime) -> bool:
    """Say whether 下午三点 goes with the 明天 a few characters before."""
    near = reading.origins[clock.start] - last.span.end <= _WITHIN_REACH
    return near and last.time is None and last.precision is Precision.DAY


def _with_clock(reading: Reading, last: DateSpan, clock: ClockTime) -> DateSpan:
    span = reading.span(reading.at(last.span.start), clock.end)
    return _timed(replace(last, span=span, text=reading.words(span)), clock)


def _today(reading: Reading, clock: ClockTime, now: datetime, lean: Lean) -> DateSpan:
    """Place a time without a date: today, or the neighbouring day when today's lies on the wrong side of now."""
    day = one_day(now.date())
    said = _timed(_said(reading, clock.start, clock.end, day), clock)
    if clock.time is None:
        return said
    moment = datetime.combine(said.start, clock.time, BANK_ZONE)
    step = {Lean.FUTURE: DAY if moment <= now else 0 * DAY, Lean.PAST: -DAY if moment > now else 0 * DAY}
    move = step.get(lean, 0 * DAY)
    return replace(said, start=said.start + move, until=said.until + move)


def _range_end(reading: Reading, text: str, position: int, first: DateSpan, context: Context) -> DateSpan | None:
    """Read the second end of 9月1号到15号 or of 下午三点到五点, which continues from the first."""
    for length in (2, 1):
        if text[position : position + length] in _RANGE_SIGNS and first.side is Side.ON:
            begin = position + length
            return _later_time(reading, text, begin, first) or _later_date(reading, text, begin, first, context)
    return None


def _later_time(reading: Reading, text: str, begin: int, first: DateSpan) -> DateSpan | None:
    if first.time is None or first.time_until:
        return None
    clock = clock_at(text, begin, part=first.part)
    if clock is None or clock.time is None or clock.time <= first.time:
        return None
    span = reading.span(reading.at(first.span.start), clock.end)
    return replace(first, span=span, text=reading.words(span), time_until=clock.time)


def _later_date(reading: Reading, text: str, begin: int, first: DateSpan, context: Context) -> DateSpan | None:
    if first.time or (first.precision is Precision.PERIOD and first.text.endswith(("后", "前", "内"))):
        return None
    second = _date_at(text, begin, replace(context, anchor=first.start, lean=Lean.FUTURE))
    if second is None or second.period.until <= first.start:
        return None
    span = reading.span(reading.at(first.span.start), second.end)
    return replace(first, span=span, text=reading.words(span), until=second.period.until, precision=Precision.PERIOD)
