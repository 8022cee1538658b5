"""Festivals and lunar dates, by year. Lunar conversion and solar terms come from lunar_python, loaded at first use."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from language.months import DAY, Period, one_day

#: name -> (month, day, days of public holiday from then on)
_SOLAR = {
    "元旦": (1, 1, 1),
    "阳历新年": (1, 1, 1),
    "情人节": (2, 14, 1),
    "妇女节": (3, 8, 1),
    "三八节": (3, 8, 1),
    "愚人节": (4, 1, 1),
    "劳动节": (5, 1, 5),
    "三八妇女节": (3, 8, 1),
    "五一劳动节": (5, 1, 5),
    "五一国际劳动节": (5, 1, 5),
    "六一儿童节": (6, 1, 1),
    "十一国庆": (10, 1, 7),
    "国庆中秋": (10, 1, 7),
    "五一": (5, 1, 5),
    "青年节": (5, 4, 1),
    "儿童节": (6, 1, 1),
    "六一": (6, 1, 1),
    "建党节": (7, 1, 1),
    "建军节": (8, 1, 1),
    "教师节": (9, 10, 1),
    "国庆": (10, 1, 7),
    "十一": (10, 1, 7),
    "万圣节": (10, 31, 1),
    "双十一": (11, 11, 1),
    "双11": (11, 11, 1),
    "双十二": (12, 12, 1),
    "双12": (12, 12, 1),
    "平安夜": (12, 24, 1),
    "圣诞": (12, 25, 1),
    "跨年夜": (12, 31, 1),
}
#: name -> (lunar month, lunar day, days of public holiday); day 0 is the last day of the lunar year.
_LUNAR = {
    "春节": (1, 1, 7),
    "过年": (1, 1, 7),
    "农历新年": (1, 1, 7),
    "大年初一": (1, 1, 1),
    "元宵": (1, 15, 1),
    "龙抬头": (2, 2, 1),
    "端午": (5, 5, 1),
    "七夕": (7, 7, 1),
    "中元节": (7, 15, 1),
    "中秋": (8, 15, 1),
    "重阳": (9, 9, 1),
    "腊八": (12, 8, 1),
    "小年": (12, 23, 1),
    "除夕": (12, 0, 1),
    "大年三十": (12, 0, 1),
    "大年夜": (12, 0, 1),
    "年三十": (12, 0, 1),
    "年夜饭": (12, 0, 1),
}
_SOLAR_TERMS = ("清明", "冬至", "立春", "立夏", "立秋", "立冬", "春分", "夏至", "秋分")
#: name -> (month, which Sunday)
_SUNDAYS = {"母亲节": (5, 2), "父亲节": (6, 3)}
_YEARS = range(1900, 2200)

NAMES = tuple(sorted((*_SOLAR, *_LUNAR, *_SOLAR_TERMS, *_SUNDAYS), key=len, reverse=True))


@cache
def _lunar() -> Any:
    return import_module("lunar_python")  # untyped; its tables take a moment, so only the first lunar date pays


def festival(name: str) -> Callable[[int], Period]:
    """Give the function from a year to the days of the festival in it."""
    if name in _SOLAR:
        month, day, days = _SOLAR[name]
        return lambda year: _days(date(year, month, day), days)
    if name in _LUNAR:
        month, day, days = _LUNAR[name]
        return lambda year: _days(lunar_day(year, month, day), days)
    if name in _SUNDAYS:
        return lambda year: one_day(_sunday(year, *_SUNDAYS[name]))
    return lambda year: one_day(_solar_term(year, name))


@cache
def lunar_day(year: int, month: int, day: int) -> date:
    """Convert a lunar date; a negative month is a leap month, day 0 the month's last day.

    Raises ValueError for a day that the lunar year does not have.
    """
    if year not in _YEARS:
        raise ValueError(f"no lunar table for {year}")
    found = _lunar_year(year).getMonth(month)
    if found is None or not 0 <= day <= found.getDayCount():
        raise ValueError(f"no lunar day {year}-{month}-{day}")
    return _date(_lunar().Solar.fromJulianDay(found.getFirstJulianDay() + (day or found.getDayCount()) - 1))


def lunar_month(year: int, month: int) -> Period:
    """Make the period of a whole lunar month."""
    return Period(start=lunar_day(year, month, 1), until=lunar_day(year, month, 0) + DAY)


def _days(start: date, days: int) -> Period:
    if days == 1:
        return one_day(start)
    return Period(start=start, until=start + days * DAY)


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))


@cache
def _solar_term(year: int, name: str) -> date:
    if year not in _YEARS:
        raise ValueError(f"no table for {year}")
    found = _date(_terms_around(year)[name])
    return found if found.year == year else _date(_terms_around(year + 1)[name])


@cache
def _lunar_year(year: int) -> Any:
    """The library's months of a lunar year. Kept: each takes a millisecond or two, and which of many years is meant is tried out."""
    return _lunar().LunarYear.fromYear(year)


@cache
def _terms_around(year: int) -> Any:
    """The solar terms of the library's year, kept for the same reason."""
    return _lunar().Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()


def _date(solar: Any) -> date:
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
