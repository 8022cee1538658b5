"""Everything that is said in figures, each character used once: the most specific reading wins."""

from dataclasses import dataclass
from datetime import datetime

from language.dates import find_dates
from language.datespan import DateSpan, Lean
from language.durations import Duration, find_durations
from language.money import Money, find_money
from language.numbers import Number, find_numbers
from language.spans import keep_longest


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a text contains; no two findings share a character."""

    dates: tuple[DateSpan, ...]
    durations: tuple[Duration, ...]
    money: tuple[Money, ...]
    numbers: tuple[Number, ...]


def extract(text: str, *, at: datetime, lean: Lean = Lean.FUTURE) -> Extracted:
    """Find dates, durations, money and other numbers. Raises ValueError when `at` is not aware."""
    # Of equally long readings the first kind given wins.
    found: list[DateSpan | Duration | Money | Number] = []
    found += find_dates(text, at=at, lean=lean)
    found += find_money(text)
    found += find_durations(text)
    found += find_numbers(text)
    kept = keep_longest(found)
    return Extracted(
        dates=tuple(one for one in kept if isinstance(one, DateSpan)),
        durations=tuple(one for one in kept if isinstance(one, Duration)),
        money=tuple(one for one in kept if isinstance(one, Money)),
        numbers=tuple(one for one in kept if isinstance(one, Number)),
    )
