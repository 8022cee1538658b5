"""Which features may be learned from: none that tells the outcome, knows the future, or only says who somebody is.

What is left out is named with its reason, so that a bank can contradict.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from crm.learning.additive import Column, Ints
from crm.learning.cutting import Floats, edges_of
from crm.learning.definitions import definitions
from crm.learning.measuring import auroc

_PARTS, _PART_ROWS = 12, 30
_FEW_ROWS = 5  # a word that fewer rows share on average names somebody
_DENSE, _DISTINCT = 2, 0.99  # numbers that run on, each once
_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s./-]+")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """One feature that was used and yet may know the outcome: how many rows it is sure of, and how many of them had the outcome."""

    name: str
    rows: int
    rate: float


def by_name(names: Sequence[str], *, keep: Collection[str]) -> list[LeftOut]:
    """The attributes whose names forbid them, but for those that the bank vouches for."""
    rules = definitions()
    told = ((rules.after_the_fact, Why.NAMED), (rules.identifiers, Why.IDENTITY), (rules.left_out, Why.NOT_JUDGED_BY))
    found = []
    for name in names:
        plain = _WORD_ENDS.sub("_", name.strip()).lower()
        why = next((why for patterns, why in told if any(re.search(pattern, plain) for pattern in patterns)), None)
        if why is not None and name not in keep:
            found.append(LeftOut(name=name, why=why))
    return found


def by_value(columns: Mapping[str, Column], labels: Floats, rows: Ints, *, keep: Collection[str]) -> list[LeftOut]:
    """The features that say nothing, only say who, or know too much, judged on the rows that are learned from."""
    rules, found = definitions(), []
    for name, column in columns.items():
        if name in keep:
            continue
        values, missing = column[rows], _missing(column[rows])
        known = values[~missing]
        kinds = len({str(value) for value in known})
        if kinds == 0 or (kinds == 1 and not missing.any()):
            found.append(LeftOut(name=name, why=Why.EMPTY))
        elif (figure := _alone(values, missing, labels[rows])) > rules.too_good:
            found.append(LeftOut(name=name, why=Why.TOO_GOOD, figure=round(figure, 4)))
        elif _names_rows(known, kinds):
            found.append(LeftOut(name=name, why=Why.IDENTITY))
    return found


def suspicious(columns: Mapping[str, Column], labels: Floats, rows: Ints) -> list[Suspect]:
    """The features that may know the outcome of some: a bin of many rows nearly all of which had it. A person has to look."""
    bounds, found = definitions().suspicious, []
    for name, column in columns.items():
        bins = _binned(column[rows], _missing(column[rows]))
        hits, size = np.bincount(bins, weights=labels[rows]), np.bincount(bins)
        rates = hits / np.maximum(size, 1)
        sure = (size >= bounds.rows) & (rates >= bounds.rate) & (hits >= bounds.share * labels[rows].sum())
        if sure.any():
            found.append(Suspect(name=name, rows=int(size[sure].sum()), rate=round(float(hits[sure].sum() / size[sure].sum()), 4)))
    return found


def _names_rows(known: Column, kinds: int) -> bool:
    """Whether values stand for rows: words that few share, or whole numbers that run on with hardly one of them twice."""
    if known.dtype == object:
        return kinds > max(definitions().model.levels, len(known) / _FEW_ROWS)
    numbers = known.astype(np.float64)
    whole = bool((numbers == np.round(numbers)).all())
    return whole and len(known) > _PART_ROWS and kinds >= _DISTINCT * len(known) and float(np.ptp(numbers)) < _DENSE * len(known)


def _missing(values: Column) -> NDArray[np.bool_]:
    return np.array([value is None for value in values], dtype=bool) if values.dtype == object else np.isnan(values.astype(np.float64))


def _binned(values: Column, missing: NDArray[np.bool_]) -> Ints:
    if values.dtype == object:
        _, bins = np.unique(["" if value is None else str(value) for value in values], return_inverse=True)
        return bins.astype(np.int64)
    numbers = values.astype(np.float64)
    edges = np.asarray(edges_of(numbers, bins=_PARTS, rows_a_bin=_PART_ROWS))
    return np.where(missing, 0, np.searchsorted(edges, numbers, side="left") + 1).astype(np.int64)


def _alone(values: Column, missing: NDArray[np.bool_], labels: Floats) -> float:
    """How well one feature orders the outcome: rates of its bins from every other row, tried on the rows between."""
    bins = _binned(values, missing)
    learned = np.arange(len(labels)) % 2 == 0
    average, size = labels.mean(), int(bins.max()) + 1
    hits = np.bincount(bins[learned], weights=labels[learned], minlength=size)
    rows = np.bincount(bins[learned], minlength=size)
    rates = (hits + average) / (rows + 1)
    figure = auroc(labels[~learned], rates[bins[~learned]])
    return 0.0 if np.isnan(figure) else figure
