"""What the scores of one customer say and why: published rows put together. Pure; wording is the handlers'."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.rfm.definitions import EVERYBODY, LEVELS, rfm_definitions

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """The cut-points of one measure, from the smallest, of so many customers with so many different values."""

    points: tuple[Decimal, ...]
    customers: int
    levels: int
    low_is_good: bool

    def score(self, value: Decimal) -> int:
        """The score of a value: the same as `crm.rfm.cuts.score` computes for a whole bank."""
        marks = range(LEVELS, 0, -1) if self.low_is_good else range(1, LEVELS + 1)
        if self.levels == 1:
            first = self.points[0]
            return 3 if value == first else marks[0] if value < first else marks[-1]
        return next((mark for mark, point in zip(marks, self.points, strict=False) if value <= point), marks[-1])

    @property
    def few(self) -> bool:
        """Whether there are fewer different values than scores, so that some scores nobody gets."""
        return self.levels < LEVELS

    def better_than(self, score: int) -> int | None:
        """The percent of customers whom somebody with that score is ahead of, at least. None where the cut-points cannot tell.

        They cannot where low is good: half of the bank may have dealt today.
        """
        return None if self.few or score == 1 or self.low_is_good else rfm_definitions().percentiles[score - 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One of R, F and M: the value, the score and the cut-points that gave it."""

    value: Decimal
    score: int
    cuts: Cuts


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmView:
    """The scores of a customer as of a day. `amount` (what M is) is None for whom may not see money now.

    `recency` has no value of days for somebody who never transacted: `last_on` is then None. `peers` is how many customers of a short
    time F was compared with, None where that was everybody.
    """

    customer_id: str
    kind: str
    as_of: date
    version: str
    cut_on: date
    recency: Measure
    frequency: Measure
    monetary: Measure
    last_on: date | None
    active_days: int
    observed_days: int
    short_observation: bool
    peers: int | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoScores:
    """There are no scores as of the day: no transactions were delivered, or nobody was there to compare with when the month began."""

    customer_id: str
    as_of: date
    dealings_known: bool


def rfm_view(scores: Row, features: Row, cuts: Iterable[Row], *, as_of: date, with_amount: bool) -> RfmView | NoScores:
    """Put together the rows of one customer with the cut-points of the month."""
    if scores["r"] is None:
        return NoScores(customer_id=scores["customer_id"], as_of=as_of, dealings_known=features["active_days_12m"] is not None)
    of = {(row["peers"], row["measure"]): _cuts(row) for row in cuts if row["kind"] == scores["kind"]}
    frequent = of[scores["f_peers"], "f"]
    days = features["recency_days"]
    return RfmView(
        customer_id=scores["customer_id"],
        kind=scores["kind"],
        as_of=as_of,
        version=scores["version"],
        cut_on=scores["cut_on"],
        recency=Measure(value=Decimal("Infinity") if days is None else Decimal(days), score=scores["r"], cuts=of[EVERYBODY, "r"]),
        frequency=Measure(value=Decimal(f"{features['frequency_per_30d']:.6f}"), score=scores["f"], cuts=frequent),
        monetary=Measure(value=features["monetary_12m"], score=scores["m"], cuts=of[EVERYBODY, "m"]),
        last_on=features["last_on"],
        active_days=features["active_days_12m"],
        observed_days=features["observed_days"],
        short_observation=features["short_observation"],
        peers=None if scores["f_peers"] == EVERYBODY else frequent.customers,
        amount=features["monetary_12m"] if with_amount else None,
    )


def _cuts(row: Row) -> Cuts:
    points = tuple(row[f"q{percent}"] for percent in rfm_definitions().percentiles)
    return Cuts(points=points, customers=row["customers"], levels=row["levels"], low_is_good=row["measure"] == "r")
