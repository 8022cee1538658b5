"""One rule for each way of naming a day or period. A rule is a pattern and the function from its match to a period.

Rules may raise ValueError or OverflowError for days that do not exist; `dates` takes that for "not a date".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from language import date_words as words
from language.datespan import Lean, Precision
from language.festivals import festival, lunar_day, lunar_month
from language.months import DAY, WEEK, Period, leaning, months, one_day, one_week, shift
from language.numerals import Numeral, parse_numeral


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a relative date is relative to.

    Words such as 明年 count from `today`; a date that names no year is looked for from `anchor` on, which is today too,
    except for the second end of a range.
    """

    today: date
    anchor: date
    lean: Lean


Build = Callable[[re.Match[str], Context], Period | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pattern and what it means; `sided` allows 前 and 后 behind it, which distances already contain."""

    pattern: re.Pattern[str]
    build: Build
    sided: bool = True


def _int(text: str | None) -> int | None:
    worth = _numeral(text)
    return int(worth.low) if worth and not worth.vague else None


def _numeral(text: str | None) -> Numeral | None:
    return parse_numeral({"俩": "两", "仨": "三"}.get(text, text)) if text else None


def _digits(text: str) -> int:
    return int("".join(str("零一二三四五六七八九".find(char.replace("〇", "零"))) for char in text))


def _year(match: re.Match[str], context: Context) -> int | None:
    if word := match["yearword"]:
        return context.today.year + words.YEAR_WORDS[word]
    if match["year4"]:
        return int(match["year4"])
    if said := match["yearsaid"]:
        return _int(said) if "千" in said else _digits(said)
    if short := match["year2"]:
        two = int(short) if short.isascii() else _digits(short)
        return two + (1900 if two >= 50 else 2000)
    return None


def _in_year(match: re.Match[str], context: Context, period_of: Callable[[int], Period]) -> Period:
    year = _year(match, context)
    if year is not None:
        return period_of(year)
    return leaning(period_of, around=context.anchor.year, today=context.anchor, lean=context.lean)


def _month_or_day(match: re.Match[str], context: Context) -> Period | None:
    month, last = _months_said(match)
    if month is None or last is None or not 1 <= month <= last <= 12:
        return None
    if month < last:
        return _in_year(
            match, context, lambda year: months(year, month, count=last - month + 1, precision=Precision.PERIOD)
        )
    if part := match["mpart"]:
        return _in_year(match, context, lambda year: _part_of_month(months(year, month), part))
    if said := match["day"] or match["dayalone"]:
        return _in_year(match, context, lambda year: _days_of_month(match, months(year, month), said))
    return _in_year(match, context, lambda year: months(year, month))


def _months_said(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Read 九月, 三到五月 and 三四月 as the first and the last month."""
    if match["month"] == "元":
        return 1, 1
    said = _numeral(match["month"])
    if said is None or (said.vague and match["mfrom"]):
        return None, None
    return _int(match["mfrom"]) if match["mfrom"] else int(said.low), int(said.high)


def _days_of_month(match: re.Match[str], month: Period, said: str) -> Period:
    """Read 15号 and 15到18号. Raises ValueError for a day that the month does not have."""
    last = _int(said) or 0
    first = (_int(match["dfrom"]) or 0) if match["dfrom"] else last
    if first == last:
        return one_day(month.start.replace(day=last))
    if first > last:
        raise ValueError("no such days")
    return Period(start=month.start.replace(day=first), until=month.start.replace(day=last) + DAY)


def _part_of_month(month: Period, part: str) -> Period:
    first, until = words.MONTH_PARTS[part]
    start = month.start + (first - 1) * DAY
    return Period(start=start, until=month.start + (until - 1) * DAY if until else month.until)


def _whole_year(match: re.Match[str], context: Context) -> Period | None:
    year = _year(match, context)
    if year is None or (match["year2"] and not (match["from"] or (year < 2000 and _BORN.match(match.string, match.end())))) or (match["year4"] and not match.group().endswith("年")):
        return None
    return months(year, 1, count=12, precision=Precision.YEAR)


_BORN = re.compile(r"出?生|的人?|结婚|毕业|参军|下岗|退休")


def _edge_of_year(match: re.Match[str], context: Context) -> Period:
    first, count = words.YEAR_EDGES[match["yedge"]]
    return _in_year(match, context, lambda year: months(year, first, count=count, precision=Precision.PERIOD))


def _season(match: re.Match[str], context: Context) -> Period:
    name = match["season"] or match["season_in"] or match["season_on"] or match["break"] or match["short"]
    first, count = words.SEASONS[name]
    precision = Precision.PERIOD if match["break"] else Precision.SEASON
    return _in_year(match, context, lambda year: months(year, first, count=count, precision=precision))


def _half_year(match: re.Match[str], context: Context) -> Period:
    first = 1 if match["half"] in "上前" else 7
    return _in_year(match, context, lambda year: months(year, first, count=6, precision=Precision.HALF))


def _quarter(match: re.Match[str], context: Context) -> Period | None:
    number = _int(match["quarter"] or match["q"])
    if number is None:
        return None
    first = number * 3 - 2
    return _in_year(match, context, lambda year: months(year, first, count=3, precision=Precision.PERIOD))


def _near_quarter(match: re.Match[str], context: Context) -> Period:
    first = (context.today.month - 1) // 3 * 3 + 1 + 3 * _shift(match["qshift"])
    return months(context.today.year, first, count=3, precision=Precision.PERIOD)


def _shift(word: str) -> int:
    return {"上": -1, "下": 1}.get(word[0], 0) * len(word)


def _festival(match: re.Match[str], context: Context) -> Period | None:
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
    return any(match[name] for name in ("yearword", "year4", "yearsaid", "year2"))


def _lunar(match: re.Match[str], context: Context) -> Period | None:
    name = "正" if match["newyear"] else match["lmonth"]
    month = words.LUNAR_MONTHS.get(name) or _int(name)
    known = match["lunar"] or match["first"] or name in words.LUNAR_MONTHS
    mid_autumn = month == 8 and match["lday"] == "十五" and not match.group().endswith(("日", "号"))
    if month is None or not 1 <= month <= 12 or not (known or mid_autumn):
        return None
    month = -month if match["leap"] else month
    said = match["lfirst"] or match["lday"]
    if said is None:
        return _in_year(match, context, lambda year: lunar_month(year, month))
    day = _int(said)
    return day and _in_year(match, context, lambda year: one_day(_lunar_or_last(year, month, day)))


def _lunar_or_last(year: int, month: int, day: int) -> date:
    # 腊月三十 is said for the last day also in years when that month has 29 days.
    return lunar_day(year, month, day) if day != 30 else lunar_day(year, month, 0)


def _day_word(match: re.Match[str], context: Context) -> Period:
    return one_day(context.today + timedelta(days=words.DAY_WORDS[match["dayword"]]))


def _near_days(match: re.Match[str], context: Context) -> Period:
    first, count = words.NEAR_DAYS[match["neardays"]]
    return Period(start=context.today + first * DAY, until=context.today + (first + count) * DAY)


def _near_month(match: re.Match[str], context: Context) -> Period | None:
    month = months(context.today.year, context.today.month + _shift(match["mshift"]))
    if match["mpart"]:
        return _part_of_month(month, match["mpart"])
    if match["day"] or match["dayalone"]:
        return _days_of_month(match, month, match["day"] or match["dayalone"])
    return month


def _bare_part_of_month(match: re.Match[str], context: Context) -> Period:
    return _by_month(context, lambda month: _part_of_month(month, match["mpart"]))


def _bare_day(match: re.Match[str], context: Context) -> Period | None:
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


def _weekday(match: re.Match[str], context: Context) -> Period:
    named = match["wshift"]
    period_of = _weekend if match["weekday"] == "末" else _weekday_of(words.WEEKDAYS[match["weekday"]])
    if named:
        return period_of(one_week(context.today).start + _shift(named) * WEEK)
    monday = one_week(context.anchor).start
    return leaning(lambda week: period_of(monday + week * WEEK), around=0, today=context.anchor, lean=context.lean)


def _weekday_of(index: int) -> Callable[[date], Period]:
    return lambda monday: one_day(monday + index * DAY)


def _weekend(monday: date) -> Period:
    return Period(start=monday + 5 * DAY, until=monday + WEEK)


def _near_week(match: re.Match[str], context: Context) -> Period:
    return one_week(context.today + _shift(match["wshift"]) * WEEK)


def _distance(match: re.Match[str], context: Context) -> Period | None:
    """Read 三个月后, 两年内, 近半年, 过两天: a length counted from today."""
    low, high = _length(match, high=False), _length(match, high=True)
    if low is None or high is None:
        return None
    today = context.today
    if match["within"] or match["coming"]:
        return Period(start=today, until=_move(today, high) + DAY)
    if match["recent"]:
        return Period(start=_move(today, high, back=True), until=today + DAY)
    back = bool(match["earlier"])
    first, last = sorted((_move(today, low, back=back), _move(today, high, back=back)))
    precision, width = _width(match)
    return Period(start=first, until=_move(last, width), precision=precision if first == last else Precision.PERIOD)


def _length(match: re.Match[str], *, high: bool) -> tuple[int, int] | None:
    """Give months and days of the length; a 几 counts from two to nine."""
    said = match["count"]
    if said in ("半", "几"):
        count, half = (0, True) if said == "半" else (9 if high else 2, False)
    else:
        worth = _numeral(said)
        if worth is None or worth.low != worth.low.to_integral_value():
            return None
        count, half = int(worth.high if high else worth.low), bool(match["andhalf"] or match["ahalf"])
    if match["year"]:
        extra = _int(match["extra"]) or 0
        return count * 12 + 6 * half + extra, 0
    if match["quarters"]:
        return count * 3, 0
    if match["monthunit"] or match["bothmonths"]:
        return count, 15 * half
    if half:
        return None
    return 0, count * (7 if match["week"] else 1)


def _move(day: date, length: tuple[int, int], *, back: bool = False) -> date:
    sign = -1 if back else 1
    return shift(day, months=sign * length[0]) + timedelta(days=sign * length[1])


def _width(match: re.Match[str]) -> tuple[Precision, tuple[int, int]]:
    if match["year"] and match["count"] != "半" and not match["andhalf"]:
        return Precision.YEAR, (12, 0)
    if match["week"]:
        return Precision.WEEK, (0, 7)
    if match["dayunit"] or match["ahalf"] or (match["monthunit"] and match["count"] == "半"):
        return Precision.DAY, (0, 1)
    return Precision.MONTH, (1, 0)


def _numeric(match: re.Match[str], context: Context) -> Period | None:
    year, month, day = int(match["y"]), int(match["m"]), match["d"]
    if not 1900 <= year < 2200 or (match["d"] is None and match["sep"] == "." and len(match["m"]) == 1):
        return None  # 2028.9 is a number as well
    return one_day(date(year, month, int(day))) if day else months(date(year, month, 1).year, month)


def _slashed(match: re.Match[str], context: Context) -> Period | None:
    month, day = int(match["m"]), int(match["d"])
    return leaning(
        lambda year: one_day(date(year, month, day)), around=context.anchor.year, today=context.anchor, lean=context.lean
    )


def _rule(pattern: str, build: Build, *, sided: bool = True) -> Rule:
    return Rule(pattern=re.compile(pattern, re.VERBOSE), build=build, sided=sided)


_Y = rf"(?:{words.YEAR}(?:的|,)?)"
_N = words.NUMBER
_NOT_COUNTED = r"(?<![\d零〇一二两三四五六七八九十百千万几第每.])"

FESTIVAL_RULE = _rule(rf"{_Y}?{words.FESTIVAL}", _festival)

RULES: tuple[Rule, ...] = (  # of equally long readings the first wins
    _rule(rf"{_Y}?(?<!\d){words.LUNAR}", _lunar),
    _rule(rf"{_Y}?{words.MONTH}(?:的?{words.MONTH_PART}|的?{words.DAY})?", _month_or_day),
    _rule(rf"(?P<from>[到于在从自等至是])?{words.YEAR}(?!级|代|龄|薪|终奖|化|报|会|费|期)", _whole_year),
    _rule(rf"{_Y}年?{words.YEAR_EDGE}", _edge_of_year),
    _rule(
        rf"(?P<yearword>x^)?(?P<year4>x^)?(?P<yearsaid>x^)?(?P<year2>x^)?(?<![每一\d大])年{words.YEAR_EDGE}"
    , _edge_of_year),
    _rule(rf"{_Y}?{words.SEASON}(?P<short>x^)?", _season),
    _rule(rf"{_Y}(?P<short>[春夏秋冬])(?P<season>x^)?(?P<season_in>x^)?(?P<season_on>x^)?(?P<break>x^)?", _season),
    _rule(rf"{_Y}?{words.HALF}", _half_year),
    _rule(rf"{_Y}?{words.QUARTER}", _quarter),
    _rule(r"(?P<qshift>上|下|本|这)一?个?季度", _near_quarter),
    FESTIVAL_RULE,
    _rule(words.DAY_WORD, _day_word),
    _rule(words.NEAR_DAY, _near_days),
    _rule(rf"{words.MONTH_SHIFT}(?:的?{words.MONTH_PART}|的?{words.DAY})?", _near_month),
    _rule(rf"(?<![个\d一二三四五六七八九十本这上下每当元正腊冬])(?=月){words.MONTH_PART}", _bare_part_of_month),
    _rule(rf"(?<![\d零〇一二两三四五六七八九十百千万第月/.\-a-z]){words.DAY}(?!内|均)", _bare_day),
    _rule(
        rf"(?:(?<![一二两三四五六七八九十\d几每整多半])|"
        rf"(?<=每)x^){words.WEEK_SHIFT}(?:{words.WEEK}的?(?={words.WEEK}))?{words.WEEK}{words.WEEKDAY}",
        _weekday,
    ),
    _rule(
        rf"(?P<wshift>x^)?(?:(?<![一二两三四五六七八九十\d几每整多半个上下本这])|"
        rf"(?<=[周期拜][一二三四五六])){words.WEEK}{words.WEEKDAY}",
        _weekday,
    ),
    _rule(rf"{words.WEEK_SHIFT}{words.WEEK}(?![转边年围全到])", _near_week),
    _rule(
        rf"""(?:{words.RECENT}|{words.COMING}|{words.ELAPSING}|{_NOT_COUNTED})
        (?P<count>{_N}|半|几){words.UNIT}{words.AND_HALF}(?:零?(?P<extra>{_N})个月)?
        (?:的时间)?(?:{words.AFTERWARDS}|{words.BEFORE}|{words.WITHIN})?""",
        lambda match, context: _distance(match, context) if _has_direction(match) else None,
        sided=False,
    ),
    _rule(
        r"(?<![\d./-])(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2}))?(?![\d/%]|[.\-]\d|"
        r"[万千亿元块])"
    , _numeric),
    _rule(r"(?<![\d./\-a-z])(?P<y>(?:19|20)\d\d)(?P<sep>)(?P<m>\d\d)(?P<d>\d\d)(?![\d./%万千亿元块a-z]|-\d)", _numeric),
    _rule(r"(?<![\d./\-a-z])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/%]|\.\d)", _slashed),
)  # fmt: skip


def _has_direction(match: re.Match[str]) -> bool:
    directions = ("later", "earlier", "within", "recent", "coming", "elapsing")
    return any(match[name] for name in directions)
