"""Drawing the gates of a base from the base itself, whenever it is published.

Every fourth question of each card is taken out and asked: with its card there (the base has the answer) and with its card taken away
too (it is ours, but the card is missing). A file of off-topic questions says what "not ours" looks like: drawn without it, two thirds
of small talk passed the first gate. The vectors judged here come from a table that has not seen the questions taken out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.party import Role
from knowledge.card import Card
from retrieval import lexical
from retrieval.embedding import Embedder
from retrieval.evidence import Leg, Signals
from retrieval.gates import DEFAULT, KNOWN_BY, SURE_BY, Gate, Gates
from retrieval.index import NumpyIndex, VectorLeg, vectors_of
from retrieval.lexical import LexicalIndex
from retrieval.query import Words
from retrieval.ranking import rank
from retrieval.training import table
from retrieval.view import DenseLeg, View

_FOLDS: Final = 4
_FOLDS_ASKED: Final = 2
_LARGE: Final = 2000  # cards; one fold of so many has questions enough
_QUESTIONS: Final = 600  # asked per audience, about, evenly chosen: a large base is calibrated by a sample
_FEWEST: Final = 40  # questions, and off-topic lines: below this the lines of a general base are better
_PASSED_OFF_TOPIC: Final = 0.01
_KEPT: Final = 0.9  # of the questions that the base can answer, at least this share passes the first gate
_DIRECT_SHARES: Final = (0.70, 0.68, 0.66, 0.64, 0.62, 0.60)
_DIRECT_RIGHT: Final = 0.97
_MISSING_WEIGHT: Final = 0.5  # a neighbouring card often answers a question whose own card is away
_RIDGE: Final = 1.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """A question asked: what the top card's signals were, whether it was the right one, and where the right one stood."""

    signals: Signals
    leg: Leg
    kind: str  # present | missing | off_topic
    right: bool = False
    offered: bool = False  # among the first three


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fold:
    """The base without some of its questions, and those questions with the row of their card."""

    cards: tuple[Card, ...]
    index: LexicalIndex
    dense: DenseLeg | None
    held: tuple[tuple[str, int], ...]


def calibrate(
    cards: Sequence[Card], words: Words, *, off_topic: Sequence[str], embedder: Embedder | None = None, trained: bool = True
) -> dict[tuple[Leg, bool], Gates]:
    """Draw the gates per ranking, for customers (False) and for staff (True).

    `trained` says that the base has its own table, of which each fold trains another; an `embedder` is used as it is.
    """
    folds = list(_folds(cards, words, embedder=embedder, trained=trained))
    gates: dict[tuple[Leg, bool], Gates] = {}
    for staff, role in ((False, Role.CUSTOMER), (True, Role.RM)):
        mask = np.array([card.visible_to(role) for card in cards], dtype=bool)
        samples = list(_samples(folds, mask, off_topic, role=role))
        for leg in Leg:
            gates[leg, staff] = _draw([sample for sample in samples if sample.leg is leg], fallback=DEFAULT[leg])
    return gates


def _folds(cards: Sequence[Card], words: Words, *, embedder: Embedder | None, trained: bool) -> Iterator[_Fold]:
    asked = _FOLDS_ASKED if len(cards) <= _LARGE else 1
    for fold in range(asked):
        kept = tuple(
            replace(card, questions=tuple(text for place, text in enumerate(card.questions) if place % _FOLDS != fold)) for card in cards
        )
        held = tuple((text, row) for row, card in enumerate(cards) for place, text in enumerate(card.questions) if place % _FOLDS == fold)
        step = -(-len(held) * asked // _QUESTIONS) or 1
        encoder = embedder or (table(kept, words) if trained else None)
        dense = VectorLeg(encoder, NumpyIndex(vectors_of(kept, encoder))) if encoder is not None else None
        yield _Fold(cards=kept, index=lexical.build(kept, words=words), dense=dense, held=held[::step])


def _samples(folds: Sequence[_Fold], mask: NDArray[np.bool_], off_topic: Sequence[str], *, role: Role) -> Iterator[_Sample]:
    for number, fold in enumerate(folds):
        for text in off_topic[number :: len(folds)]:
            yield from _asked(text, fold, mask, role=role, kind="off_topic")
        for text, row in fold.held:
            if not mask[row]:
                continue
            yield from _asked(text, fold, mask, role=role, kind="present", row=row)
            without = mask.copy()
            without[row] = False
            yield from _asked(text, fold, without, role=role, kind="missing")


def _asked(text: str, fold: _Fold, mask: NDArray[np.bool_], *, role: Role, kind: str, row: int | None = None) -> Iterator[_Sample]:
    """A sample per ranking, or none when the question matches nothing at all."""
    both = rank(text, View(role=role, on=None, kinds=None, mask=mask), index=fold.index, dense=fold.dense)
    for leg, ranking in ((Leg.LEXICAL, both.by_words()), (Leg.HYBRID, both)):
        order = ranking.best(3)
        if order:
            yield _Sample(leg=leg, signals=ranking.signals(), kind=kind, right=order[0] == row, offered=row in order)


def _draw(samples: Sequence[_Sample], *, fallback: Gates) -> Gates:
    counts = {kind: sum(sample.kind == kind for sample in samples) for kind in ("present", "missing", "off_topic")}
    if min(counts.values()) < _FEWEST:
        return fallback
    weights = np.array(
        [
            {"present": 1.0, "missing": _MISSING_WEIGHT * counts["present"] / counts["missing"]}.get(
                sample.kind, counts["present"] / counts["off_topic"]
            )
            for sample in samples
        ]
    )
    return Gates(known=_known_gate(samples, weights), sure=_sure_gate(samples, weights))


def _known_gate(samples: Sequence[_Sample], weights: Floats) -> Gate:
    signals = _matrix(samples, KNOWN_BY)
    line = _line(signals, np.array([sample.kind == "present" and sample.offered for sample in samples]), weights)
    values = np.array([line.value(row) for row in signals])
    ours = values[[sample.kind == "present" and sample.offered for sample in samples]]
    others = values[[sample.kind == "off_topic" for sample in samples]]
    opens_at = min(float(np.quantile(others, 1 - _PASSED_OFF_TOPIC)), float(np.quantile(ours, 1 - _KEPT)))
    return replace(line, opens_at=round(opens_at, 6))


def _sure_gate(samples: Sequence[_Sample], weights: Floats) -> Gate:
    signals = _matrix(samples, SURE_BY)
    line = _line(signals, np.array([sample.right for sample in samples]), weights)
    values = np.array([line.value(row) for row in signals])
    present = np.array([sample.kind == "present" for sample in samples])
    right = np.array([sample.right for sample in samples])[present]
    ours = values[present]
    bars = [float(np.quantile(ours, 1 - share)) for share in _DIRECT_SHARES]
    opens_at = next((bar for bar in bars if right[ours >= bar].mean() >= _DIRECT_RIGHT), bars[-1])
    return replace(line, opens_at=round(opens_at, 6))


def _matrix(samples: Sequence[_Sample], names: Sequence[str]) -> Floats:
    return np.array([[getattr(sample.signals, name) for name in names] for sample in samples], dtype=np.float64)


def _line(signals: Floats, labels: NDArray[np.bool_], weights: Floats) -> Gate:
    """Fit a logistic line whose weights are never negative: a closer card cannot be a worse one."""
    kept = list(range(signals.shape[1]))
    while True:
        solution = _newton(np.column_stack([signals[:, kept], np.ones(len(signals))]), labels.astype(np.float64), weights)
        negative = [place for place, weight in zip(kept, solution, strict=False) if weight < 0]
        if not negative or len(kept) == 1:
            break
        kept = [place for place in kept if place not in negative] or [0]
    full = np.zeros(signals.shape[1])
    full[kept] = np.maximum(solution[:-1], 0.0)
    return Gate(weights=tuple(round(float(weight), 6) for weight in full), bias=round(float(solution[-1]), 6), opens_at=0.5)


def _newton(signals: Floats, labels: Floats, weights: Floats) -> Floats:
    """Weighted logistic regression with a ridge on everything but the bias."""
    ridge = np.full(signals.shape[1], _RIDGE)
    ridge[-1] = 1e-6
    solution: Floats = np.zeros(signals.shape[1])
    for _ in range(30):
        expected = 1.0 / (1.0 + np.exp(-np.clip(signals @ solution, -30, 30)))
        slope = signals.T @ (weights * (expected - labels)) + ridge * solution
        bend = (signals * (weights * expected * (1 - expected))[:, None]).T @ signals + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        solution = solution - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return solution
