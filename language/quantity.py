"""Finds quantities in folded text: a numeral with what the spoken language hangs on it.

三万五, 1.2万, 三点五万, 一百来万, 五十多万, 上百万, 半个亿, 两个亿, 2个w, 50w, 3k, 千把, 数十万, 好几万; and two
of them as a range that may share its unit (30-50万, 三到五千). What is being counted is for `numbers` and `money` to
judge.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from language.numerals import ARABIC, CHINESE, UNITS, informal, parse_numeral

SCALES = {"w": Decimal(10**4), "k": Decimal(1000), "kw": Decimal(10**7)}
_D = "零〇一二三四五六七八九"
_RUN = rf"(?:{ARABIC}|[{CHINESE}]+)(?:[十百千万亿]+(?:\d+(?![\d.,]\d|[万亿])|[{CHINESE}]+)?)*"

_QUANTITY = re.compile(
    rf"""
    (?:
      (?P<point>[{_D}两十百]+点[{_D}]+(?!十))(?P<point_unit>[百千万亿]*)   # 三点五万; not 三点五十, a time
    | (?P<half>半)(?=个(?:[亿万]|kw|w))                                    # 半个亿
    | (?P<some>[百千万])把                                                 # 千把块
    | 个把(?P<single>[百千万亿]+)                                          # 个把亿
    | (?P<run>{_RUN})
    )
    (?P<more>(?:个)?(?:来(?=[万亿千百个块元岁天])|多|余(?=[万亿千百个块元人]))(?P<more_unit>[百千万亿]*))?
    (?P<latin>(?:个)?(?:kw|w|k)(?![a-z0-9]))?                              # 50w, 2个w
    (?P<and_half>个半(?P<half_unit>[万亿]))?                               # 一个半亿
    (?P<counted>个(?P<counted_unit>[百千]?[万亿]+)(?!一))?                 # 两个亿, 三个千万
    """,
    re.VERBOSE,
)
_PART_MAY_END_IN = frozenset("0123456789百千万亿")
_SURE = re.compile(r"\d|.[十百千万亿]|十.")
_SEVERAL = re.compile(r"(?<![人次笔指户总基小分岁天年期系参函])数(?=[十百千万亿])")
#: A bare 百万 or 千万 is a number only beside one of these; otherwise it may be a word (千万别).
_BEFORE_BARE_UNIT = re.compile(r"(?:上|近|过|超|约|成|破|逾|大几|小)$")
_AFTER_BARE_UNIT = re.compile(r"元|块|美|欧|港|英镑|日元|人民币|级|左右|以上|以下|资产|存款|大奖")
_BARE_UNITS = frozenset("百千万亿")
_NAMED_MILLIONS = re.compile(r"[百千][万亿]")
#: In 五十万三年 and 30万28年 the last digits belong to the time that follows.
_TIME_AFTER = re.compile(r"[年月天周期岁日号点%]|个(?:半?月|星期|礼拜|季|点|百分点)|分(?:之|钟)|星期|礼拜|小时")
_TIME_DIGITS = re.compile(r"(?<=[万亿])(?:[一二两三四五六七八九十几]+|\d+)$|(?<=[百千])(?:[一二两三四五六七八九]|\d+)$")
_RANGE_SIGN = re.compile(r"(到|至|-{1,2}|~|、)")
#: Words that begin like a numeral; behind them a number may still follow (千万存50万).
_ADVERBS = ("万一", "千万", "万万")
#: Set phrases whose numerals count nothing. They are blanked before anything is looked for.
_IDIOMS = re.compile(
    "|".join(
        (
            "十万火急|千千万万|万万不可|千万千万|百万富翁|亿万富翁|万元户|千家万户|千言万语|千方百计|三七二十一|一五一十",
            "三天两头|一天到晚|一年到头|一天天|一次性|一个劲|一家人|一家子|一分为二|三分钟热度|十天半月|一年一度|一年四季",
            "三三两两|七七八八|乱七八糟|七上八下|四面八方|五花八门|五湖四海|三心二意|三言两语|两面三刀|一刀两断|一刀切",
            "一块儿|一块(?=去|来|走|吃|玩|过|住|办|出|回)|十有八九|十之八九|八九不离十|百分百|长三角|珠三角|一个人(?=去|来|住)",
            "三番五次|三番两次|再三再四|一清二楚|一来二去|一举两得|一石二鸟|七手八脚|五颜六色|三头六臂|四平八稳|四通八达|八面玲珑|十全十美",
            "一模一样|一心一意|一点一滴|一时半会|一时三刻|一来一回|丢三落四|接二连三|说一不二|独一无二|数一数二|朝三暮四|颠三倒四",
            "九死一生|百发百中|百里挑一|百闻不如一见|千辛万苦|千变万化|万无一失|万事如意|万事俱备|五体投地|六神无主",
            "一口气|一口价|一口咬定|一辈子|一把手|一条龙|一千零一夜|一两句|两下子|三下五除二|九牛一毛|一毛不拔|十字路口",
        )
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A numeral found at `start`..`end` of the folded text; `scale` is the last unit it was said in."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool
    scale: Decimal
    lone: bool
    """Written as one spoken digit or unit, which inside a sentence is more often a word than a number."""

    def times(self, factor: Decimal) -> "Quantity":
        """Multiply by a unit said only once for both ends of a range."""
        return replace(self, low=self.low * factor, high=self.high * factor, scale=factor)


def prepare(text: str) -> str:
    """Write formal numerals and 数十 the ordinary way and blank set phrases; the length never changes."""
    text = _IDIOMS.sub(lambda match: "＃" * len(match.group()), informal(text))
    return _SEVERAL.sub("几", text) if "数" in text else text


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield the quantities of prepared text from left to right."""
    position = 0
    while match := _QUANTITY.search(text, position):
        found = _read(text, match)
        if found:
            yield found
        position = found.end if found else _past_failure(match)


def join_range(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Join 三万 and 五万 of 三万到五万 into one range; None when they are not the ends of one.

    The ends may have been widened to take in a currency (3万美元到5万美元).
    """
    sign = _RANGE_SIGN.fullmatch(text, first.end, second.start)
    if sign is None or first.vague or second.vague:
        return None
    if first.scale < second.scale and first.high < second.low / second.scale:
        first = first.times(second.scale)
    if not first.high < second.low or (sign[1] == "、" and not _neighbours(first, second)):
        return None
    return replace(second, start=first.start, low=first.low, lone=False)


def _neighbours(first: Quantity, second: Quantity) -> bool:
    step = (second.low - first.low) / second.scale
    return first.scale == second.scale and first.scale > 1 and step in (1, 2)


def _past_failure(match: re.Match[str]) -> int:
    """Go on behind a word that begins like a numeral, at Arabic digits inside the run, or behind the run."""
    run, start = match["run"] or match.group(), match.start()
    if run.startswith(_ADVERBS):
        return start + 2
    digits = re.search(r"(?<!\d)\d", run[1:])
    return start + 1 + digits.start() if digits else start + len(run)


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    if match["point"]:
        return _spoken_decimal(match)
    if match["half"]:
        return _finish(match, end=match.end("half"), low=Decimal("0.5"), high=Decimal("0.5"))
    if unit := match["some"] or match["single"]:
        one = _product(unit)
        return _finish(match, end=match.end(), low=one, high=one, vague=True)
    return _numeral(text, match)


def _spoken_decimal(match: re.Match[str]) -> Quantity | None:
    whole, digits = match["point"].split("点")
    worth = parse_numeral(whole)
    if worth is None:
        return None
    fraction = parse_numeral("零零零" + digits)  # the zeros make any count of digits a spoken string
    if fraction is None:
        return None
    value = worth.low + fraction.low.scaleb(-len(digits))
    return _finish(match, end=match.end("point_unit"), low=value, high=value, unit=match["point_unit"])


def _numeral(text: str, match: re.Match[str]) -> Quantity | None:
    run, start = match["run"], match.start("run")
    bare = run[0] in _BARE_UNITS and bool(
        _BEFORE_BARE_UNIT.search(text, max(0, start - 2), start)
        or match["more_unit"]
        or run == "百万"
        or (_NAMED_MILLIONS.match(run) and _AFTER_BARE_UNIT.match(text, match.end()))
    )
    for end in range(_without_time(text, start, run), 0, -1):
        if end < len(run) and run[end - 1] not in _PART_MAY_END_IN:
            continue
        worth = parse_numeral(run[:end], bare_unit=bare)
        if worth is None:
            continue
        unit = run[:end].lstrip("0123456789.,零〇一二两三四五六七八九几十") and run[end - 1]
        whole = end == len(run)
        return _finish(
            match,
            end=start + end,
            low=worth.low,
            high=worth.high,
            vague=worth.vague or bare,
            unit=unit if unit in UNITS else "",
            tail=whole,
            lone=end <= 2 and not _SURE.search(run[:end]),
        )
    return None


def _without_time(text: str, start: int, run: str) -> int:
    """Give the length of the run without the digits that count years, days or per cent behind it."""
    digits = _TIME_DIGITS.search(run)
    return digits.start() if digits and _TIME_AFTER.match(text, start + len(run)) else len(run)


def _finish(
    match: re.Match[str],
    *,
    end: int,
    low: Decimal,
    high: Decimal,
    vague: bool = False,
    unit: str = "",
    tail: bool = True,
    lone: bool = False,
) -> Quantity:
    """Multiply by the units that follow the numeral (来万, 个亿, w) and note which was the last."""
    scale = Decimal(UNITS.get(unit[-1:], 1))
    if tail and match["and_half"]:
        half = Decimal("0.5")
        unit, end, lone = match["half_unit"], match.end("and_half"), False
        low, high, scale = (low + half) * UNITS[unit], (high + half) * UNITS[unit], Decimal(UNITS[unit])
    elif tail:
        for group, unit_group in (("more", "more_unit"), ("latin", "latin"), ("counted", "counted_unit")):
            if match[group] is None:
                continue
            said = match[unit_group] or ""
            factor = SCALES.get(said.lstrip("个")) or _product(said)
            vague = vague or group == "more"
            low, high, end, lone = low * factor, high * factor, match.end(group), False
            scale = factor if factor > 1 else scale
    if unit and match["point"]:
        low, high = low * _product(unit), high * _product(unit)
        scale = _product(unit)
    return Quantity(start=match.start(), end=end, low=_tidy(low), high=_tidy(high), vague=vague, scale=scale, lone=lone)


def _tidy(number: Decimal) -> Decimal:
    """Write a whole number without decimals: 3.5万 is 35000, not 35000.0."""
    whole = number.to_integral_value()
    return whole if whole == number else number


def _product(units: str) -> Decimal:
    product = Decimal(1)
    for unit in units:
        product *= UNITS[unit]
    return product
