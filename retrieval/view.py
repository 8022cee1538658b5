"""Who asks, when: which rows of the base are left before anything is scored, and what a leg of vectors says about those."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.party import Role
from knowledge.card import Card, CardKind

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who asks, when (None: on any day), and for which kinds of card. `mask` marks the rows that are left, in the catalogue's order."""

    role: Role
    on: date | None
    kinds: frozenset[CardKind] | None
    mask: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarities:
    """Per row of the catalogue: the cosine of the whole card, and of its best question. Rows outside the view hold 0."""

    document: NDArray[np.float64]
    asked: NDArray[np.float64]


class DenseLeg(Protocol):
    """Vectors of a base: compares a question with the cards of a view. Any exception means "out of order"; the words answer then."""

    def similarities(self, question: str, view: View, *, likely: NDArray[np.int64]) -> Similarities:
        """`likely` are the rows that the words rank first; a large index may look closer at those than at others."""

    def close(self) -> None: ...


class Views:
    """Masks over the cards by role, day and kind."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._roles = {role: np.array([role in card.audience for card in cards], dtype=bool) for role in Role}
        self._kinds = {kind: np.array([card.kind is kind for card in cards], dtype=bool) for kind in CardKind}
        self._from = np.array([card.valid_from.toordinal() for card in cards], dtype=np.int64)
        self._until = np.array([card.valid_until.toordinal() for card in cards], dtype=np.int64)
        names = sorted({name for card in cards for name in card.segments})
        self._segments = {name: np.array([name in card.segments for card in cards], dtype=bool) for name in names}
        self._nobody = np.zeros(len(cards), dtype=bool)

    def view(self, role: Role, *, on: date, kinds: frozenset[CardKind] | None) -> View:
        day = on.toordinal()
        mask = self._roles[role] & (self._from <= day) & (day < self._until)
        if kinds is not None:
            mask &= np.logical_or.reduce([self._nobody, *(self._kinds[kind] for kind in sorted(kinds))])
        return View(role=role, on=on, kinds=kinds, mask=mask)

    def tagged(self, segments: frozenset[str]) -> Mask:
        mask: Mask = np.logical_or.reduce([self._nobody, *(self._segments[name] for name in sorted(segments) if name in self._segments)])
        return mask
