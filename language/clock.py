"""Reads the time of day: 下午三点半, 15:30, 晚上8点, 两点一刻, 十二点零五分, or only 下午."""

import datetime as dt
import re
from dataclasses import dataclass

from language.date_words import REPEATING_DAY
from language.datespan import DayPart
from language.numerals import parse_numeral
from language.reading import REACH

_PARTS = {
    "凌晨": DayPart.DAWN,
    "清晨": DayPart.MORNING,
    "早晨": DayPart.MORNING,
    "早上": DayPart.MORNING,
    "上午": DayPart.MORNING,
    "一早": DayPart.MORNING,
    "一大早": DayPart.MORNING,
    "大清早": DayPart.MORNING,
    "早间": DayPart.MORNING,
    "早": DayPart.MORNING,
    "中午": DayPart.NOON,
    "正午": DayPart.NOON,
    "下午": DayPart.AFTERNOON,
    "午后": DayPart.AFTERNOON,
    "傍晚": DayPart.EVENING,
    "晚上": DayPart.EVENING,
    "晚间": DayPart.EVENING,
    "夜里": DayPart.EVENING,
    "夜间": DayPart.EVENING,
    "深夜": DayPart.EVENING,
    "半夜": DayPart.EVENING,
    "晚": DayPart.EVENING,
    "夜": DayPart.EVENING,
}
_N = r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_CLOCK = re.compile(
    rf"""
    (?P<part>{_PART})? (?:的|大概|大约|差不多|约)?
    (?:
      (?<![\d:.])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])
    | (?<![\d第几零一二三四五六七八九十.])(?P<said>{_N})(?P<o>点钟?|时(?![间候常]))
      (?:
        (?P<half>半)
      | (?P<quarter>[一1三3])刻
      | [过零]?(?P<past>{_N})分(?!之)
      | (?P<bare>\d\d|零[一二三四五六七八九]|[一二三四五]?十[一二三四五六七八九]?)(?![\d%个万千百亿多来几元块.年月岁])
      | (?P<whole>整)
      )?
    )
    """,
    re.VERBOSE,
)
_PART_ALONE = re.compile(rf"(?P<part>{_PART})(?![好安])")
#: What may follow a bare hour that nothing else shows to be a time (三点见, 三点前; not 三点建议).
_AFTER_BARE_HOUR = re.compile(r"$|[,。!?;:、 )前后之以左到至见开来去下上出吧呢啊行可有打我您你给联回能方准]|再|会议|钟")
_NOT_BARE = ("一", "零", "十")  # 一点, 零点, 十点: too often a bit, a zero, a list
_MINUTES = {"一": 15, "1": 15, "三": 45, "3": 45}
#: Without a part of the day, one to six o'clock is in the afternoon: nobody visits a bank at three in the morning.
_OFFICE_AFTERNOON = range(1, 7)
_NIGHT_HOURS = range(1, 5)  # 晚上两点 is after midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A time of day that ends at `end` of the folded text; `days` is 1 when it belongs to the next day."""

    start: int
    end: int
    time: dt.time | None
    part: DayPart | None
    days: int


def clock_at(text: str, position: int, *, part: DayPart | None = None) -> ClockTime | None:
    """Read the time that starts at the position, right behind a date; `part` was already said with it (今晚)."""
    match = _CLOCK.match(text, position)
    if match and (found := _read(match, part)):
        return found
    alone = _PART_ALONE.match(text, position)
    if alone:
        said = _PARTS[alone["part"]]
        return ClockTime(start=position, end=alone.end(), time=None, part=said, days=0)
    return None


def next_clock(text: str, position: int) -> ClockTime | None:
    """Find the next time of day that nothing but its own words shows to be one."""
    for match in _CLOCK.finditer(text, position):
        if REPEATING_DAY.search(text, max(0, match.start() - REACH), match.start()):
            continue
        sure = any(match[name] for name in ("part", "hour", "half", "quarter", "past", "whole"))
        sure = sure or match["o"] == "点钟" or (match["bare"] is not None and match["o"] == "点")
        hinted = match["o"] == "点" and match["said"] not in _NOT_BARE and _AFTER_BARE_HOUR.match(text, match.end())
        counted = text[max(0, match.start() - 1) : match.start()] in ("有", "几", "差")
        if (sure or (hinted and not counted)) and (found := _read(match, None)):
            return found
    return None


def next_part(text: str, position: int) -> ClockTime | None:
    """Find the next 上午, 下午 or 晚上 said without an hour."""
    for match in _PART_ALONE.finditer(text, position):
        if len(match["part"]) > 1 and not REPEATING_DAY.search(text, max(0, match.start() - REACH), match.start()):
            return ClockTime(start=match.start(), end=match.end(), time=None, part=_PARTS[match["part"]], days=0)
    return None


def _read(match: re.Match[str], part: DayPart | None) -> ClockTime | None:
    part = _PARTS[match["part"]] if match["part"] else part
    hour, minute = _number(match["hour"] or match["said"]), _minute(match)
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    literal = match["hour"] is not None and match["hour"].startswith("0")
    hour, days = _on_the_clock(hour, part, literal=literal)
    return ClockTime(start=match.start(), end=match.end(), time=dt.time(hour, minute), part=part, days=days)


def _on_the_clock(hour: int, part: DayPart | None, *, literal: bool) -> tuple[int, int]:
    if hour == 24 or (hour == 12 and part is DayPart.EVENING):
        return 0, 1
    if part is DayPart.EVENING and hour in _NIGHT_HOURS:
        return hour, 1
    if part is DayPart.DAWN and hour == 12:
        return 0, 0
    afternoon = part in (DayPart.AFTERNOON, DayPart.EVENING) or (part is DayPart.NOON and hour < 10)
    if (afternoon and hour < 12) or (part is None and not literal and hour in _OFFICE_AFTERNOON):
        return hour + 12, 0
    return hour, 0


def _minute(match: re.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarter"]:
        return _MINUTES[match["quarter"]]
    said = match["minute"] or match["past"] or match["bare"]
    return _number(said.lstrip("零") if said and said != "零" else said) if said else 0


def _number(text: str) -> int | None:
    worth = parse_numeral(text)
    return int(worth.low) if worth else None
