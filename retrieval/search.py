"""Question in, evidence out. A card that the asker may not see, or that is not valid that day, is left out before anything is scored."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from domain.party import Role
from knowledge.card import Card, CardKind
from knowledge.catalogue import Catalogue
from retrieval import lexical
from retrieval.evidence import Decision, Evidence, Hit, Leg
from retrieval.gates import DEFAULT, Gates
from retrieval.lexical import LexicalIndex
from retrieval.ranking import Ranking, rank
from retrieval.view import DenseLeg, Views

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
        ranking = rank(question, view, index=self._index, dense=self._dense, extra=np.where(self._views.tagged(boost), BOOST, 0.0))
        order = ranking.best(max(k, 3))
        leg = Leg.LEXICAL if ranking.vectors is None else Leg.HYBRID
        if not order:
            return Evidence(
                question=question, decision=Decision.NONE, hits=(), margin=0.0, known=0.0, sure=0.0, leg=leg, version=self.version
            )
        signals = ranking.signals()
        decision, known, sure = self._gates[leg, role.is_staff].judge(signals)
        return Evidence(
            question=question,
            decision=decision,
            hits=tuple(self._hit(row, ranking) for row in order[: max(k, 1)]),
            margin=signals.margin,
            known=known,
            sure=sure,
            leg=leg,
            version=self.version,
            signals=signals,
        )

    def close(self) -> None:
        """Let go of what the vectors' index holds (Chroma's store and lock). Words still answer afterwards."""
        if self._dense is not None:
            self._dense.close()

    def _hit(self, row: int, ranking: Ranking) -> Hit:
        vectors = ranking.vectors
        return Hit(
            card=self.catalogue.cards[row],
            score=float(ranking.scores[row]),
            lexical=float(ranking.words.score[row]),
            dense=None if vectors is None else float(vectors.document[row] + vectors.asked[row]) / 2,
        )


def in_memory(catalogue: Catalogue) -> Search:
    """A search by words alone over the cards, without publishing: for tests, and for a base just read.

    The index of the last cards is kept: who reads the same ones again in this process, or in one forked from it, does not cut them again.
    """
    return Search(catalogue, index=_index_of(catalogue.cards))


@lru_cache(maxsize=1)
def _index_of(cards: tuple[Card, ...]) -> LexicalIndex:
    return lexical.build(cards)
