"""The table of token vectors, trained at publish time on the base's own pairs: question and body, question and sibling question.

Trained and stored by sentence-transformers: its StaticEmbedding under its multiple-negatives ranking loss, both ways, with every other
card of the batch as the wrong answer. Importing it takes seconds and 480 MB, so publishing runs in a process of its own and nothing else
imports this at serving time. Vectors trained on other banks' texts do not transfer, so there is nothing to download.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.card import Card
from retrieval.embedding import UNKNOWN, Floats, StaticTable, tokens_of
from retrieval.lexical import document_of, questions_of
from retrieval.query import Words
from retrieval.threads import one_thread

#: As good as 256 on our questions and on a bank's, in half the time and memory.
DIMENSIONS: Final = 128
#: Below this many pairs a table learns nothing that the words do not say: the dense leg is left out.
FEWEST_PAIRS: Final = 300
_BATCH: Final = 128
_RATE: Final = 0.1
_SCALE: Final = 10.0  # of the cosine within the softmax
_ROUNDS: Final = 10  # over all pairs, as long as that is at most
_VISITS: Final = 16_000  # pairs looked at in all: more rounds no longer moved a ranking
_MOST: Final = 40_000  # of a base so large that one round is more than those
_LARGE: Final = 60_000  # tokens: above this, tokens seen in a single text are dropped
_SEED: Final = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Texts that belong together, as rows of `texts`, and the card of each pair."""

    texts: tuple[str, ...]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    card: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.card)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A SentenceTransformer of a StaticEmbedding and a Normalize, and its tokens by row."""

    model: Any
    tokens: tuple[str, ...]

    def table(self, words: Words) -> StaticTable:
        """The same in numpy, as it is served."""
        return StaticTable(self.tokens, self.model[0].embedding.weight.detach().numpy(), words)

    def save(self, folder: Path) -> None:
        """Store it as sentence-transformers does; `embedding.load_table` and `SentenceTransformer(folder)` read it."""
        self.model.save_pretrained(str(folder), create_model_card=False)


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


def train(cards: Sequence[Card], words: Words, *, visits: int | None = None) -> Trained | None:
    """Train on `visits` pairs (by default enough), or return None when the base has too few pairs.

    The same cards give the same bytes on one kind of processor.
    """
    pairs = pairs_of(cards)
    if len(pairs) < FEWEST_PAIRS:
        return None
    tokenised = [tokens_of(text, words) for text in pairs.texts]
    tokens, weights = _vocabulary([*tokenised, *(tokens_of(document_of(card), words) for card in cards)])
    random = np.random.default_rng(_SEED)
    matrix = (random.standard_normal((len(tokens), DIMENSIONS)) / np.sqrt(DIMENSIONS)).astype(np.float32)
    matrix *= np.sqrt(weights)[:, None]
    matrix[0] = 0.0
    model = model_of(tokens, matrix)
    rows = {token: row for row, token in enumerate(tokens)}
    texts = [np.array([row for token in text if (row := rows.get(token)) is not None], dtype=np.int64) for text in tokenised]
    unchecked = import_module("torch").sparse.check_sparse_tensor_invariants(enable=False)  # the slopes are torch's own
    with one_thread(), unchecked:
        _descend(model, texts, pairs, random, visits=_enough(len(pairs)) if visits is None else visits)
    return Trained(model=model, tokens=tokens)


def model_of(tokens: Sequence[str], matrix: Floats) -> Any:
    """A SentenceTransformer over texts that are already cut: tokens between blanks, row 0 for every unknown one."""
    tokenizers, sentence_transformers = import_module("tokenizers"), import_module("sentence_transformers")
    modules = import_module("sentence_transformers.sentence_transformer.modules")
    vocabulary = {token: row for row, token in enumerate(tokens)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    static = modules.StaticEmbedding(tokenizer, embedding_weights=matrix)
    static.embedding.sparse = True  # a step touches the rows of its batch, however large the table is
    return sentence_transformers.SentenceTransformer(modules=[static, modules.Normalize()], device="cpu")


def table(cards: Sequence[Card], words: Words, *, visits: int | None = None) -> StaticTable | None:
    """Train and serve from memory."""
    trained = train(cards, words, visits=visits)
    return None if trained is None else trained.table(words)


def batches(card: NDArray[np.int64], random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Every pair once, in batches that hold at most one pair of each card: no pair is held against a right answer."""
    order = random.permutation(len(card))
    order = order[np.argsort(card[order], kind="stable")]
    sizes = np.bincount(card[order])
    turn = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # 0 for a card's first pair, 1 for its second …
    found = []
    for number in range(int(sizes.max())):
        of_turn = random.permutation(order[turn == number])
        found += [of_turn[start : start + _BATCH] for start in range(0, len(of_turn), _BATCH)]
    for place in random.permutation(len(found)):
        if len(found[place]) > 1:
            yield found[place]


def _enough(pairs: int) -> int:
    return min(_ROUNDS * pairs, max(_VISITS, min(pairs, _MOST)))


def _descend(model: Any, texts: Sequence[NDArray[np.int64]], pairs: Pairs, random: np.random.Generator, *, visits: int) -> None:
    torch = import_module("torch")
    losses = import_module("sentence_transformers.sentence_transformer.losses")
    loss = losses.MultipleNegativesRankingLoss(
        model, scale=_SCALE, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    optimizer = torch.optim.Adagrad(model.parameters(), lr=_RATE)
    while visits > 0:
        for batch in batches(pairs.card, random):
            optimizer.zero_grad()
            sides = [_features([texts[row] for row in side[batch]], torch) for side in (pairs.left, pairs.right)]
            loss(sides, None).backward()
            optimizer.step()
            visits -= len(batch)
            if visits <= 0:
                break


def _features(texts: Sequence[NDArray[np.int64]], torch: Any) -> dict[str, Any]:
    """What StaticEmbedding makes of texts, without cutting them again at every visit."""
    offsets = np.cumsum([0, *(len(text) for text in texts[:-1])])
    return {"input_ids": torch.from_numpy(np.concatenate(texts)), "offsets": torch.from_numpy(offsets)}


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
