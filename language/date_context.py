"""What the meaning of a date rests on: today, and how a pattern's groups are read."""

import re
from dataclasses import dataclass
from datetime import date

from language.datespan import Lean
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


def whole(text: str | None) -> int | None:
    """Read a whole number that is said plainly."""
    worth = numeral(text)
    return int(worth.low) if worth and not worth.vague else None


def numeral(text: str | None) -> Numeral | None:
    """Read a numeral, 俩 and 仨 included."""
    return parse_numeral({"俩": "两", "仨": "三"}.get(text, text)) if text else None


def group(match: re.Match[str], name: str) -> str | None:
    """Give what a group caught; None also when the pattern has no such group."""
    return match[name] if name in match.re.groupindex else None
