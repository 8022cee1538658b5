"""How good a score is on rows that it never saw: ordering, precision among those flagged, calibration. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crm.learning.additive import calibration
from crm.learning.cutting import Floats
from crm.learning.definitions import definitions

_Z95 = 1.959963984540054
_DIGITS = 4
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """What happens when `share` of all rows are flagged."""

    share: float
    precision: float
    recall: float
    lift: float  # precision against that of flagging at random


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`…_from` and `…_to` are 95 % intervals, those of lift and Brier by bootstrap with a fixed seed.

    `brier_of_rate` is what always saying the average would get, `brier_saved` how much less the score gets. `slope` is 1 where the log-odds
    are neither too bold (less) nor too shy (more).
    """

    rows: int
    positives: int
    auroc: float
    auroc_from: float
    auroc_to: float
    flagged: Flagged
    lift_from: float
    lift_to: float
    brier: float | None = None
    brier_of_rate: float | None = None
    brier_saved: float | None = None
    brier_saved_from: float | None = None
    brier_saved_to: float | None = None
    slope: float | None = None
    reliability: tuple[tuple[float, float, int], ...] = ()  # said, seen, rows: by tenths of the rows


def auroc(labels: Floats, scores: Floats) -> float:
    """The chance that a positive row scores above a negative one; ties count half. Not a number where there is only one kind."""
    from scipy.stats import rankdata

    positive = labels > 0
    above, below = int(positive.sum()), int((~positive).sum())
    if not above or not below:
        return math.nan
    return float((rankdata(scores)[positive].sum() - above * (above + 1) / 2) / (above * below))


def measured(labels: Floats, scores: Floats, *, share: float, probabilities: bool) -> Measured:
    """All figures at once. `probabilities` says that scores are chances, so their calibration means something."""
    area = auroc(labels, scores)
    spread = _Z95 * _error_of(area, int((labels > 0).sum()), int((labels <= 0).sum()))
    lift_from, lift_to = _between([flagged(labels[rows], scores[rows], share=share).lift for rows in _drawn(len(labels))])
    figures = Measured(
        rows=len(labels),
        positives=int(labels.sum()),
        auroc=round(area, _DIGITS),
        auroc_from=round(max(0.0, area - spread), _DIGITS),
        auroc_to=round(min(1.0, area + spread), _DIGITS),
        flagged=flagged(labels, scores, share=share),
        lift_from=lift_from,
        lift_to=lift_to,
    )
    return _calibrated(figures, labels, scores) if probabilities else figures


def _calibrated(figures: Measured, labels: Floats, chances: Floats) -> Measured:
    """The figures with those that only chances have."""
    rate, missed = float(labels.mean()), (chances - labels) ** 2
    saved = (rate - labels) ** 2 - missed
    low, high = _between([float(saved[rows].mean()) for rows in _drawn(len(labels))])
    odds = np.log(np.clip(chances, _TINY, 1 - _TINY) / np.clip(1 - chances, _TINY, 1 - _TINY))
    return replace(
        figures,
        brier=round(float(missed.mean()), _DIGITS),
        brier_of_rate=round(rate * (1 - rate), _DIGITS),
        brier_saved=round(float(saved.mean()), _DIGITS),
        brier_saved_from=low,
        brier_saved_to=high,
        slope=round(calibration(labels, odds)[0], _DIGITS),
        reliability=_reliability(labels, chances),
    )


def _drawn(rows: int) -> Iterator[NDArray[np.int64]]:
    """Rows drawn with replacement, as many as there are, again and again; the same in every run."""
    random = np.random.default_rng(definitions().seed)
    return (random.integers(0, rows, rows) for _ in range(definitions().draws))


def _between(figures: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(figures, [0.025, 0.975])
    return round(float(low), _DIGITS), round(float(high), _DIGITS)


def difference(labels: Floats, one: Floats, other: Floats) -> tuple[float, float, float]:
    """How much better one score orders the same rows than another, in AUROC, with the 95 % interval (DeLong et al. 1988)."""
    (above_one, below_one), (above_other, below_other) = _placements(labels, one), _placements(labels, other)
    above, below = above_one - above_other, below_one - below_other
    if len(above) < 2 or len(below) < 2:
        return (math.nan, math.nan, math.nan)
    spread = _Z95 * math.sqrt(float(above.var(ddof=1)) / len(above) + float(below.var(ddof=1)) / len(below))
    better = float(above.mean())
    return (round(better, _DIGITS), round(better - spread, _DIGITS), round(better + spread, _DIGITS))


def _placements(labels: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """For each positive row the share of negatives below it, for each negative the share of positives above it."""
    from scipy.stats import rankdata

    positive = labels > 0
    ranks = rankdata(scores)
    above = (ranks[positive] - rankdata(scores[positive])) / max(1, int((~positive).sum()))
    below = 1 - (ranks[~positive] - rankdata(scores[~positive])) / max(1, int(positive.sum()))
    return above, below


def flagged(labels: Floats, scores: Floats, *, share: float) -> Flagged:
    """Flag the highest scores, as many as the share allows. Of equal scores at the edge each counts as far as it fits in."""
    room = int(share * len(labels))
    if not room:
        return Flagged(share=0.0, precision=0.0, recall=0.0, lift=0.0)
    edge = np.sort(scores)[-room]
    surely, at_edge = scores > edge, scores == edge
    part = (room - int(surely.sum())) / int(at_edge.sum())
    hits = float(labels[surely].sum() + part * labels[at_edge].sum())
    return Flagged(
        share=round(room / len(labels), _DIGITS),
        precision=round(hits / room, _DIGITS),
        recall=round(hits / max(1.0, float(labels.sum())), _DIGITS),
        lift=round(hits / room / max(float(labels.mean()), 1 / len(labels)), _DIGITS),
    )


def _error_of(area: float, positives: int, negatives: int) -> float:
    """The standard error of an area under the curve (Hanley and McNeil 1982)."""
    if math.isnan(area):
        return 0.0
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (positives - 1) * (one - area**2) + (negatives - 1) * (two - area**2)
    return math.sqrt(max(0.0, variance) / (positives * negatives))


def _reliability(labels: Floats, scores: Floats) -> tuple[tuple[float, float, int], ...]:
    parts = [part for part in np.array_split(np.argsort(scores, kind="stable"), 10) if len(part)]
    return tuple((round(float(scores[part].mean()), _DIGITS), round(float(labels[part].mean()), _DIGITS), len(part)) for part in parts)
