"""Finds lengths of time, in months and days: 三年不用, 放90天, 半年, 两年半, 一年零三个月, 三到五年, 十年以上."""

import re
from dataclasses import dataclass
from decimal import Decimal

from language.numerals import ARABIC, CHINESE, Numeral, parse_numeral
from language.quantity import prepare
from language.reading import Reading, read
from language.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Length:
    """A length as the calendar counts it: months are not a number of days."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time from `least` to `most`; they are equal unless a range was said."""

    span: Span
    text: str
    least: Length
    most: Length
    approx: bool

    @property
    def months(self) -> int:
        """Months of the (shorter) length."""
        return self.least.months

    @property
    def days(self) -> int:
        """Days of the (shorter) length, beyond its months."""
        return self.least.days


#: unit -> months and days of one, and of a half
_UNITS = {
    "年": (Length(months=12), Length(months=6)),
    "季": (Length(months=3), Length(days=45)),
    "月": (Length(months=1), Length(days=15)),
    "周": (Length(days=7), None),
    "天": (Length(days=1), None),
}
_UNIT_WORDS = {
    "年": "年", "个季度": "季", "个月": "月", "月": "月", "周": "周", "个星期": "周", "星期": "周", "个礼拜": "周",
    "礼拜": "周", "个周": "周", "天": "天", "日": "天",
}  # fmt: skip
_N = rf"(?:{ARABIC}|[{CHINESE}俩仨]+)"
_LENGTH = re.compile(
    rf"""
    (?<![\d第.周期星/\-每来])(?<!分之)
    (?:(?P<first>{_N}|半(?=[年个]))(?P<first_unit>年|个月|天|周)?(?:到|至|-|~|、|或者?))?  # 三到五年
    (?P<count>{_N}|半)(?P<more>多|来)?
    (?P<unit>年|个季度|个(?:(?P<ahalf>半)|[多来])?月|(?<=[俩仨半])月|个?星期|个?礼拜|个?周|天|日(?=[内之以]|期限|$|定期|通知|滚|理财))
    (?P<half>半)?(?:(?<![周期拜])[零又加]?(?P<extra>{_N})(?P<extra_unit>个月|天))?
    (?P<more_after>多|左右|上下|以上|以内|之内|内|来)?
    """,
    re.VERBOSE,
)
#: What makes the unit part of a date, an age, a school year, an event or a word.
_NOT_A_LENGTH_AFTER = re.compile(
    r"(?:的?时间)?(?:(?:以|之)?前(?!天)|(?:以|之|过)?后(?!天))|[级代纪龄薪终轻初]|年?底|度(?!假)|"
    r"[月号]|(?:[一二三四五六七八九十]+|\d+)月|报|岁"
)
_AFTER_UNIT = {
    "年": re.compile(r"[级代纪龄薪终轻化会会报节货味]|[初中末底](?![间])|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"),
    "周": re.compile(r"[岁年转边围末期]|[一二三四五六日天](?!年|天|个)"),
    "天": re.compile(r"[津然气使空猫]"),
}
_CALENDAR_YEAR = range(1900, 2200)
_TWO_DIGIT_YEAR = re.compile(r"\d\d年(?=[到底初])|(?<=[到在于从自])(?:2[4-9]|3\d)年")


def find_durations(text: str) -> tuple[Duration, ...]:
    """Find the lengths of time of a text in order; distances (三年后) and calendar dates are left to `dates`."""
    reading = read(text)
    prepared = prepare(reading.text)
    return tuple(found for match in _LENGTH.finditer(prepared) if (found := _duration(reading, prepared, match)) is not None)


def _duration(reading: Reading, text: str, match: re.Match[str]) -> Duration | None:
    unit = _unit(match["unit"])
    if _is_something_else(text, match, unit):
        return None
    count = _half() if match["count"] == "半" else _count(match["count"])
    if count is None or (unit == "年" and int(count.low) in _CALENDAR_YEAR):
        return None
    least, most = _length(count.low, unit, match), _length(count.high, unit, match)
    if least is None or most is None:
        return None
    if first := _first(match, unit):
        least = first
    start = match.start() if first or not match["first"] else match.start("count")
    span = reading.span(start, match.end())
    approx = count.vague or bool(match["more"] or match["more_after"] or match["unit"] in ("个多月", "个来月"))
    return Duration(span=span, text=reading.words(span), least=least, most=most, approx=approx)


def _is_something_else(text: str, match: re.Match[str], unit: str) -> bool:
    if _NOT_A_LENGTH_AFTER.match(text, match.end()) or _TWO_DIGIT_YEAR.match(text, match.start("count")):
        return True
    after = _AFTER_UNIT.get(unit)
    return bool(after and match.end() == match.end("unit") and after.match(text, match.end()))


def _unit(words: str) -> str:
    return _UNIT_WORDS["个月" if words.startswith("个") and words.endswith("月") else words]


def _half() -> Numeral:
    return Numeral(low=Decimal("0.5"), high=Decimal("0.5"), vague=False)


def _count(words: str) -> Numeral | None:
    if words == "几":
        return Numeral(low=Decimal(2), high=Decimal(9), vague=True)
    return parse_numeral({"俩": "两", "仨": "三"}.get(words, words))


def _first(match: re.Match[str], unit: str) -> Length | None:
    """Read the shorter end of 三到五年 or 3个月到6个月."""
    if not match["first"]:
        return None
    count = _half() if match["first"] == "半" else _count(match["first"])
    return _length(count.low, _unit(match["first_unit"]) if match["first_unit"] else unit) if count else None


def _length(count: Decimal, unit: str, match: re.Match[str] | None = None) -> Length | None:
    one, half = _UNITS[unit]
    whole = int(count)
    months, days = one.months * whole, one.days * whole
    if count != whole or (match and (match["half"] or match["ahalf"])):
        part = _part(count - whole, unit, one, half)
        if part is None:
            return None
        months, days = months + part.months, days + part.days
    if match and match["extra"]:
        extra = _count(match["extra"])
        if extra is None:
            return None
        more = int(extra.low)
        months, days = (months + more, days) if match["extra_unit"] == "个月" else (months, days + more)
    return Length(months=months, days=days)


def _part(fraction: Decimal, unit: str, one: Length, half: Length | None) -> Length | None:
    """Read what exceeds whole units: 半, or the decimals of 1.5年, which must make whole months."""
    if fraction in (0, Decimal("0.5")):
        return half
    in_months = fraction * one.months
    return Length(months=int(in_months)) if unit == "年" and in_months == int(in_months) else None
