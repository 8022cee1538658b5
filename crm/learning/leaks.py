"""Which features may be learned from: none that tells the outcome, knows the future, or only says who somebody is.

What is left out is named with its reason, so that a bank can contradict.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from crm.learning.additive import Column, Floats, Ints
from crm.learning.definitions import definitions
from crm.learning.measuring import auroc

_PARTS = 12
_HALF = 0.5


class Why(StrEnum):
    """Why a feature was left out."""

    AFTER = "after"  # known only after the outcome
    NAMED = "named"  # its name says that it is the outcome or comes after it
    TOO_GOOD = "too_good"  # it orders the outcome so well that it must know it
    IDENTITY = "identity"  # it only says who somebody is
    NOT_JUDGED_BY = "not_judged_by"  # nobody is judged by this
    EMPTY = "empty"  # never filled, or always the same


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One feature that was not used. `figure` is its AUROC alone, where that was the reason."""

    name: str
    why: Why
    figure: float | None = None


def by_name(names: Sequence[str], *, keep: Collection[str]) -> list[LeftOut]:
    """The attributes whose names forbid them, but for those that the bank vouches for."""
    rules = definitions()
    told = ((rules.after_the_fact, Why.NAMED), (rules.identifiers, Why.IDENTITY), (rules.left_out, Why.NOT_JUDGED_BY))
    found = []
    for name in names:
        why = next((why for patterns, why in told if any(re.search(pattern, name.strip().lower()) for pattern in patterns)), None)
        if why is not None and name not in keep:
            found.append(LeftOut(name=name, why=why))
    return found


def by_value(columns: Mapping[str, Column], labels: Floats, rows: Ints, *, keep: Collection[str]) -> list[LeftOut]:
    """The features that say nothing, only say who, or know too much, judged on the rows that are learned from."""
    rules, found = definitions(), []
    for name, column in columns.items():
        if name in keep:
            continue
        values = column[rows]
        missing = np.array([value is None for value in values]) if values.dtype == object else np.isnan(values.astype(np.float64))
        known = values[~missing]
        kinds = len({str(value) for value in known})
        if kinds == 0 or (kinds == 1 and not missing.any()):
            found.append(LeftOut(name=name, why=Why.EMPTY))
        elif values.dtype == object and kinds > max(rules.model.levels, _HALF * len(known)):
            found.append(LeftOut(name=name, why=Why.IDENTITY))
        elif (figure := _alone(values, missing, labels[rows])) > rules.too_good:
            found.append(LeftOut(name=name, why=Why.TOO_GOOD, figure=round(figure, 4)))
    return found


def _alone(values: Column, missing: np.ndarray, labels: Floats) -> float:
    """How well one feature orders the outcome: rates of its bins from every other row, tried on the rows between."""
    if values.dtype == object:
        _, bins = np.unique(["" if value is None else str(value) for value in values], return_inverse=True)
    else:
        numbers = values.astype(np.float64)
        edges = np.unique(np.quantile(numbers[~missing], np.linspace(0, 1, _PARTS + 1)[1:-1])) if not missing.all() else np.array([])
        bins = np.where(missing, 0, np.searchsorted(edges, numbers, side="left") + 1)
    learned = np.arange(len(labels)) % 2 == 0
    average, size = labels.mean(), int(bins.max()) + 1
    hits = np.bincount(bins[learned], weights=labels[learned], minlength=size)
    rows = np.bincount(bins[learned], minlength=size)
    rates = (hits + average) / (rows + 1)
    figure = auroc(labels[~learned], rates[bins[~learned]])
    return 0.0 if np.isnan(figure) else figure
