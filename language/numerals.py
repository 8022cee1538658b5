"""What a written numeral is worth: 三万五千, 两千三, 1亿2千万, 二零二八, 十七八, 几十.

Works on folded text (see `reading`). Knows nothing of units, money or dates.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
#: 廿 and 卅 are twenty and thirty in one character.
_TENS = {"廿": 20, "卅": 30}
#: Formal digits are ordinary words too (大陆, 收拾, 队伍): they count only beside another numeral or a money unit.
_FORMAL = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))
_FORMAL_RUN = re.compile(
    r"(?<![大登着内收])[壹贰叁肆伍陆柒捌玖](?:[壹贰叁肆伍陆柒捌玖拾佰仟零万亿])*(?:(?<=..)|"
    r"(?=[元圆块角分]))|(?<=[一二两三四五六七八九万亿\d])[拾佰仟]"
)

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
CHINESE = "零〇一二两三四五六七八九十百千万亿几廿卅"

#: Neighbouring digits that mean "from one to the other": 三四百, 十七八; 三五天 and 一两年 are idiom.
_SPOKEN_PAIRS = frozenset({(3, 5)} | {(low, low + 1) for low in range(1, 9)})
#: "A few" is two to nine, after ten one to nine (十几).
_FEW = (2, 9)
_FEW_AFTER_TEN = (1, 9)

_TOKEN = re.compile(rf"{ARABIC}|[{CHINESE}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """The worth of a numeral: `low` equals `high` unless it is said as a range or vaguely."""

    low: Decimal
    high: Decimal
    vague: bool


def informal(text: str) -> str:
    """Replace formal digits (叁拾万元, 壹叁捌) by ordinary ones where they are numerals; the length never changes."""
    if not any(char in _FORMAL for char in text):
        return text
    return _FORMAL_RUN.sub(lambda match: "".join(_FORMAL.get(char, char) for char in match.group()), text)


def parse_numeral(text: str, *, bare_unit: bool = False) -> Numeral | None:
    """Read a whole numeral; None when it is none.

    `bare_unit` accepts 百万 and 千万 without a digit in front, which without a hint may be a word (千万别).
    """
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return None
    if bare_unit and tokens[0] in UNITS:
        tokens = ["一", *tokens]
    if "几" in tokens:
        return _few(tokens)
    pairs = [index for index in range(len(tokens) - 1) if _is_digit(tokens[index]) and _is_digit(tokens[index + 1])]
    if len(pairs) == 1 and _units_or_two(tokens):
        return _pair(tokens, pairs[0])
    exact = _worth(tokens)
    return None if exact is None else Numeral(low=exact, high=exact, vague=False)


def parse_digit(char: str) -> int:
    """Read one Arabic or Chinese digit."""
    return DIGITS[char] if char in DIGITS else int(char)


def _is_digit(token: str) -> bool:
    return DIGITS.get(token, 0) > 0


def _units_or_two(tokens: list[str]) -> bool:
    return len(tokens) == 2 or any(token in UNITS for token in tokens)


def _pair(tokens: list[str], index: int) -> Numeral | None:
    first, second = DIGITS[tokens[index]], DIGITS[tokens[index + 1]]
    if (first, second) not in _SPOKEN_PAIRS:
        return None
    low = _worth(tokens[: index + 1] + tokens[index + 2 :])
    high = _worth(tokens[:index] + tokens[index + 1 :])
    return None if low is None or high is None else Numeral(low=low, high=high, vague=True)


def _few(tokens: list[str]) -> Numeral | None:
    """Read 几十, 十几万, 三十几: a bare 几 is a question, not a number."""
    index = tokens.index("几")
    after_ten = index > 0 and tokens[index - 1] == "十"
    before_unit = index + 1 < len(tokens) and tokens[index + 1] in UNITS
    if not after_ten and not before_unit:
        return None
    few = _FEW_AFTER_TEN if after_ten else _FEW
    low, high = (_worth([*tokens[:index], str(value), *tokens[index + 1 :]]) for value in few)
    return None if low is None or high is None else Numeral(low=low, high=high, vague=True)


def _worth(tokens: list[str]) -> Decimal | None:
    if not any(token in UNITS or token in _TENS for token in tokens):
        return _plain(tokens)
    return _Sum().of(tokens)


def _plain(tokens: list[str]) -> Decimal | None:
    """Read digits without units: one Arabic number, one digit, or digits spoken one by one (二零二八)."""
    if len(tokens) == 1 and tokens[0] not in DIGITS:
        return Decimal(tokens[0].replace(",", ""))
    if len(tokens) == 2 or not all(token in DIGITS for token in tokens):
        return None  # 九五, 八五: a discount or a name, not a number
    return Decimal("".join(str(DIGITS[token]) for token in tokens))


class _Sum:
    """Adds up digits and units from left to right; malformed numerals give None."""

    def __init__(self) -> None:
        self.done = Decimal(0)  # worth of everything before the last 万 or 亿
        self.section = Decimal(0)  # worth since then
        self.digit: Decimal | None = None  # waits for its unit
        self.unit = 0  # the last unit met
        self.cap = 10**9  # a unit inside a section must be smaller than the one before it
        self.zero = False

    def of(self, tokens: list[str]) -> Decimal | None:
        for token in tokens:
            if not self._take(token):
                return None
        return self._end()

    def _take(self, token: str) -> bool:
        if token in UNITS:
            unit = UNITS[token]
            return self._big(unit) if unit >= 10**4 else self._small(unit)
        if token in ("零", "〇") and self.unit:
            self.zero = True
            return self.digit is None
        if self.digit is not None:
            return False
        if token in _TENS:
            self.section += _TENS[token]
            self.unit = self.cap = 10
            return True
        self.digit = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token.replace(",", ""))
        return True

    def _small(self, unit: int) -> bool:
        if unit >= self.cap or (self.digit is None and unit != 10):
            return False
        self.section += (Decimal(1) if self.digit is None else self.digit) * unit
        self._took(unit)
        self.cap = unit
        return True

    def _big(self, unit: int) -> bool:
        section = self.section + (self.digit or 0)
        whole = self.done + section
        if not whole or (unit == 10**4 and (not section or self.unit == 10**4)):
            return False
        if unit == 10**8:
            self.done = whole * unit
        else:
            self.done += section * unit
        self.section = Decimal(0)
        self._took(unit)
        self.cap = 10**4
        return True

    def _took(self, unit: int) -> None:
        self.digit, self.unit, self.zero = None, unit, False

    def _end(self) -> Decimal:
        if self.digit is None:
            return self.done + self.section
        # 两千三 is 2300 and 3万5 is 35000: a last lone digit counts in tenths of the unit before it.
        lone = self.digit == self.digit.to_integral_value() and self.digit < 10
        tenth = self.unit // 10 if lone and not self.zero and self.unit else 1
        return self.done + self.section + self.digit * tenth
