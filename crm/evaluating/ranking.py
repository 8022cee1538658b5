"""How well a score puts those who are before those who are not. Equal scores are a draw: nobody gains by the order of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A list of those to look at first: how many it holds, how many of them are right, and how many there are in all."""

    flagged: float
    right: float
    positives: int

    @property
    def precision(self) -> float | None:
        """The share of the list that is right."""
        return self.right / self.flagged if self.flagged else None

    @property
    def recall(self) -> float | None:
        """The share of those there are that is on the list."""
        return self.right / self.positives if self.positives else None


def auroc(scores: Sequence[float] | Floats, truth: Sequence[bool] | NDArray[np.bool_]) -> float | None:
    """The chance that one who is has a higher score than one who is not; a draw counts half. None where there is only one sort."""
    is_so = np.asarray(truth, dtype=bool)
    positives, negatives = int(is_so.sum()), int((~is_so).sum())
    if not positives or not negatives:
        return None
    groups, sizes = _groups(scores)
    ends = np.cumsum(sizes)
    ranks = ends - (sizes - 1) / 2.0
    return float((ranks[groups][is_so].sum() - positives * (positives + 1) / 2.0) / (positives * negatives))


def average_precision(scores: Sequence[float] | Floats, truth: Sequence[bool] | NDArray[np.bool_]) -> float | None:
    """The area under precision over recall, in steps; those with equal scores enter together. None where nobody is."""
    is_so = np.asarray(truth, dtype=bool)
    if not is_so.any():
        return None
    groups, sizes = _groups(scores)
    right = np.bincount(groups, weights=is_so, minlength=len(sizes))[::-1]
    taken, found = np.cumsum(sizes[::-1]), np.cumsum(right)
    return float((right * found / taken).sum() / is_so.sum())


def first_share(scores: Sequence[float] | Floats, truth: Sequence[bool] | NDArray[np.bool_], share: float) -> Flagged:
    """The highest scores, as many as the share allows. Of equal scores at the edge the expected part counts, whoever comes first."""
    is_so = np.asarray(truth, dtype=bool)
    room = int(share * len(is_so))
    groups, sizes = _groups(scores)
    right = np.bincount(groups, weights=is_so, minlength=len(sizes))
    found, left = 0.0, float(room)
    for group in range(len(sizes) - 1, -1, -1):
        if left <= 0:
            break
        part = min(1.0, left / float(sizes[group]))
        found += part * float(right[group])
        left -= part * float(sizes[group])
    return Flagged(flagged=float(room), right=found, positives=int(is_so.sum()))


def _groups(scores: Sequence[float] | Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each score the place of its value among the distinct ones, lowest first, and how many have each value."""
    _, groups, sizes = np.unique(np.asarray(scores, dtype=float), return_inverse=True, return_counts=True)
    return groups.reshape(-1), sizes
