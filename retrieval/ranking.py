"""The order of the cards for one question: both legs, fused, within a view. Shared by the search and by the drawing of its gates."""

import logging
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.evidence import Signals
from retrieval.fusion import fuse
from retrieval.lexical import LexicalIndex, LexicalScores
from retrieval.view import DenseLeg, Mask, Similarities, View

_LOG: Final = logging.getLogger(__name__)
_LIKELY: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Scores per row of the catalogue. `vectors` is None when the words ranked alone; `among` marks the rows that may be shown."""

    scores: NDArray[np.float64]
    words: LexicalScores
    vectors: Similarities | None
    among: Mask

    def best(self, k: int) -> list[int]:
        """The best rows, best first; equals in the order of their ids."""
        return best_rows(self.scores, among=self.among, k=k)

    def by_words(self) -> "Ranking":
        """The ranking that the words alone would give."""
        return Ranking(scores=self.words.score, words=self.words, vectors=None, among=self.among & (self.words.score > 0))

    def signals(self) -> Signals:
        """The signals of the first row. There must be one."""
        order = self.best(2)
        top = order[0]
        second = float(self.scores[order[1]]) if len(order) > 1 else 0.0
        return Signals(
            covered=float(self.words.covered[top]),
            matched=float(self.words.matched[top]),
            cosine=float(self.words.cosine[top]),
            document=0.0 if self.vectors is None else float(self.vectors.document[top]),
            asked=0.0 if self.vectors is None else float(self.vectors.asked[top]),
            length=self.words.length,
            margin=float(self.scores[top]) - second,
            foreign=self.words.foreign,
        )


def rank(question: str, view: View, *, index: LexicalIndex, dense: DenseLeg | None, extra: NDArray[np.float64] | float = 0.0) -> Ranking:
    """Score the cards of the view. `extra` is added to the scores per row."""
    words = index.score(question, among=view.mask)
    vectors = _similarities(question, view, words, dense)
    scores = fuse(words.score, vectors)
    return Ranking(scores=scores + extra, words=words, vectors=vectors, among=view.mask & (scores > 0))


def best_rows(scores: NDArray[np.float64], *, among: Mask, k: int) -> list[int]:
    """The k best rows of the mask, equals in the order of the rows."""
    rows = np.flatnonzero(among)
    if len(rows) > 4 * k:
        rows = rows[scores[rows] >= np.partition(scores[rows], -k)[-k]]
    return [int(row) for row in rows[np.lexsort((rows, -scores[rows]))][:k]]


def _similarities(question: str, view: View, words: LexicalScores, dense: DenseLeg | None) -> Similarities | None:
    if dense is None:
        return None
    likely = np.array(best_rows(words.score, among=view.mask, k=_LIKELY), dtype=np.int64)
    try:
        return dense.similarities(question, view, likely=likely)
    except Exception as error:  # the one boundary of the dense leg: whatever breaks there, the words still answer
        _LOG.warning("retrieval.dense.failed %s; answered by words alone", type(error).__name__)
        return None
