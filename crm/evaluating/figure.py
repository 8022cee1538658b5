"""One measured figure, beside what the best scorer could reach."""

from dataclasses import dataclass
from typing import Any

from crm.evaluating.definitions import definitions

NO_DATA, FINE, OVER = "no_data", "fine", "over"
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`value` is None where truth or judgement lack what it needs; `note` then says which. `n` is how many it was measured on.

    `low` and `high` hold the middle 95 % by chance of who is in the bank. A `guarded` figure may not come too near to its ceiling, by more
    than that chance: `above` is the low end of what it lies above the share of the ceiling that is allowed. The ceiling of a `noisy` one
    may not be near to certainty.
    """

    name: str
    title: str
    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    ceiling: float | None = None
    above: float | None = None
    guarded: bool = False
    noisy: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """`over` where the judgement knows more than it can, or the generator has no noise; `no_data`; else `fine`."""
        rules = definitions()
        if self.value is None:
            return NO_DATA
        if self.ceiling is None or self.n < rules.least:
            return FINE
        too_good = self.guarded and self.value > rules.of_ceiling * self.ceiling and (self.above is None or self.above > 0)
        no_noise = self.noisy and self.ceiling > rules.ceiling_most
        return OVER if too_good or no_noise else FINE

    def as_record(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "title": self.title,
            "value": _rounded(self.value),
            "low": _rounded(self.low),
            "high": _rounded(self.high),
            "ceiling": _rounded(self.ceiling),
            "n": self.n,
            "verdict": self.verdict,
            "note": self.note,
        }


def missing(name: str, title: str, note: str) -> Figure:
    """A figure that cannot be measured."""
    return Figure(name=name, title=title, value=None, note=note)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
