"""How many of the first few that were offered to each customer are true. Whoever offers nothing is not wrong, but finds nothing."""

from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Of one customer: how many were offered, how many of those are true, how many there are."""

    offered: float
    right: float
    true: int


def found_at(k: int, offers: Mapping[str, float], true: Set[str], *, least: float = 0.0) -> Found:
    """The `k` likeliest of at least the probability. Of equals at the edge the expected part counts, whichever comes first."""
    left, right, offered = float(k), 0.0, 0.0
    likely = {name: chance for name, chance in offers.items() if chance >= least}
    for chance in sorted(set(likely.values()), reverse=True):
        equals = [name for name, other in likely.items() if other == chance]
        part = min(1.0, left / len(equals))
        offered += part * len(equals)
        right += part * sum(name in true for name in equals)
        left -= part * len(equals)
        if left <= 0:
            break
    return Found(offered=offered, right=right, true=len(true))


def precision(found: list[Found]) -> float | None:
    """The share of all offers that is true. None where nothing was offered."""
    offered = sum(one.offered for one in found)
    return sum(one.right for one in found) / offered if offered else None


def recall(found: list[Found]) -> float | None:
    """The share of what there is that was offered. None where there is nothing."""
    true = sum(one.true for one in found)
    return sum(one.right for one in found) / true if true else None


def hit_rate(found: list[Found]) -> float | None:
    """The share of those with anything true who were offered at least one of it."""
    wanting = [one for one in found if one.true]
    return sum(min(1.0, one.right) for one in wanting) / len(wanting) if wanting else None
