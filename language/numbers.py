"""Finds numbers in Chinese text: 三万五, 1.2万, 百分之三, 3成, 半个, 俩, 十几; not 第一, 一下, 万一, 千万别, ①."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from language.measures import MEASURE
from language.numerals import parse_digit
from language.quantity import Quantity, find_quantities, join_range, prepare
from language.reading import REACH, Reading, is_chinese, read
from language.spans import Span, keep_longest


class NumberKind(StrEnum):
    """What a number is of."""

    PLAIN = "plain"
    RATIO = "ratio"
    """A share of a whole: 百分之三 is 0.03."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number and where it stands; `low` and `high` differ for 十几 or 三四百."""

    span: Span
    text: str
    low: Decimal
    high: Decimal
    vague: bool
    kind: NumberKind

    @property
    def value(self) -> Decimal:
        """The number, or the lower end of what it may be."""
        return self.low


#: Words behind a numeral that make it a ratio, and what one of them is worth.
_RATIO_UNITS = {
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "个百分点": Decimal("0.01"),
    "个点": Decimal("0.01"),
    "个基点": Decimal("0.0001"),
    "个bp": Decimal("0.0001"),
    "bps": Decimal("0.0001"),
    "bp": Decimal("0.0001"),
    "成": Decimal("0.1"),
}
_RATIO_UNIT = re.compile(
    r"%|‰|个?(?:百分点|基点)|个点(?!建议)|(?:个)?bps?(?![a-z])|"
    r"成(?![不为了功本立交长员年就人熟绩品都效千百])"
)
_HALF_TENTH = re.compile(r"[一二三四五六七八九\d](?![\d十百千万个年月天])")  # 三成五
_FRACTION = re.compile(r"(百|千|万|[二两三四五六七八九十]+|\d+)分之")
_FRACTION_OF = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}
_SMALL_WORDS = re.compile(r"(?P<two>俩)|(?P<three>仨)|一(?P<share>半)(?!路|夜)|(?<![多大夜东南北西过个])半(?=[个年成斤月]|小时)")
_SMALL_WORTH = {"two": Decimal(2), "three": Decimal(3), "share": Decimal("0.5"), None: Decimal("0.5")}
_AND_A_HALF = re.compile(r"个半")

_CHAIN = re.compile(r"[-~]\d")  # 138-0013-8000 is no range
_ORDINAL_BEFORE = re.compile(r"第$|(?<![年月])初$|(?<!\d)[a-z_][-.+]?$|双$")
_POINTING_BEFORE = re.compile(r"[另同下上每某任哪这那唯统专单]$")
_LIST_MARK_AFTER = re.compile(r"[、)](?=[^\d])|\.(?=[^\d\s])")
_LIST_MARK_BEFORE = re.compile(r"(?:^|[\s;。!?:\n,])\(?$")
_LATIN_AFTER = re.compile(r"[a-z]")
_MINUS = re.compile(r"(?:(?<![\w.\-~到至])-|负)$")
_RESULT_LIMIT = 15  # longer digit strings are identifiers


def find_numbers(text: str) -> tuple[Number, ...]:
    """Find the numbers of a text in order, without those that are part of a word, an ordinal or a list mark."""
    reading = read(text)
    prepared = prepare(reading.text)
    found = [*_small_words(reading, prepared)]
    before: Quantity | None = None
    for quantity in find_quantities(prepared):
        joined = join_range(prepared, before, quantity) if before and not _CHAIN.match(prepared, quantity.end) else None
        before = quantity
        for candidate in (quantity, joined):
            number = candidate and (_ratio(reading, prepared, candidate) or _plain(reading, prepared, candidate))
            if number:
                found.append(number)
    return keep_longest(found)


def is_part_of_a_word(reading: Reading, text: str, quantity: Quantity) -> bool:
    """Say whether the numeral is an ordinal, a list mark, a circled figure or a piece of a code."""
    start, end = quantity.start, quantity.end
    before, after = text[max(0, start - REACH) : start], text[end : end + 2]
    if _ORDINAL_BEFORE.search(before) or unicodedata.category(reading.written(start)) == "No":
        return True
    if text[start].isdigit() and _LATIN_AFTER.match(after) and not _RATIO_UNIT.match(after):
        return not after.startswith(("us", "rm", "hk", "eu", "cn", "gb", "jp"))
    return end - start <= 2 and _begins_an_item(reading, start, before) and bool(_LIST_MARK_AFTER.match(text, end))


def _begins_an_item(reading: Reading, start: int, before: str) -> bool:
    source = reading.origins[start]
    return bool(_LIST_MARK_BEFORE.search(before)) or reading.original[source - 1].isspace()


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether neither neighbour is a letter: an answer, or an item between commas."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_is_letter(before) or _is_letter(after))


def _is_letter(char: str) -> bool:
    return (bool(char) and char.isalnum()) or (bool(char) and is_chinese(char) and char not in "、。〇《》")


def _ratio(reading: Reading, text: str, quantity: Quantity) -> Number | None:
    """Read 百分之三, 三分之一, 3.5%, 三成, 25个基点."""
    if fraction := _fraction_before(text, quantity.start):
        whole = fraction[1]
        return _number(reading, quantity, start=fraction[0], divisor=whole, kind=NumberKind.RATIO, text=text)
    unit = _RATIO_UNIT.match(text, quantity.end)
    if not unit or is_part_of_a_word(reading, text, quantity):
        return None
    factor = _RATIO_UNITS.get(unit.group()) or _RATIO_UNITS["个" + unit.group()]
    end, extra = unit.end(), Decimal(0)
    if unit.group() == "成" and (half := _HALF_TENTH.match(text, end)):
        end, extra = half.end(), Decimal(parse_digit(half.group())) / 100
    return _number(reading, quantity, end=end, factor=factor, extra=extra, kind=NumberKind.RATIO, text=text)


def _fraction_before(text: str, start: int) -> tuple[int, Decimal] | None:
    for match in _FRACTION.finditer(text, max(0, start - REACH), start):
        if match.end() != start:
            continue
        if match[1] in _FRACTION_OF:
            return match.start(), _FRACTION_OF[match[1]]
        whole = next(find_quantities(match[1]), None)
        if whole and whole.low:
            return match.start(), whole.low
    return None


def _plain(reading: Reading, text: str, quantity: Quantity) -> Number | None:
    start, end = quantity.start, quantity.end
    if _FRACTION.match(text, start) or is_part_of_a_word(reading, text, quantity) or end - start > _RESULT_LIMIT:
        return None
    half = _AND_A_HALF.match(text, end)
    if quantity.lone:
        counted = MEASURE.match(text, end) and not _POINTING_BEFORE.search(text[max(0, start - 1) : start])
        if not (counted or half or stands_alone(text, start, end)) or text.startswith("十分", start):
            return None if not text.startswith(("十分钟", "十分之"), start) else _number(reading, quantity, text=text)
    extra = Decimal("0.5") if half else Decimal(0)
    return _number(reading, quantity, end=half.end() if half else end, extra=extra, text=text)


def _number(
    reading: Reading,
    quantity: Quantity,
    *,
    start: int | None = None,
    end: int | None = None,
    factor: Decimal = Decimal(1),
    divisor: Decimal = Decimal(1),
    extra: Decimal = Decimal(0),
    kind: NumberKind = NumberKind.PLAIN,
    text: str = "",
) -> Number:
    start = quantity.start if start is None else start
    if minus := _MINUS.search(text, max(0, start - 1), start):
        start, factor = minus.start(), -factor
    span = reading.span(start, quantity.end if end is None else end)
    low, high = sorted((quantity.low * factor / divisor + extra, quantity.high * factor / divisor + extra))
    return Number(span=span, text=reading.words(span), low=low, high=high, vague=quantity.vague, kind=kind)


def _small_words(reading: Reading, text: str) -> Iterator[Number]:
    for match in _SMALL_WORDS.finditer(text):
        worth = _SMALL_WORTH[match.lastgroup]
        span = reading.span(match.start(), match.end())
        kind = NumberKind.RATIO if match.lastgroup == "share" else NumberKind.PLAIN
        yield Number(span=span, text=reading.words(span), low=worth, high=worth, vague=False, kind=kind)
