"""Vectors of a base, compared with a question. `NumpyIndex` is exact and always there; Chroma (see `chroma`) may stand in front of it.

Every index is a projection of a published base: it can be thrown away and built again from the vectors in the folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.card import Card
from retrieval.embedding import Embedder, Floats
from retrieval.lexical import document_of, questions_of
from retrieval.view import Similarities, View

#: Above this many questions only the cards that the words or the whole-card vectors find likely are compared question by question.
_EXHAUSTIVE: Final = 20_000
_LIKELY: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """Unit vectors: one per card, and one per question with each card's questions together, from `first` on."""

    documents: Floats
    questions: Floats
    first: NDArray[np.int64]

    def own(self) -> NDArray[np.int64]:
        """The card row of each question."""
        sizes = np.diff(np.append(self.first, len(self.questions)))
        return np.repeat(np.arange(len(self.first)), sizes)


class DenseIndex(Protocol):
    """Compares one vector with the cards of a view. Rows outside the view hold 0."""

    def compare(self, vector: Floats, view: View, *, likely: NDArray[np.int64]) -> Similarities: ...

    def close(self) -> None: ...


class NumpyIndex:
    """Exact cosines by multiplication: the reference for every other index, and the one that cannot be out of order."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self._ends = np.append(vectors.first[1:], len(vectors.questions)).astype(np.int64)

    def compare(self, vector: Floats, view: View, *, likely: NDArray[np.int64]) -> Similarities:
        """Compare with every card; in a large base with the questions of the likely cards, the others counting as the least of those."""
        document = np.where(view.mask, _cosines(self.vectors.documents, vector), 0.0).astype(np.float64)
        if len(self.vectors.questions) <= _EXHAUSTIVE:
            asked = np.maximum.reduceat(_cosines(self.vectors.questions, vector), self.vectors.first).astype(np.float64)
        else:
            asked = self._asked_of(self._candidates(document, view, likely), vector, size=len(document))
        return Similarities(document=document, asked=np.where(view.mask, asked, 0.0))

    def close(self) -> None:
        """Nothing is held."""

    def _candidates(self, document: NDArray[np.float64], view: View, likely: NDArray[np.int64]) -> NDArray[np.int64]:
        close = np.argpartition(np.where(view.mask, document, -2.0), -_LIKELY)[-_LIKELY:]
        return np.union1d(close, likely)

    def _asked_of(self, cards: NDArray[np.int64], vector: Floats, *, size: int) -> NDArray[np.float64]:
        starts, ends = self.vectors.first[cards], self._ends[cards]
        sizes = ends - starts
        begins = np.cumsum(sizes) - sizes
        rows = np.arange(int(sizes.sum())) + np.repeat(starts - begins, sizes)
        best = np.maximum.reduceat(_cosines(self.vectors.questions[rows], vector), begins)
        asked = np.full(size, float(best.min()))
        asked[cards] = best
        return asked


def _cosines(rows: Floats, vector: Floats) -> Floats:
    """Products without the matrix library: its threads wait for each other, and on busy cores a tenth of a millisecond became forty."""
    cosines: Floats = np.einsum("ij,j->i", rows, vector)
    return cosines


class VectorLeg:
    """An embedder with an index: the dense leg of a search."""

    def __init__(self, embedder: Embedder, index: DenseIndex) -> None:
        self._embedder = embedder
        self._index = index

    def similarities(self, question: str, view: View, *, likely: NDArray[np.int64]) -> Similarities:
        """Compare a question with the cards of the view."""
        return self._index.compare(self._embedder.encode([question], query=True)[0], view, likely=likely)

    def close(self) -> None:
        """Let go of what the index holds."""
        self._index.close()


def vectors_of(cards: Sequence[Card], embedder: Embedder) -> Vectors:
    """Encode every card and question."""
    asked = [questions_of(card) for card in cards]
    return Vectors(
        documents=embedder.encode([document_of(card) for card in cards]),
        questions=embedder.encode([text for texts in asked for text in texts], query=True),
        first=np.cumsum([0, *(len(texts) for texts in asked)])[:-1].astype(np.int64),
    )


def write_vectors(vectors: Vectors, folder: Path) -> None:
    """Write the arrays, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("documents", "questions", "first"):
        np.save(folder / f"{name}.npy", getattr(vectors, name))


def load_vectors(folder: Path) -> Vectors:
    """Map what `write_vectors` wrote. Raises OSError or ValueError when it is not whole."""
    return Vectors(**{name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("documents", "questions", "first")})
