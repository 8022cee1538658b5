"""What a matched date means: for each way of naming a day or period, the function from its words to the period.

They may raise ValueError or OverflowError for days that do not exist; `dates` takes that for "not a date".
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from language import date_words as words
from language.date_context import Context, group, numeral, whole
from language.datespan import Precision
from language.festivals import festival, lunar_day, lunar_month
from language.months import DAY, WEEK, Period, leaning, months, one_day, one_week


def _digits(text: str) -> int:
    return int("".join(str("零一二三四五六七八九".find(char.replace("〇", "零"))) for char in text))


def _year(match: re.Match[str], context: Context) -> int | None:
    if word := group(match, "yearword"):
        return context.today.year + words.YEAR_WORDS[word]
    if digits := group(match, "year4"):
        return int(digits)
    if said := group(match, "yearsaid"):
        return whole(said) if "千" in said else _digits(said)
    if short := group(match, "year2"):
        two = int(short) if short.isascii() else _digits(short)
        return two + (1900 if two >= 50 else 2000)
    return None


def _in_year(match: re.Match[str], context: Context, period_of: Callable[[int], Period]) -> Period:
    year = _year(match, context)
    if year is not None:
        return period_of(year)
    return leaning(period_of, around=context.anchor.year, today=context.anchor, lean=context.lean)


def month_or_day(match: re.Match[str], context: Context) -> Period | None:
    """Read 九月, 九月底, 9月15号, 三四月, 后年九月."""
    month, last = _months_said(match)
    if month is None or last is None or not 1 <= month <= last <= 12:
        return None
    if month < last:
        return _in_year(match, context, lambda year: months(year, month, count=last - month + 1, precision=Precision.PERIOD))
    if part := match["mpart"]:
        return _in_year(match, context, lambda year: _part_of_month(months(year, month), part))
    if said := match["day"] or match["dayalone"]:
        return _in_year(match, context, lambda year: _days_of_month(match, months(year, month), said))
    return _in_year(match, context, lambda year: months(year, month))


def _months_said(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Read 九月, 三到五月 and 三四月 as the first and the last month."""
    if match["month"] == "元":
        return 1, 1
    said = numeral(match["month"])
    if said is None or (said.vague and match["mfrom"]):
        return None, None
    return whole(match["mfrom"]) if match["mfrom"] else int(said.low), int(said.high)


def _days_of_month(match: re.Match[str], month: Period, said: str) -> Period:
    """Read 15号 and 15到18号. Raises ValueError for a day that the month does not have."""
    last = whole(said) or 0
    first = (whole(match["dfrom"]) or 0) if match["dfrom"] else last
    if first == last:
        return one_day(month.start.replace(day=last))
    if first > last:
        raise ValueError("no such days")
    return Period(start=month.start.replace(day=first), until=month.start.replace(day=last) + DAY)


def _part_of_month(month: Period, part: str) -> Period:
    first, until = words.MONTH_PARTS[part]
    start = month.start + (first - 1) * DAY
    return Period(start=start, until=month.start + (until - 1) * DAY if until else month.until)


def whole_year(match: re.Match[str], context: Context) -> Period | None:
    """Read 明年, 2028年; 28年 only where something shows it to be a year and not a length."""
    year = _year(match, context)
    if year is None or (match["year4"] and not match.group().endswith("年")):
        return None
    born = year < 2000 and _BORN.match(match.string, match.end())
    if match["year2"] and not match["from"] and not born:
        return None
    return months(year, 1, count=12, precision=Precision.YEAR)


_BORN = re.compile(r"出?生|的人?|结婚|毕业|参军|下岗|退休")


def edge_of_year(match: re.Match[str], context: Context) -> Period:
    """Read 年底, 明年初."""
    first, count = words.YEAR_EDGES[match["yedge"]]
    return _in_year(match, context, lambda year: months(year, first, count=count, precision=Precision.PERIOD))


def season(match: re.Match[str], context: Context) -> Period:
    """Read 秋天, 后年秋季, 暑假."""
    names = (group(match, name) for name in ("season", "season_in", "season_on", "break", "short"))
    name = next(filter(None, names))
    first, count = words.SEASONS[name]
    precision = Precision.PERIOD if name in words.BREAKS else Precision.SEASON
    return _in_year(match, context, lambda year: months(year, first, count=count, precision=precision))


def half_year(match: re.Match[str], context: Context) -> Period:
    """Read 上半年, 明年下半年."""
    first = 1 if match["half"] in "上前" else 7
    return _in_year(match, context, lambda year: months(year, first, count=6, precision=Precision.HALF))


def quarter(match: re.Match[str], context: Context) -> Period | None:
    """Read 一季度, 明年第二季度, q3."""
    number = whole(match["quarter"] or match["q"])
    if number is None:
        return None
    first = number * 3 - 2
    return _in_year(match, context, lambda year: months(year, first, count=3, precision=Precision.PERIOD))


def near_quarter(match: re.Match[str], context: Context) -> Period:
    """Read 本季度, 下季度."""
    first = (context.today.month - 1) // 3 * 3 + 1 + 3 * _shift(match["qshift"])
    return months(context.today.year, first, count=3, precision=Precision.PERIOD)


def _shift(word: str) -> int:
    return {"上": -1, "下": 1}.get(word[0], 0) * len(word)


def named_festival(match: re.Match[str], context: Context) -> Period | None:
    """Read 国庆, 明年春节, 中秋当天; 十一 and 五一 only in a holiday's company."""
    name = match["festival"]
    if name in words.NUMBER_FESTIVALS and not _is_holiday(match):
        return None
    found = _in_year(match, context, festival(name))
    if match["holiday"] in ("当天", "那天"):
        return one_day(found.start)
    return found


def _is_holiday(match: re.Match[str]) -> bool:
    if _has_year(match) or match["holiday"]:
        return True
    if words.BEFORE_NUMBER_FESTIVAL.search(match.string, 0, match.start("festival")):
        return False
    company = words.HOLIDAY_COMPANY.match(match.string, match.end("festival"))
    return bool(company and (company.group() or match.start("festival") > 0 or match["festival"] != "十一"))


def _has_year(match: re.Match[str]) -> bool:
    return any(group(match, name) for name in ("yearword", "year4", "yearsaid", "year2"))


def lunar(match: re.Match[str], context: Context) -> Period | None:
    """Read 农历八月十五, 腊月二十三, 大年初三; other months are lunar only when they say so."""
    name = "正" if match["newyear"] else match["lmonth"]
    month = words.LUNAR_MONTHS.get(name) or whole(name)
    known = match["lunar"] or match["first"] or name in words.LUNAR_MONTHS
    mid_autumn = month == 8 and match["lday"] == "十五" and not match.group().endswith(("日", "号"))
    if month is None or not 1 <= month <= 12 or not (known or mid_autumn):
        return None
    month = -month if match["leap"] else month
    said = match["lfirst"] or match["lday"]
    if said is None:
        return _in_year(match, context, lambda year: lunar_month(year, month))
    day = whole(said)
    if day is None:
        return None
    return _in_year(match, context, lambda year: one_day(_lunar_or_last(year, month, day)))


def _lunar_or_last(year: int, month: int, day: int) -> date:
    # 腊月三十 is said for the last day also in years when that month has 29 days.
    return lunar_day(year, month, day) if day != 30 else lunar_day(year, month, 0)


def day_word(match: re.Match[str], context: Context) -> Period:
    """Read 明天, 大后天."""
    return one_day(context.today + timedelta(days=words.DAY_WORDS[match["dayword"]]))


def near_days(match: re.Match[str], context: Context) -> Period:
    """Read 今明两天, 明后天."""
    first, count = words.NEAR_DAYS[match["neardays"]]
    return Period(start=context.today + first * DAY, until=context.today + (first + count) * DAY)


def near_month(match: re.Match[str], context: Context) -> Period | None:
    """Read 下个月, 本月15号, 这个月底."""
    month = months(context.today.year, context.today.month + _shift(match["mshift"]))
    if match["mpart"]:
        return _part_of_month(month, match["mpart"])
    if match["day"] or match["dayalone"]:
        return _days_of_month(match, month, match["day"] or match["dayalone"])
    return month


def bare_part_of_month(match: re.Match[str], context: Context) -> Period:
    """Read 月底."""
    return _by_month(context, lambda month: _part_of_month(month, match["mpart"]))


def bare_day(match: re.Match[str], context: Context) -> Period | None:
    """Read 15号, 15到18号."""
    if not match["day"]:
        return None
    return _by_month(context, lambda month: _days_of_month(match, month, match["day"]))


def _by_month(context: Context, period_in: Callable[[Period], Period]) -> Period:
    month = months(context.anchor.year, context.anchor.month)
    return leaning(
        lambda step: period_in(months(month.start.year, month.start.month + step)),
        around=0,
        today=context.anchor,
        lean=context.lean,
    )


def weekday(match: re.Match[str], context: Context) -> Period:
    """Read 周四, 下周三, 周末."""
    named = group(match, "wshift")
    period_of = _weekend if match["weekday"] == "末" else _weekday_of(words.WEEKDAYS[match["weekday"]])
    if named:
        return period_of(one_week(context.today).start + _shift(named) * WEEK)
    monday = one_week(context.anchor).start
    return leaning(lambda week: period_of(monday + week * WEEK), around=0, today=context.anchor, lean=context.lean)


def _weekday_of(index: int) -> Callable[[date], Period]:
    return lambda monday: one_day(monday + index * DAY)


def _weekend(monday: date) -> Period:
    return Period(start=monday + 5 * DAY, until=monday + WEEK)


def near_week(match: re.Match[str], context: Context) -> Period:
    """Read 下周."""
    return one_week(context.today + _shift(match["wshift"]) * WEEK)


def numeric(match: re.Match[str], _: Context) -> Period | None:
    """Read 2028-09-01, 2028/9, 20280901."""
    year, month, day = int(match["y"]), int(match["m"]), match["d"]
    if not 1900 <= year < 2200 or (match["d"] is None and match["sep"] == "." and len(match["m"]) == 1):
        return None  # 2028.9 is a number as well
    return one_day(date(year, month, int(day))) if day else months(date(year, month, 1).year, month)


def slashed(match: re.Match[str], context: Context) -> Period | None:
    """Read 9/1."""
    month, day = int(match["m"]), int(match["d"])
    return leaning(
        lambda year: one_day(date(year, month, day)),
        around=context.anchor.year,
        today=context.anchor,
        lean=context.lean,
    )
