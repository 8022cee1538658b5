"""How well a class is told. Not told is wrong, but no wrong class."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfClass:
    """One class: how often it was told, how often rightly, how often it was so."""

    name: str
    told: int
    right: int
    true: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where either has nothing to show."""
        return 2 * self.right / (self.told + self.true) if self.right else 0.0


def by_class(told: Sequence[str | None], true: Sequence[str]) -> tuple[OfClass, ...]:
    """Every class that is true of anybody, by name."""
    said, so = Counter(told), Counter(true)
    right = Counter(one for one, other in zip(told, true, strict=True) if one == other)
    return tuple(OfClass(name=name, told=said[name], right=right[name], true=so[name]) for name in sorted(so))


def macro_f1(told: Sequence[str | None], true: Sequence[str]) -> float | None:
    """The mean of F1 over the classes that are true of anybody, each counting alike. None where nobody is anything."""
    classes = by_class(told, true)
    return sum(one.f1 for one in classes) / len(classes) if classes else None


def confusion(told: Sequence[str | None], true: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each was told of those who are something, by what they are; what was not told is under the empty name."""
    table: dict[str, Counter[str]] = {name: Counter() for name in sorted(set(true))}
    for one, other in zip(told, true, strict=True):
        table[other][one or ""] += 1
    return {name: dict(sorted(row.items())) for name, row in table.items()}
