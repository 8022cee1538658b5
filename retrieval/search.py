"""Question in, evidence out. A card that the asker may not see, or that is not valid that day, is left out before anything is scored."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.party import Role
from knowledge.card import CardKind
from knowledge.catalogue import Catalogue
from retrieval import lexical
from retrieval.evidence import Decision, Evidence, Hit, Leg, Signals
from retrieval.fusion import fuse
from retrieval.gates import DEFAULT, Gates
from retrieval.lexical import LexicalIndex, LexicalScores
from retrieval.view import DenseLeg, Mask, Similarities, View, Views

_LOG: Final = logging.getLogger(__name__)

#: What a card tagged with a segment of the asker gains: enough to order equals, too little to overturn words.
BOOST: Final = 0.02


class Search:
    """A base that answers. Safe for threads: nothing changes after construction."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        index: LexicalIndex,
        dense: DenseLeg | None = None,
        gates: Mapping[tuple[Leg, bool], Gates] | None = None,
        version: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.version = version or catalogue.content_hash[:16]
        self._index = index
        self._dense = dense
        self._gates = gates or {(leg, staff): DEFAULT[leg] for leg in Leg for staff in (False, True)}
        self._views = Views(catalogue.cards)

    def search(
        self,
        question: str,
        *,
        role: Role,
        on: date,
        k: int = 5,
        boost: frozenset[str] = frozenset(),
        kinds: frozenset[CardKind] | None = None,
    ) -> Evidence:
        """Find the best `k` cards for that role on that day, and say what they allow.

        `boost` are segments of the asker, which order equals; with `kinds` only such cards are looked at.
        """
        view = self._views.view(role, on=on, kinds=kinds)
        words = self._index.score(question, among=view.mask)
        vectors = self._similarities(question, view)
        leg = Leg.LEXICAL if vectors is None else Leg.HYBRID
        scores = fuse(words.score, vectors) + BOOST * (self._views.tagged(boost) & view.mask)
        order = _best(scores, among=view.mask & (scores > 0), k=max(k, 3))
        hits = tuple(self._hit(row, scores, words, vectors) for row in order)
        if not hits:
            return Evidence(
                question=question, decision=Decision.NONE, hits=(), margin=0.0, known=0.0, sure=0.0, leg=leg, version=self.version
            )
        signals = signals_of(order, scores, words, vectors)
        decision, known, sure = self._gates[leg, role.is_staff].judge(signals)
        return Evidence(
            question=question,
            decision=decision,
            hits=hits[: max(k, 1)],
            margin=signals.margin,
            known=known,
            sure=sure,
            leg=leg,
            version=self.version,
            signals=signals,
        )

    def _similarities(self, question: str, view: View) -> Similarities | None:
        if self._dense is None:
            return None
        try:
            return self._dense.similarities(question, view)
        except Exception as error:  # the one boundary of the dense leg: whatever breaks there, the words still answer
            _LOG.warning("retrieval.dense.failed %s; answered by words alone", type(error).__name__)
            return None

    def _hit(self, row: int, scores: NDArray[np.float64], words: LexicalScores, vectors: Similarities | None) -> Hit:
        dense = None if vectors is None else float(vectors.document[row] + vectors.asked[row]) / 2
        return Hit(card=self.catalogue.cards[row], score=float(scores[row]), lexical=float(words.score[row]), dense=dense)


def in_memory(catalogue: Catalogue) -> Search:
    """A search by words alone over the cards, without publishing: for tests, and for a base just read."""
    return Search(catalogue, index=lexical.build(catalogue.cards))


def signals_of(order: Sequence[int], scores: NDArray[np.float64], words: LexicalScores, vectors: Similarities | None) -> Signals:
    """The signals of the first row of a ranking."""
    top = order[0]
    second = float(scores[order[1]]) if len(order) > 1 else 0.0
    return Signals(
        covered=float(words.covered[top]),
        matched=float(words.matched[top]),
        cosine=float(words.cosine[top]),
        document=0.0 if vectors is None else float(vectors.document[top]),
        asked=0.0 if vectors is None else float(vectors.asked[top]),
        margin=float(scores[top]) - second,
    )


def _best(scores: NDArray[np.float64], *, among: Mask, k: int) -> list[int]:
    """The best rows, best first; equals in the order of their ids."""
    rows = np.flatnonzero(among)
    if len(rows) > 4 * k:
        rows = rows[scores[rows] >= np.partition(scores[rows], -k)[-k]]
    return [int(row) for row in rows[np.lexsort((rows, -scores[rows]))][:k]]
