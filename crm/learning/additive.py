"""A model that adds up: each feature is cut into bins, each bin has a score, and the scores with a base are the log-odds.

Fitted by boosting single steps, each time of the feature that explains most, so that what says nothing gets no say. A missing value is a
bin of its own: missing is never zero. The calibration is folded into the scores, so what is shown adds up to the probability that is shown.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.learning.cutting import Floats, edges_of
from crm.learning.definitions import Boosting

Ints = NDArray[np.int64]
Column = Floats | NDArray[np.object_]

_DIGITS = 6
_CLIP = 30.0
_BETTER = 1e-6  # of the loss: less is no progress
_SMALL = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One feature: `edges` of a number (a value belongs to the first edge that it does not exceed), or the `levels` of a word.

    `scores` are those of: missing, the bins or levels in their order, and for words all others.
    """

    name: str
    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()

    def bins(self, column: Column) -> Ints:
        """The bin of each value."""
        if self.levels:
            places = {level: place for place, level in enumerate(self.levels, start=1)}
            return np.array([0 if value is None else places.get(str(value), len(self.levels) + 1) for value in column], dtype=np.int64)
        values = np.asarray(column, dtype=np.float64)
        found = np.searchsorted(np.asarray(self.edges, dtype=np.float64), values, side="left") + 1
        return np.where(np.isnan(values), 0, found).astype(np.int64)

    @property
    def size(self) -> int:
        """How many bins there are."""
        return len(self.levels or self.edges) + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Additive:
    """`base` is the log-odds of an average customer; scores say what sets somebody apart."""

    base: float
    shapes: tuple[Shape, ...]

    def contributions(self, columns: Mapping[str, Column]) -> Floats:
        """A row a customer, a column a feature: what it adds to the log-odds."""
        return np.column_stack([np.asarray(shape.scores)[shape.bins(columns[shape.name])] for shape in self.shapes])

    def log_odds(self, columns: Mapping[str, Column]) -> Floats:
        """The base and all contributions."""
        found: Floats = self.base + self.contributions(columns).sum(axis=1)
        return found

    def probability(self, columns: Mapping[str, Column]) -> Floats:
        """The probability of each row."""
        return _logistic(self.log_odds(columns))

    def as_json(self) -> dict[str, Any]:
        """For the artefact."""
        shapes = [
            {"name": one.name, "edges": list(one.edges), "levels": list(one.levels), "scores": list(one.scores)} for one in self.shapes
        ]
        return {"base": self.base, "shapes": shapes}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Additive":
        """From the artefact."""
        shapes = tuple(
            Shape(name=one["name"], edges=tuple(one["edges"]), levels=tuple(one["levels"]), scores=tuple(one["scores"]))
            for one in body["shapes"]
        )
        return cls(base=body["base"], shapes=shapes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A model, the rounds that were best, and the calibration that was folded in."""

    model: Additive
    rounds: int
    slope: float
    offset: float


def fit(
    columns: Mapping[str, Column],
    labels: Floats,
    *,
    chosen: NDArray[np.bool_],
    rules: Boosting,
    given: tuple[int, float, float] | None = None,
) -> Fitted:
    """Fit on the rows that are not `chosen`; on those the rounds and the calibration are chosen.

    With `given` (rounds, slope and offset of an earlier fit) all rows are fitted on.
    """
    train = np.ones(len(labels), dtype=bool) if given else ~chosen
    shapes = [_cut(name, column, train, rules) for name, column in columns.items()]
    binned = [shape.bins(columns[shape.name]) for shape in shapes]
    rate = float(labels[train].mean())
    base = math.log(rate / (1 - rate))
    scores = [np.zeros(shape.size) for shape in shapes]
    odds = np.full(len(labels), base)
    best, best_loss, best_scores = 0, math.inf, [one.copy() for one in scores]
    for turn in range(1, (given[0] if given else rules.rounds) + 1):
        chance = _logistic(odds)
        push, weight = np.where(train, labels - chance, 0.0), np.where(train, chance * (1 - chance), 0.0)
        steps = [_step(shape, bins, push, weight, rules) for shape, bins in zip(shapes, binned, strict=True)]
        place = int(np.argmax([gain for gain, _ in steps]))
        step = rules.rate * steps[place][1]
        scores[place] += step
        odds += step[binned[place]]
        if given:
            continue
        loss = _loss(labels[chosen], odds[chosen])
        if loss < best_loss - _BETTER:
            best, best_loss, best_scores = turn, loss, [one.copy() for one in scores]
        elif turn - best >= rules.patience:
            break
    kept = scores if given else best_scores
    raw = base + sum((one[bins] for one, bins in zip(kept, binned, strict=True)), start=np.zeros(len(labels)))
    slope, offset = given[1:] if given else calibration(labels[chosen], raw[chosen])
    rounds = given[0] if given else best
    return Fitted(
        model=_folded(shapes, kept, binned, train, base=base, slope=slope, offset=offset), rounds=rounds, slope=slope, offset=offset
    )


def crossed(columns: Mapping[str, Column], labels: Floats, folds: Ints, *, rules: Boosting) -> tuple[int, float, float]:
    """Rounds, slope and offset from every row: each fold is judged by a model of the others. For few outcomes, at a price in time."""
    rounds, said = [], np.zeros(len(labels))
    for fold in np.unique(folds):
        found = fit(columns, labels, chosen=folds == fold, rules=rules)
        rows = np.flatnonzero(folds == fold)
        of_fold = {name: one[rows] for name, one in columns.items()}
        said[rows] = (found.model.log_odds(of_fold) - found.offset) / found.slope
        rounds.append(found.rounds)
    slope, offset = calibration(labels, said)
    return int(np.median(rounds)), slope, offset


def _cut(name: str, column: Column, train: NDArray[np.bool_], rules: Boosting) -> Shape:
    known = column[train]
    if column.dtype == object:
        words, counts = np.unique([str(value) for value in known if value is not None], return_counts=True)
        order = np.lexsort((words, -counts))
        often = [str(words[place]) for place in order if counts[place] >= min(rules.rows_a_bin, max(5, len(known) // 50))]
        # Words that are all rare are told apart from nothing but each other and the missing.
        return Shape(name=name, levels=tuple(sorted(often[: rules.levels])) or ("",))
    return Shape(name=name, edges=edges_of(np.asarray(known, dtype=np.float64), bins=rules.bins, rows_a_bin=rules.rows_a_bin))


def _step(shape: Shape, bins: Ints, push: Floats, weight: Floats, rules: Boosting) -> tuple[float, Floats]:
    """The best single step and what it gains: bins below a cut get one value, bins above it another, and the missing their own."""
    pushes = np.bincount(bins, weights=push, minlength=shape.size)
    weights = np.bincount(bins, weights=weight, minlength=shape.size)
    step, gained = np.zeros(shape.size), 0.0
    if weights[0] >= rules.least_weight:
        step[0] = pushes[0] / (weights[0] + rules.ridge)
        gained = pushes[0] * step[0]
    order = np.arange(1, shape.size)
    if shape.levels:  # words have no order but that of what they say
        order = order[np.argsort(pushes[order] / (weights[order] + rules.ridge), kind="stable")]
    below, heavy = np.cumsum(pushes[order])[:-1], np.cumsum(weights[order])[:-1]
    all_push, all_weight = pushes[1:].sum(), weights[1:].sum()
    allowed = (heavy >= rules.least_weight) & (all_weight - heavy >= rules.least_weight)
    if allowed.any():
        gain = below**2 / (heavy + rules.ridge) + (all_push - below) ** 2 / (all_weight - heavy + rules.ridge)
        cut = int(np.argmax(np.where(allowed, gain, -1.0)))
        step[order[: cut + 1]] = below[cut] / (heavy[cut] + rules.ridge)
        step[order[cut + 1 :]] = (all_push - below[cut]) / (all_weight - heavy[cut] + rules.ridge)
        gained += float(gain[cut])
    return float(gained), step


def calibration(labels: Floats, odds: Floats) -> tuple[float, float]:
    """Platt's slope and offset, held a little towards 1 and 0, so that few rows do not turn them over.

    Newton's steps, halved until they make it better: whole ones run away where the odds are far too bold.
    """
    found = np.array([1.0, 0.0])
    for _ in range(50):
        chance = _logistic(found[0] * odds + found[1])
        weight = chance * (1 - chance)
        push = np.array([((labels - chance) * odds).sum() - (found[0] - 1), (labels - chance).sum() - found[1]])
        pull = np.array([[(weight * odds * odds).sum() + 1, (weight * odds).sum()], [(weight * odds).sum(), weight.sum() + 1]])
        move, now = np.linalg.solve(pull, push), _strain(found, labels, odds)
        while _strain(found + move, labels, odds) > now and abs(move).max() >= _SMALL:
            move = move / 2
        found = found + move
        if abs(move).max() < _SMALL:
            break
    return float(max(found[0], 0.05)), float(found[1])


def _strain(found: Floats, labels: Floats, odds: Floats) -> float:
    """What calibration makes small: the loss of all rows, and half the square of what it moved."""
    said = found[0] * odds + found[1]
    loss: float = (np.logaddexp(0, said) - labels * said).sum()
    return loss + float((found[0] - 1) ** 2 + found[1] ** 2) / 2


def _folded(
    shapes: Sequence[Shape],
    scores: Sequence[Floats],
    binned: Sequence[Ints],
    train: NDArray[np.bool_],
    *,
    base: float,
    slope: float,
    offset: float,
) -> Additive:
    """Scores with the calibration in them, each feature's average moved into the base."""
    total, folded = slope * base + offset, []
    for shape, score, bins in zip(shapes, scores, binned, strict=True):
        average = float(score[bins[train]].mean())
        total += slope * average
        values = tuple(round(float(one), _DIGITS) for one in slope * (score - average))
        folded.append(Shape(name=shape.name, edges=shape.edges, levels=shape.levels, scores=values))
    return Additive(base=round(total, _DIGITS), shapes=tuple(folded))


def _logistic(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -_CLIP, _CLIP)))
    return found


def _loss(labels: Floats, odds: Floats) -> float:
    chance = np.clip(_logistic(odds), 1e-9, 1 - 1e-9)
    return float(-(labels * np.log(chance) + (1 - labels) * np.log(1 - chance)).mean())
