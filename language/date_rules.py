"""One rule for each way of naming a day or period: a pattern and the function that says what it means."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from language import date_distances as distances
from language import date_meanings as meanings
from language import date_words as words
from language.date_context import Context
from language.months import Period

Build = Callable[[re.Match[str], Context], Period | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pattern and what it means; `sided` allows 前 and 后 behind it, which distances already contain."""

    pattern: re.Pattern[str]
    build: Build
    sided: bool = True


def _rule(pattern: str, build: Build, *, sided: bool = True) -> Rule:
    return Rule(pattern=re.compile(pattern, re.VERBOSE), build=build, sided=sided)


_Y = rf"(?:{words.YEAR}(?:的|,)?)"
_N = words.NUMBER
_NOT_COUNTED = r"(?<![\d零〇一二两三四五六七八九十百千万几第每.])"

FESTIVAL_RULE = _rule(rf"{_Y}?{words.FESTIVAL}", meanings.named_festival)

RULES: tuple[Rule, ...] = (  # of equally long readings the first wins
    _rule(rf"{_Y}?(?<!\d){words.LUNAR}", meanings.lunar),
    _rule(rf"{_Y}?{words.MONTH}(?:的?{words.MONTH_PART}|的?{words.DAY})?", meanings.month_or_day),
    _rule(rf"(?P<from>[到于在从自等至是])?{words.YEAR}(?!级|代|龄|薪|终奖|化|报|会|费|期)", meanings.whole_year),
    _rule(rf"{_Y}年?{words.YEAR_EDGE}", meanings.edge_of_year),
    _rule(rf"(?<![每一\d大])年{words.YEAR_EDGE}", meanings.edge_of_year),
    _rule(rf"{_Y}?{words.SEASON}", meanings.season),
    _rule(rf"{_Y}(?P<short>[春夏秋冬])", meanings.season),
    _rule(rf"{_Y}?{words.HALF}", meanings.half_year),
    _rule(rf"{_Y}?{words.QUARTER}", meanings.quarter),
    _rule(r"(?P<qshift>上|下|本|这)一?个?季度", meanings.near_quarter),
    FESTIVAL_RULE,
    _rule(words.DAY_WORD, meanings.day_word),
    _rule(words.NEAR_DAY, meanings.near_days),
    _rule(rf"{words.MONTH_SHIFT}(?:的?{words.MONTH_PART}|的?{words.DAY})?", meanings.near_month),
    _rule(rf"(?<![个\d一二三四五六七八九十本这上下每当元正腊冬])(?=月){words.MONTH_PART}", meanings.bare_part_of_month),
    _rule(rf"(?<![\d零〇一二两三四五六七八九十百千万第月/.\-a-z]){words.DAY}(?!内|均)", meanings.bare_day),
    _rule(
        rf"(?<![一二两三四五六七八九十\d几每整多半]){words.WEEK_SHIFT}(?:{words.WEEK}的?(?={words.WEEK}))?"
        rf"{words.WEEK}{words.WEEKDAY}",
        meanings.weekday,
    ),
    _rule(
        rf"(?:(?<![一二两三四五六七八九十\d几每整多半个上下本这])|"
        rf"(?<=[周期拜][一二三四五六])){words.WEEK}{words.WEEKDAY}",
        meanings.weekday,
    ),
    _rule(rf"{words.WEEK_SHIFT}{words.WEEK}(?![转边年围全到])", meanings.near_week),
    _rule(
        rf"""(?:{words.RECENT}|{words.COMING}|{words.ELAPSING}|{_NOT_COUNTED})
        (?P<count>{_N}|半|几){words.UNIT}{words.AND_HALF}(?:零?(?P<extra>{_N})个月)?
        (?:的时间)?(?:{words.AFTERWARDS}|{words.BEFORE}|{words.WITHIN})?""",
        distances.distance,
        sided=False,
    ),
    _rule(
        r"(?<![\d./-])(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2}))?(?![\d/%]|[.\-]\d|[万千亿元块])",
        meanings.numeric,
    ),
    _rule(
        r"(?<![\d./\-a-z])(?P<y>(?:19|20)\d\d)(?P<sep>)(?P<m>\d\d)(?P<d>\d\d)(?![\d./%万千亿元块a-z]|-\d)",
        meanings.numeric,
    ),
    _rule(r"(?<![\d./\-a-z])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/%]|\.\d)", meanings.slashed),
)
