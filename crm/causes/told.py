"""A cause as it was found for one customer, with its words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.causes.definitions import Cause, definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCause:
    """`strength` is how likely it is, by what speaks for it; `count` how many things do, from `first_on` to `last_on`."""

    cause: Cause
    strength: float
    count: int
    first_on: date
    last_on: date


def strength_of(cause: Cause, *, points: float, usual: float, near: bool) -> float:
    """At most the weight; half of it at `half` points above the usual and its scatter; half of that far from the drop."""
    share: float = 1 - math.pow(0.5, (points - usual - math.sqrt(usual)) / cause.half)
    return round(cause.weight * share * (1.0 if near else 0.5), 4)


def causes_of(rows: Sequence[Mapping[str, Any]]) -> tuple[FoundCause, ...]:
    """The rows of the stage `causes`, the likeliest first; what is too weak to be said is left out."""
    rules = definitions()
    found = [
        FoundCause(
            cause=rules.cause(row["cause"]),
            strength=row["strength"],
            count=row["count"],
            first_on=row["first_on"],
            last_on=row["last_on"],
        )
        for row in sorted(rows, key=lambda row: row["rank"])
    ]
    return tuple(one for one in found if one.strength >= rules.said_from)
