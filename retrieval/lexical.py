"""The lexical leg: field-aware BM25 over a card's whole text and over each of its questions.

Measured as the best offline ranking without vectors: document grams + .3 document words + .4 the best question + .2 the cosine of the
best question, each BM25 divided by its best score among the cards that the asker may see.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.card import Card
from retrieval.postings import Postings, load_postings, postings, write_postings
from retrieval.query import Words, grams, grams_of, runs, words_of

WORDS_WEIGHT: Final = 0.3
QUESTION_WEIGHT: Final = 0.4
COSINE_WEIGHT: Final = 0.2
#: What a perfect card can reach: the lexical score divided by this lies in 0–1.
FULL: Final = 1.0 + WORDS_WEIGHT + QUESTION_WEIGHT + COSINE_WEIGHT

_LONG: Final = 16  # units; a longer question says no more about whether it is ours

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalScores:
    """Per card: `score` in 0–1 for ranking, and what the gates judge by, all in 0–1 and comparable between questions.

    `covered` is the share of the question's weight that the card's text carries, `matched` the same for its best question, `cosine` the
    closeness of its best question. Cards outside the mask hold -1 in `score`. `foreign` is the closeness of the nearest off-topic question
    and `length` how long the question is, in 0–1.
    """

    score: NDArray[np.float64]
    covered: NDArray[np.float64]
    matched: NDArray[np.float64]
    cosine: NDArray[np.float64]
    foreign: float
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalIndex:
    """Three postings: documents by grams, documents by words, questions by grams.

    `first` is each card's first question; what follows the cards' questions, from the last of `first` on, is off-topic.
    """

    words: Words
    documents: Postings
    document_words: Postings
    questions: Postings
    first: NDArray[np.int64]

    def score(self, question: str, *, among: Mask) -> LexicalScores:
        """Score every card of the mask. The mask is applied before any score is compared with another."""
        stretches = runs(question)
        tokens = grams_of(stretches)
        units = sum(map(len, stretches))
        document = _bm25(self.documents, tokens)
        word = _bm25(self.document_words, self.words.cut_of(stretches))
        asked, _ = self._best(_bm25(self.questions, tokens))
        cosine, foreign = self._best(_cosine(self.questions, tokens))
        covered, matched = _share(document, self.documents, tokens), _share(asked, self.questions, tokens)
        score = (
            _by_best(document, among)
            + WORDS_WEIGHT * _by_best(word, among)
            + QUESTION_WEIGHT * _by_best(asked, among)
            + COSINE_WEIGHT * cosine
        ) / FULL
        return LexicalScores(
            score=np.where(among, score, -1.0),
            covered=covered,
            matched=matched,
            cosine=cosine,
            foreign=foreign,
            length=min(float(np.log1p(units) / np.log1p(_LONG)), 1.0),
        )

    def _best(self, scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """The best question of each card, and the best off-topic one."""
        best: NDArray[np.float64] = np.maximum.reduceat(np.append(scores, 0.0), self.first)
        return best[:-1], float(best[-1])


def document_of(card: Card, *, questions: Sequence[str] | None = None) -> str:
    """The whole text of a card, with other questions in place of its own when given."""
    return "\n".join((card.title, *(card.questions if questions is None else questions), card.answer, card.details))


def questions_of(card: Card) -> tuple[str, ...]:
    """What a card is asked by: its title and its questions, each once."""
    return tuple(dict.fromkeys((card.title, *card.questions)))


def build(cards: Sequence[Card], *, words: Words | None = None, off_topic: Sequence[str] = ()) -> LexicalIndex:
    """Index the cards in their order, and off-topic questions beside them. A known vocabulary of `words` saves cutting with jieba."""
    documents = [runs(document_of(card)) for card in cards]
    cut = words_of(documents) if words is None else words
    asked = [questions_of(card) for card in cards]
    return LexicalIndex(
        words=cut,
        documents=postings([grams_of(text) for text in documents]),
        document_words=postings([cut.cut_of(text) for text in documents]),
        questions=postings([grams(text) for texts in [*asked, tuple(off_topic)] for text in texts]),
        first=np.cumsum([0, *(len(texts) for texts in asked)]).astype(np.int64),
    )


def _bm25(index: Postings, tokens: Sequence[str]) -> NDArray[np.float64]:
    rows = index.rows(tokens)
    return index.gather(rows, [1.0] * len(rows), index.bm25)


def _cosine(index: Postings, tokens: Sequence[str]) -> NDArray[np.float64]:
    weights = {token: (1 + float(np.log(count))) * index.weight(token) for token, count in sorted(Counter(tokens).items())}
    norm = float(np.sqrt(sum(weight * weight for weight in weights.values()))) or 1.0
    by_row = {index.tokens[token]: weight / norm for token, weight in weights.items() if token in index.tokens}
    return index.gather(list(by_row), list(by_row.values()), index.cosine)


def _share(scores: NDArray[np.float64], index: Postings, tokens: Sequence[str]) -> NDArray[np.float64]:
    return np.minimum(scores / (index.best_possible(tokens) or 1.0), 1.0)


def _by_best(scores: NDArray[np.float64], among: Mask) -> NDArray[np.float64]:
    best = float(scores.max(where=among, initial=0.0))
    return scores / best if best > 0 else scores


def write(index: LexicalIndex, folder: Path) -> None:
    """Write the index into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "first.npy", index.first)
    (folder / "words.json").write_text(json.dumps(index.words.vocabulary, ensure_ascii=False), encoding="utf-8")
    write_postings(index.documents, folder / "documents")
    write_postings(index.document_words, folder / "document_words")
    write_postings(index.questions, folder / "questions")


def load(folder: Path) -> LexicalIndex:
    """Map what `write` wrote. Raises OSError, KeyError or ValueError when it is not whole."""
    return LexicalIndex(
        words=Words(json.loads((folder / "words.json").read_text(encoding="utf-8"))),
        documents=load_postings(folder / "documents"),
        document_words=load_postings(folder / "document_words"),
        questions=load_postings(folder / "questions"),
        first=np.load(folder / "first.npy"),
    )
