"""The bank's calendar: solar terms and lunar days by Beijing time, and which days are worked.

Solar terms and lunar days are astronomy and known for every year. Holidays are announced: each November the State Council
publishes how the next year's days off are moved. Until then a day is judged by the law alone and marked as not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.errors import BadInput

if TYPE_CHECKING:
    from lunar_python import Solar

SOLAR_TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)
BEIJING = timezone(timedelta(hours=8))  # almanac time, without the summer time of 1986 to 1991
FIRST_YEAR, LAST_YEAR = 1900, 2100  # the years that the lunar tables are trusted for


@lru_cache(maxsize=256)
def solar_term_instants(year: int) -> Mapping[str, datetime]:
    """Return the 24 solar terms of a calendar year, 小寒 to 冬至, each with its instant in Beijing time, exact to half a minute at worst.

    Raises BadInput outside 1900–2100.
    """
    _check_year(year)
    from lunar_python import Solar  # lazy: a chat turn does not pay for it

    table = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()  # from 大雪 of the year before to 惊蛰 of the year after
    moments = sorted(_moment(solar) for solar in table.values() if solar.getYear() == year)
    return MappingProxyType(dict(zip(SOLAR_TERMS, moments, strict=True)))


@lru_cache(maxsize=256)
def solar_terms(year: int) -> Mapping[str, date]:
    """Return the 24 solar terms of a calendar year, 小寒 to 冬至, each with its Beijing date. Raises BadInput outside 1900–2100."""
    return MappingProxyType({term: moment.date() for term, moment in solar_term_instants(year).items()})


def solar_term_on(on: date) -> str | None:
    """Name the solar term that falls on the day in Beijing, or None."""
    return next((term for term, day in solar_terms(on.year).items() if day == on), None)


def lunar_birthday_on(year: int, month: int, day: int, leap: bool = False) -> date:
    """Return the date on which somebody born on that lunar month and day has the birthday of lunar year `year`.

    The lunar year begins at 正月初一, so a birthday in 冬月 or 腊月 may fall in January or February of the next calendar year. Who
    was born in a leap month celebrates in it when the year has it, else in the ordinary month of the same number. A 三十 birthday
    falls on 廿九 in a month of 29 days. Raises BadInput for a month or day that no lunar year has, and outside 1900–2100.
    """
    _check_year(year)
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise BadInput(f"lunar {month}-{day} does not exist; months are 1 to 12, days 1 to 30")
    from lunar_python import Lunar, LunarMonth  # lazy, as above

    kept = LunarMonth.fromYm(year, -month if leap else month) or LunarMonth.fromYm(year, month)
    return _moment(Lunar.fromYmd(year, kept.getMonth(), min(day, kept.getDayCount())).getSolar()).date()


def statutory_holiday_on(on: date) -> str | None:
    """Name the public holiday that the law itself gives on the day, or None.

    《全国年节及纪念日放假办法》（国务院令第795号, from 2025): 元旦 1, 春节 4 from 除夕, 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3 days.
    """
    return _statutory_holidays(on.year).get(on)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDay:
    """Whether a day is worked. `known` is False while the year's notice is not out: then it is law and weekday only, say so."""

    on: date
    working: bool
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days as the bank lives them. `overrides` are days the bank entered itself; they win over the package's tables."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()  # years whose notice is entered in full by the bank itself

    def solar_term_on(self, on: date) -> str | None:
        """Name the solar term of the day, or None."""
        return solar_term_on(on)

    def work_day(self, on: date) -> WorkDay:
        """Judge a day: the bank's own entry, else the official tables, else the law and the weekday with `known=False`."""
        if on in self.overrides:
            return WorkDay(on=on, working=self.overrides[on], known=True)
        official = None if on.year in self.announced else _official(on)
        if official is not None:
            return WorkDay(on=on, working=official, known=True)
        ordinary = on.weekday() < 5 and statutory_holiday_on(on) is None
        return WorkDay(on=on, working=ordinary, known=on.year in self.announced)

    def next_working_day(self, on: date) -> WorkDay:
        """Find the first working day after the day."""
        days = (self.work_day(on + timedelta(days=ahead)) for ahead in range(1, 31))
        return next(day for day in days if day.working)


def _official(on: date) -> bool | None:
    """The State Council's notices as the package carries them, or None for a year it does not know."""
    from chinese_calendar import is_workday  # lazy: its tables are only needed when days are counted

    try:
        return bool(is_workday(on))
    except NotImplementedError:  # the package's way of saying that the notice of that year is not in it
        return None


@lru_cache(maxsize=64)
def _statutory_holidays(year: int) -> Mapping[date, str]:
    new_year = lunar_birthday_on(year, 1, 1)
    spring = {new_year + timedelta(days=ahead): "春节" for ahead in range(-1, 3)}
    lunar = {lunar_birthday_on(year, 5, 5): "端午节", lunar_birthday_on(year, 8, 15): "中秋节"}
    national = {date(year, 10, day): "国庆节" for day in (1, 2, 3)}
    labour = {date(year, 5, day): "劳动节" for day in (1, 2)}
    return {date(year, 1, 1): "元旦", solar_terms(year)["清明"]: "清明节", **spring, **labour, **lunar, **national}


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(f"the lunar calendar is known for {FIRST_YEAR} to {LAST_YEAR}, not for {year}")


def _moment(solar: "Solar") -> datetime:
    day = (solar.getYear(), solar.getMonth(), solar.getDay())
    return datetime(*day, solar.getHour(), solar.getMinute(), solar.getSecond(), tzinfo=BEIJING)
