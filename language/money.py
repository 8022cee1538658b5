"""Finds amounts of money: 50万, 三块五, 12.5万美元, ￥3,000.50, 3万到5万, 大概五十来万, 2个w.

A bare number is money only when the question asked for money (`expect`). Counts (50万股), dates, phones, ages,
rates and instalments are not money.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from language.currencies import AFTER, BEFORE, COINS, SMALL_CHANGE
from language.measures import COUNTS_THINGS
from language.numbers import is_part_of_a_word, stands_alone
from language.numerals import parse_numeral
from language.quantity import Quantity, find_quantities, join_range, prepare
from language.reading import REACH, Reading, read
from language.spans import Span, keep_longest


class Bound(StrEnum):
    """Which side of the amount is meant."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount, or the range it lies in; `currency` is an ISO 4217 code."""

    span: Span
    text: str
    low: Decimal
    high: Decimal
    currency: str
    approx: bool
    """Said with 大概, 左右, 来, 多, or as a vague numeral (十几万)."""
    bound: Bound

    @property
    def amount(self) -> Decimal:
        """The amount, or the lower end of the range."""
        return self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One quantity with its currency, in positions of the folded text."""

    quantity: Quantity
    start: int
    end: int
    currency: str | None
    cents: Decimal
    money: bool


_APPROX_BEFORE = re.compile(
    r"(?:大概|大约|大致|约莫|差不多|将近|接近|估计|估摸着?|可能|貌似|好像)(?:[是有要在需得可能也就]|"
    r"个)*$|(?:[约近快小好]|大(?=几)|好几)$"
)
_APPROX_AFTER = re.compile(r"(?:钱|吧)?(?:左右|上下|出头|开外|附近|样子|的样子|差不多|多(?!少|久|大|长)|来块|之间)")
_AT_LEAST_BEFORE = re.compile(
    r"(?:至少|起码|最少|最低|不低于|不少于|(?<![不要能可会得])(?:超过|超)|大于|高于|多于|"
    r"[>≥]=?)[也都是有要得需存放拿准备的]*$"
)
_AT_LEAST_AFTER = re.compile(r"(?:及)?以上|起(?![来码])|往上|打底|朝上")
_AT_MOST_BEFORE = re.compile(
    r"(?:至多|最多|顶多|不[要能可会得]?超过?|不高于|不多于|不到|(?<!不)(?:小于|低于|少于)|不足|撑死|最高|"
    r"[<≤]=?)[也都是有要得存放拿到只能的]*$"
)
_AT_MOST_AFTER = re.compile(r"(?:及)?以下|以内|之内|封顶|不到")
_BIG_UNIT = re.compile(r"[万亿wk]")
_COUNT_AFTER_LATIN = re.compile(r"[粉步阅]")
#: Beside a bare number these mean a date, a time, a phone or a code.
_NOT_AN_ANSWER_BEFORE = re.compile(
    r"[\d.,:/\-#]$|\d[年月]$|(?:电话|手机|号码|尾号|卡号|编号|单号|工号|代码|邮编|验证码|密码)(?:是|为|"
    r":)?$"
)
_NOT_AN_ANSWER_AFTER = re.compile(r"[:/\-]\d|[年月日号点时岁期%‰℃]|个[月小点人]|[a-z]")
_TOO_MANY_DAYS = 10_000
_LONGEST_ANSWER = 9  # digits; a longer bare number is a phone, a card or an id


def find_money(text: str, *, expect: bool = False) -> tuple[Money, ...]:
    """Find the amounts of a text in order; `expect` takes a bare number for money too, in CNY."""
    reading = read(text)
    prepared = prepare(reading.text)
    items = [_item(reading, prepared, quantity, expect=expect) for quantity in find_quantities(prepared)]
    found = [_money(reading, prepared, item) for item in _joined(prepared, items) if item.money]
    return keep_longest(found)


def _joined(text: str, items: list[_Item]) -> Iterator[_Item]:
    """Merge the two ends of a range; the second end decides whether both are money."""
    waiting: _Item | None = None
    for item in items:
        merged = _merge(text, waiting, item) if waiting else None
        if waiting and merged is None:
            yield waiting
        waiting = merged or item
    if waiting:
        yield waiting


def _merge(text: str, first: _Item, second: _Item) -> _Item | None:
    if not second.money or first.cents or (first.currency and second.currency and first.currency != second.currency):
        return None
    ends = replace(first.quantity, end=first.end), replace(second.quantity, start=second.start)
    quantity = join_range(text, *ends)
    if quantity is None:
        return None
    return replace(second, quantity=quantity, start=first.start, end=second.end, currency=second.currency or first.currency)


def _item(reading: Reading, text: str, quantity: Quantity, *, expect: bool) -> _Item:
    plain = _Item(quantity=quantity, start=quantity.start, end=quantity.end, currency=None, cents=Decimal(0), money=False)
    if quantity.start and text[quantity.start - 1] in "第初":
        return plain
    return (
        _with_currency_behind(text, plain)
        or _coins(text, plain)
        or _with_currency_before(text, plain)
        or replace(plain, money=_bare(reading, text, quantity, expect=expect))
    )


def _with_currency_behind(text: str, item: _Item) -> _Item | None:
    unit = AFTER.match(text, item.quantity.end)
    if not unit or unit.lastgroup is None or (unit.lastgroup != "CNY" and _is_idle_word(text, item.quantity, unit)):
        return None
    if unit.group() == "块" and item.quantity.lone and text[item.quantity.start] == "一" and not _coin_talk(text, unit):
        return None  # 一块 is "together" more often than one yuan
    end, cents = unit.end(), Decimal(0)
    if unit.group().strip() in ("块", "元", "圆") and (change := SMALL_CHANGE.match(text, end)):
        end, cents = change.end(), _change(change)
    if more := re.compile(r"钱|人民币|(?<=块)美[金元]").match(text, end):
        end = more.end()
    currency = "USD" if more and "美" in more.group() else unit.lastgroup
    before = BEFORE.search(text, max(0, item.quantity.start - REACH), item.quantity.start)
    start = before.start() if before and before.lastgroup == currency else item.start
    return replace(item, start=start, end=end, currency=currency, cents=cents, money=True)


def _is_idle_word(text: str, quantity: Quantity, unit: re.Match[str]) -> bool:
    """Say whether a lone numeral before 刀 or 欧 is part of a word."""
    short = unit.group().strip() in ("刀", "欧", "镑")
    return quantity.lone and short and not stands_alone(text, unit.start(), unit.end())


def _coin_talk(text: str, unit: re.Match[str]) -> bool:
    return bool(SMALL_CHANGE.match(text, unit.end())) or text[unit.end() : unit.end() + 1] in ("", "钱", ",", "。")


def _change(change: re.Match[str]) -> Decimal:
    if change["half"]:
        return Decimal("0.5")
    tenths = _digit(change["jiao"] or change["lone"])
    return tenths / 10 + _digit(change["fen"] or change["cents"] or change["after"]) / 100


def _digit(text: str | None) -> Decimal:
    worth = parse_numeral(text) if text else None
    return worth.low if worth else Decimal(0)


def _coins(text: str, item: _Item) -> _Item | None:
    """Read 五毛, 三毛五, 8分钱."""
    coins = COINS.match(text, item.quantity.end)
    if not coins:
        return None
    worth = Decimal("0.01") if coins["fen_only"] else Decimal("0.1")
    return replace(
        item,
        quantity=item.quantity.times(worth),
        end=coins.end(),
        currency="CNY",
        cents=_digit(coins["fen"]) / 100,
        money=True,
    )


def _with_currency_before(text: str, item: _Item) -> _Item | None:
    before = BEFORE.search(text, max(0, item.quantity.start - REACH), item.quantity.start)
    if not before or _counts_things(text, item.quantity):
        return None
    return replace(item, start=before.start(), currency=before.lastgroup, money=True)


def _bare(reading: Reading, text: str, quantity: Quantity, *, expect: bool) -> bool:
    """Judge a number without currency: 50万 and 2个w are money unless things are counted."""
    start, end = quantity.start, quantity.end
    if is_part_of_a_word(reading, text, quantity) or _counts_things(text, quantity):
        return False
    if _BIG_UNIT.search(text, start, end):
        return not _COUNT_AFTER_LATIN.match(text, end)
    before = text[max(0, start - REACH) : start]
    if not expect or _NOT_AN_ANSWER_BEFORE.search(before) or _NOT_AN_ANSWER_AFTER.match(text, end):
        return False
    if text[max(0, start - 2) : start] == "分之" or text.startswith("分之", end):
        return False
    if quantity.lone and not stands_alone(text, start, end):
        return False
    return end - start <= _LONGEST_ANSWER or "," in text[start:end]


def _counts_things(text: str, quantity: Quantity) -> bool:
    counted = COUNTS_THINGS.match(text, quantity.end)
    # Nobody counts days or years in ten thousands: in 五万日累计 and 50万年利率 the word belongs to what follows.
    if counted is None:
        return False
    return quantity.low < _TOO_MANY_DAYS or counted.group() not in ("年", "月", "天", "日", "周")


def _money(reading: Reading, text: str, item: _Item) -> Money:
    span = reading.span(item.start, item.end)
    before = text[max(0, item.start - REACH) : item.start]
    vague = item.quantity.vague and item.quantity.low == item.quantity.high
    spoken_range = item.quantity.vague and not vague
    around = bool(_APPROX_BEFORE.search(before) or _APPROX_AFTER.match(text, item.end))
    return Money(
        span=span,
        text=reading.words(span),
        low=item.quantity.low + item.cents,
        high=item.quantity.high + item.cents,
        currency=item.currency or "CNY",
        approx=vague or spoken_range or around,
        bound=_bound(text, before, item.end),
    )


def _bound(text: str, before: str, end: int) -> Bound:
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(text, end):
        return Bound.AT_MOST
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(text, end):
        return Bound.AT_LEAST
    return Bound.EXACT
