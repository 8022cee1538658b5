"""Why a model says what it says of a customer: the base, what each feature adds, and the sum of both, in log-odds. Pure over rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crm.learning.additive import Additive, Column
from crm.learning.definitions import definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One feature: its value as words, and what it adds to the log-odds."""

    feature: str
    title: str
    value: str
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """`probability` is the logistic of `base` and all that the reasons add: nothing else is in it."""

    customer_id: str
    probability: float
    base: float
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        """The sum that the probability comes from."""
        return self.base + sum(reason.adds for reason in self.reasons)


def explained(model: Additive, customers: Sequence[str], columns: Mapping[str, Column], customer_id: str) -> Explained | None:
    """The reasons of one customer, the weightiest first; None for somebody of whom nothing is known."""
    if customer_id not in customers:
        return None
    place = customers.index(customer_id)
    row = {name: one[place : place + 1] for name, one in columns.items()}
    adds = model.contributions(row)[0]
    reasons = [
        Reason(
            feature=shape.name,
            title=definitions().titles.get(shape.name, shape.name),
            value=_value(row[shape.name][0]),
            adds=round(float(one), 6),
        )
        for shape, one in zip(model.shapes, adds, strict=True)
    ]
    ranked = tuple(sorted(reasons, key=lambda reason: (-abs(reason.adds), reason.feature)))
    log_odds = model.base + sum(reason.adds for reason in ranked)
    return Explained(customer_id=customer_id, probability=round(1 / (1 + math.exp(-log_odds)), 6), base=model.base, reasons=ranked)


def _value(value: object) -> str:
    if value is None or (isinstance(value, float | np.floating) and math.isnan(float(value))):
        return "无数据"
    return f"{float(value):g}" if isinstance(value, float | np.floating) else str(value)
