"""Finds dates and periods in Chinese text, relative to the instant it was written.

明天下午三点半, 下周三, 这个月底, 后年秋天, 28年9月, 9/1, 三个月后, 国庆后, 农历八月十五. A repeating date (每月15号) is none,
nor is an event without a date (高考后).

Conventions, where people differ: weeks begin on Monday; 初, 中 and 底 of a month are its thirds; 年底 is December,
年中 June and July, 年初 January; seasons are three whole months and winter ends in the next year; lunar festivals
belong to the lunar year that is named; 前 ends where the date begins (月底前 and 年底前: where it ends); 后 begins
when the date is over and lasts a month; without a part of the day, one to six o'clock is in the afternoon.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from language import date_words as words
from language.clock import ClockTime, clock_at, next_clock, next_part
from language.date_rules import FESTIVAL_RULE, RULES, Context, Rule
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
    folded = informal(reading.text)
    found: list[DateSpan] = []
    position = 0
    while said := _next(reading, folded, position, now, lean, found):
        found.append(said)
        position = reading.at(said.span.end)
    return tuple(found)


def _next(
    reading: Reading, text: str, position: int, now: datetime, lean: Lean, found: list[DateSpan]
) -> DateSpan | None:
    """Find the next date or time, attached to the one before where it continues it."""
    context = Context(today=now.date(), anchor=now.date(), lean=lean)
    last = found[-1] if found else None
    if last and (joined := _range_end(reading, text, position, last, context)):
        found.pop()
        return joined
    candidate = _first_candidate(text, position, context)
    clock = next_clock(text, position) or next_part(text, position)
    if clock and (candidate is None or clock.start < candidate.start):
        if last and _belongs(reading, last, clock):
            found.pop()
            return _with_clock(reading, last, clock)
        return _today(reading, clock, now, lean)
    return candidate and _complete(reading, text, candidate, context)


def _first_candidate(
    text: str, position: int, context: Context, *, only: Rule | None = None
) -> _Candidate | None:
    """Choose the leftmost date, and of several there the longest."""
    best: _Candidate | None = None
    for candidate in _candidates(text, position, context, (only,) if only else RULES):
        if best is None or (candidate.start, -candidate.length) < (best.start, -best.length):
            best = candidate
    return best


def _candidates(
    text: str, position: int, context: Context, rules: tuple[Rule, ...]
) -> Iterator[_Candidate]:
    for rule in rules:
        for match in rule.pattern.finditer(text, position):
            if words.REPEATING.search(text, max(0, match.start() - 4), match.start()):
                continue
            try:
                period = rule.build(match, context)
            except (ValueError, OverflowError):
                continue  # a day that does not exist
            if period:
                start = match.start() + (1 if "from" in match.groupdict() and match["from"] else 0)
                yield _Candidate(start=start, end=match.end(), period=period, rule=rule)
                break


def _complete(reading: Reading, text: str, candidate: _Candidate, context: Context) -> DateSpan:
    """Add what follows the date: its weekday, a time of day, 前 or 后."""
    end, period = candidate.end, candidate.period
    clock: ClockTime | None = None
    if period.precision is Precision.DAY:
        if weekday := words.SAME_WEEKDAY.match(text, end):
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
    named = _first_candidate(text, end, on_the_day, only=FESTIVAL_RULE)
    own = named is not None and named.start == end and named.period.start == candidate.period.start
    return named.end if named and own else end


def _part_said(words_said: str) -> DayPart | None:
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
    return DateSpan(
        span=span, text=reading.words(span), start=period.start, until=period.until, precision=period.precision
    )


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
            return _later_time(reading, text, begin, first) or _later_date(
                reading, text, begin, first, context
            )
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
    if first.time or first.precision is Precision.PERIOD and first.text.endswith(("后", "前", "内")):
        return None
    second = _first_candidate(text, begin, replace(context, anchor=first.start, lean=Lean.FUTURE))
    if second is None or second.start != begin or second.period.until <= first.start:
        return None
    span = reading.span(reading.at(first.span.start), second.end)
    return replace(
        first, span=span, text=reading.words(span), until=second.period.until, precision=Precision.PERIOD
    )
