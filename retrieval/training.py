"""The table of token vectors, trained at publish time on the base's own pairs: question and body, question and sibling question.

Contrastive, with every other card of the batch as the wrong answer (the multiple-negatives ranking loss of sentence-transformers, both
ways) and the gradient written out: a mean of rows, a cosine, a softmax. Plain numpy takes some two seconds for a hundred cards on one
core; importing sentence_transformers alone takes seven and 400 MB. Vectors trained on other banks' texts do not transfer, so there is
nothing to download.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.card import Card
from retrieval.embedding import UNKNOWN, Floats, StaticTable, tokens_of
from retrieval.lexical import document_of, questions_of
from retrieval.query import Words

DIMENSIONS: Final = 256
EPOCHS: Final = 10
#: Below this many pairs a table learns nothing that the words do not say: the dense leg is left out.
FEWEST_PAIRS: Final = 300
_BATCH: Final = 128
_RATE: Final = 0.1
_SCALE: Final = 10.0  # of the cosine within the softmax
_VISITS: Final = 40_000  # pairs looked at in all: a large base gets fewer rounds
_LARGE: Final = 60_000  # tokens: above this, tokens seen in a single text are dropped
_SEED: Final = 20260101
#: Names the table; changes whenever the same cards would give another one.
RECIPE: Final = "table-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Texts that belong together, as rows of `texts`, and the card of each pair."""

    texts: tuple[str, ...]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    card: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.card)


def pairs_of(cards: Sequence[Card]) -> Pairs:
    """Each question with its card's answer, with the answer and details, and with the next question of the card."""
    texts: list[str] = []
    found: list[tuple[int, int, int]] = []
    for number, card in enumerate(cards):
        questions = questions_of(card)
        start = len(texts)
        answer, body = start + len(questions), start + len(questions) + 1
        texts += [*questions, card.answer, "\n".join((card.title, card.answer, card.details))]
        for position in range(len(questions)):
            found += [(start + position, answer, number), (start + position, body, number)]
            if len(questions) > 1:
                found.append((start + position, start + (position + 1) % len(questions), number))
    left, right, card_rows = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return Pairs(texts=tuple(texts), left=left, right=right, card=card_rows)


def train(
    cards: Sequence[Card], words: Words, *, epochs: int = EPOCHS, dimensions: int = DIMENSIONS
) -> tuple[tuple[str, ...], Floats] | None:
    """Return the tokens and their vectors, or None when the base has too few pairs.

    The same cards give the same bytes on one kind of processor.
    """
    pairs = pairs_of(cards)
    if len(pairs) < FEWEST_PAIRS:
        return None
    tokenised = [tokens_of(text, words) for text in pairs.texts]
    tokens, weights = _vocabulary([*tokenised, *(tokens_of(document_of(card), words) for card in cards)])
    random = np.random.default_rng(_SEED)
    matrix = (random.standard_normal((len(tokens), dimensions)) / np.sqrt(dimensions)).astype(np.float32)
    matrix *= np.sqrt(weights)[:, None]
    matrix[0] = 0.0
    with one_thread():
        _Descent(matrix, _bags(tokenised, tokens), pairs).run(random, rounds=min(epochs * len(pairs), _VISITS) / len(pairs))
    return tokens, matrix


def table(cards: Sequence[Card], words: Words, *, epochs: int = EPOCHS) -> StaticTable | None:
    """Train and serve from memory."""
    trained = train(cards, words, epochs=epochs)
    return None if trained is None else StaticTable(*trained, words)


def _vocabulary(texts: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], Floats]:
    """The sorted tokens after UNKNOWN, with their inverse document frequency."""
    seen: dict[str, int] = {}
    for tokens in texts:
        for token in set(tokens):
            seen[token] = seen.get(token, 0) + 1
    fewest = 2 if len(seen) > _LARGE else 1
    kept = sorted(token for token, count in seen.items() if count >= fewest)
    df = np.array([len(texts), *(seen[token] for token in kept)], dtype=np.float64)
    return (UNKNOWN, *kept), np.log1p((len(texts) - df + 0.5) / (df + 0.5)).astype(np.float32)


def _bags(texts: Sequence[Sequence[str]], tokens: Sequence[str]) -> sparse.csr_array:
    """One row per text: the share of each token among its known tokens."""
    rows = {token: row for row, token in enumerate(tokens)}
    found = [[row for token in text if (row := rows.get(token)) is not None] for text in texts]
    sizes = np.array([len(text) for text in found], dtype=np.int64)
    columns = np.concatenate([np.array(text, dtype=np.int64) for text in found])
    shares = np.repeat(1.0 / np.maximum(sizes, 1), sizes).astype(np.float32)
    bags = sparse.csr_array((shares, columns, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(texts), len(tokens)))
    bags.sum_duplicates()
    return bags


def one_thread() -> AbstractContextManager[object]:
    """Keep numpy's matrix library to one thread: for matrices this small its threads wait for each other, thrice as long on busy cores."""
    limits: AbstractContextManager[object] = import_module("threadpoolctl").threadpool_limits(limits=1, user_api="blas")
    return limits


class _Descent:
    """Row-wise Adagrad on the table: a token's step shrinks with what it has moved already."""

    def __init__(self, matrix: Floats, bags: sparse.csr_array, pairs: Pairs) -> None:
        self._matrix = matrix
        self._bags = bags
        self._pairs = pairs
        self._moved = np.full(len(matrix), 1e-8, dtype=np.float32)
        self._met = np.zeros(len(matrix), dtype=bool)
        self._place = np.zeros(len(matrix), dtype=np.int32)

    def run(self, random: np.random.Generator, *, rounds: float) -> None:
        left = round(rounds * len(self._pairs))
        while left > 0:
            order = random.permutation(len(self._pairs))[:left]
            left -= len(order)
            for start in range(0, len(order), _BATCH):
                batch = order[start : start + _BATCH]
                if len(batch) > 1:
                    self._step(batch)

    def _step(self, batch: NDArray[np.int64]) -> None:
        left, right = self._bags[self._pairs.left[batch]], self._bags[self._pairs.right[batch]]
        self._met[:] = False
        self._met[left.indices] = self._met[right.indices] = True
        rows = np.flatnonzero(self._met)
        self._place[rows] = np.arange(len(rows))
        left, right = self._narrow(left, len(rows)), self._narrow(right, len(rows))
        current = self._matrix[rows]
        toward_left, toward_right = _gradients(left @ current, right @ current, self._pairs.card[batch])
        slope = np.asarray(left.T @ toward_left + right.T @ toward_right, dtype=np.float32)
        self._moved[rows] += (slope * slope).mean(axis=1)
        self._matrix[rows] = current - _RATE * slope / np.sqrt(self._moved[rows])[:, None]

    def _narrow(self, bags: sparse.csr_array, tokens: int) -> sparse.csr_array:
        """The same texts over the tokens of the batch only."""
        return sparse.csr_array((bags.data, self._place[bags.indices], bags.indptr), shape=(bags.shape[0], tokens))


def _gradients(left: Floats, right: Floats, card: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Slopes of the symmetric loss by the means of both sides. Pairs of one card are not held against each other."""
    lengths_left = np.linalg.norm(left, axis=1, keepdims=True) + 1e-9
    lengths_right = np.linalg.norm(right, axis=1, keepdims=True) + 1e-9
    unit_left, unit_right = left / lengths_left, right / lengths_right
    closeness = _SCALE * (unit_left @ unit_right.T)
    same_card = card[:, None] == card[None, :]
    np.fill_diagonal(same_card, val=False)
    closeness[same_card] = -np.inf
    wrong = (_softmax(closeness) + _softmax(closeness.T).T) / 2
    wrong[np.diag_indices(len(card))] -= 1.0
    wrong *= _SCALE / len(card)
    return (
        _across(wrong @ unit_right, unit_left) / lengths_left,
        _across(wrong.T @ unit_left, unit_right) / lengths_right,
    )


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _across(slope: Floats, unit: Floats) -> Floats:
    """The part of a slope that turns a vector; its length does not matter to a cosine."""
    return np.asarray(slope - unit * (slope * unit).sum(axis=1, keepdims=True), dtype=np.float32)
