"""The list of one relationship manager and day from all reasons: tiers, one line a customer, no more than fits. Pure.

What was answered earlier today keeps its place, so that the list does not move while it is worked off.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Any

from crm.priorities.definitions import definitions

DONE, LATER, UNFIT = "done", "later", "unfit"
#: From this tier on, what colleagues said before moves the score.
_WEIGHED_FROM = 4
#: Up to this tier it is duty.
_DUTY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason to act for a customer. `row` is the published one."""

    customer_id: str
    what: str
    name: str
    tier: int
    score: float
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said of a reason; it holds until the day `until`."""

    customer_id: str
    what: str
    name: str
    answer: str
    on: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the list. `others` are further reasons of the same customer; `answer` is what was said of it today."""

    reason: Reason
    others: tuple[Reason, ...]
    minutes: int
    answer: str = ""


def reason_of(row: Mapping[str, Any]) -> Reason:
    """Read a row of the stage `priorities`."""
    what = row["what"]
    return Reason(
        customer_id=row["customer_id"],
        what=what,
        name=row["name"] or "",
        tier=definitions().reasons[what].tier,
        score=row["score"] or 0.0,
        row=row,
    )


def plan(reasons: Iterable[Reason], said: Sequence[Said], *, day: date, capacity: int | None = None) -> tuple[Line, ...]:
    """The lines of the day, in their order. The same reasons and answers make the same list, in whatever order they come."""
    rules = definitions()
    most = rules.capacity if capacity is None else capacity
    resting = {(one.customer_id, one.what, one.name) for one in said if one.on < day < one.until}
    today = {(one.customer_id, one.what, one.name): one.answer for one in sorted(said, key=_order_said) if one.on == day}
    weights = _weights([one for one in said if one.on < day])
    free = [one for one in reasons if (one.customer_id, one.what, one.name) not in resting]
    ordered = sorted(free, key=lambda one: (one.tier, -_weighed(one, weights), one.customer_id, one.what))
    chosen = _chosen(ordered, most)
    return tuple(
        Line(
            reason=one,
            others=tuple(other for other in ordered if other.customer_id == one.customer_id and other is not one),
            minutes=rules.reasons[one.what].minutes,
            answer=today.get((one.customer_id, one.what, one.name), ""),
        )
        for one in ordered
        if one in chosen
    )


def _chosen(ordered: Sequence[Reason], most: int) -> list[Reason]:
    """Who gets a line: one a customer; first with every kind held to its share, then the rest of the day with what that left out."""
    rules = definitions()
    per_product = max(1, floor(most * rules.product_share))
    shares = {sort: max(1, floor(most * share)) for sort, share in rules.kind_share.items()}
    chosen: list[Reason] = []
    taken: set[str] = set()
    products, kinds = Counter[str](), Counter[str]()
    for held in (True, False):
        for one in ordered:
            within = shares["duty" if one.tier <= _DUTY else "other"] if held else most
            product = one.name if one.what == "opportunity" else ""
            full = kinds[one.what] >= within or (product and products[product] >= per_product)
            if len(chosen) >= most or one.customer_id in taken or full:
                continue
            chosen.append(one)
            taken.add(one.customer_id)
            products[product] += 1
            kinds[one.what] += 1
    return chosen


def rest_days(what: str, answer: str) -> int:
    """For how many days the same does not come back."""
    return 1 if answer == LATER else definitions().reasons[what].rest_days[answer]


def _order_said(one: Said) -> tuple[date, date]:
    return (one.on, one.until)


def _weights(said: Sequence[Said]) -> Mapping[tuple[str, str], float]:
    """What answers say of a kind of reason: above one where it was mostly done, below where it mostly did not fit."""
    rules = definitions().feedback
    fit, unfit = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in said:
        if one.answer in (DONE, UNFIT):
            (fit if one.answer == DONE else unfit)[(one.what, one.name)] += 1
    found = {}
    for kind in {*fit, *unfit}:
        share = (fit[kind] + rules.prior / 2) / (fit[kind] + unfit[kind] + rules.prior)
        found[kind] = min(rules.most, max(rules.least, 2 * share))
    return found


def _weighed(one: Reason, weights: Mapping[tuple[str, str], float]) -> float:
    return one.score if one.tier < _WEIGHED_FROM else one.score * weights.get((one.what, one.name), 1.0)
