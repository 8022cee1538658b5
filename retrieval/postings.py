"""Weighted token rows: which texts hold a token, with its BM25 and its cosine weight in each.

Plain arrays in compressed rows (one row per token, sorted): two publications of one base are equal byte by byte, and a process maps
them from disk instead of reading them. Quality is flat in k1 from 1.5 to 2 and in b around .75.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

K1: Final = 1.6
B: Final = 0.75
_ARRAYS: Final = ("starts", "texts", "bm25", "cosine", "idf")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Token to (text, BM25 weight, cosine weight), in compressed rows. `idf_unseen` is the weight of a token that no text has."""

    tokens: dict[str, int]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    bm25: Floats
    cosine: Floats
    idf: Floats
    idf_unseen: float
    size: int

    def rows(self, tokens: Iterable[str]) -> list[int]:
        """The rows of those tokens that are known, each once, in sorted order."""
        return sorted({self.tokens[token] for token in tokens if token in self.tokens})

    def gather(self, rows: Sequence[int], weights: Sequence[float], values: Floats) -> NDArray[np.float64]:
        """Sum the weighted rows into one score per text."""
        if not rows:
            return np.zeros(self.size)
        spans = [slice(int(self.starts[row]), int(self.starts[row + 1])) for row in rows]
        texts = np.concatenate([self.texts[span] for span in spans])
        parts = np.concatenate([values[span] * np.float32(weight) for span, weight in zip(spans, weights, strict=True)])
        return np.bincount(texts, weights=parts, minlength=self.size).astype(np.float64, copy=False)

    def best_possible(self, tokens: Iterable[str]) -> float:
        """The BM25 score that a text of average length with every token once would get; unseen tokens count as the rarest."""
        return float(sum(self.weight(token) for token in sorted(set(tokens))))

    def weight(self, token: str) -> float:
        """The inverse document frequency of a token."""
        row = self.tokens.get(token)
        return self.idf_unseen if row is None else float(self.idf[row])


def postings(texts: Sequence[Sequence[str]]) -> Postings:
    """Index tokenised texts."""
    counts = [Counter(tokens) for tokens in texts]
    vocabulary = sorted(set().union(*counts)) if counts else []
    tokens = {token: row for row, token in enumerate(vocabulary)}
    size = len(texts)
    pairs = [(tokens[token], text, count) for text, found in enumerate(counts) for token, count in found.items()]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 3)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    df = np.bincount(table[:, 0], minlength=len(tokens)).astype(np.float64)
    idf = np.log1p((size - df + 0.5) / (df + 0.5))
    lengths = np.array([max(sum(found.values()), 1) for found in counts], dtype=np.float64)
    average = float(lengths.mean()) if size else 1.0
    tf = table[:, 2].astype(np.float64)
    saturation = tf + K1 * (1 - B + B * lengths[table[:, 1]] / average)
    cosine = idf[table[:, 0]] * (1 + np.log(tf))
    norms = np.sqrt(np.bincount(table[:, 1], weights=cosine**2, minlength=size))
    norms[norms == 0] = 1.0
    return Postings(
        tokens=tokens,
        starts=np.concatenate([[0], np.cumsum(df)]).astype(np.int64),
        texts=table[:, 1].astype(np.int32),
        bm25=(idf[table[:, 0]] * tf * (K1 + 1) / saturation).astype(np.float32),
        cosine=(cosine / norms[table[:, 1]]).astype(np.float32),
        idf=idf.astype(np.float32),
        idf_unseen=float(np.log1p((size + 0.5) / 0.5)),
        size=size,
    )


def write_postings(index: Postings, folder: Path) -> None:
    """Write the arrays into a folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {"tokens": list(index.tokens), "size": index.size, "idf_unseen": index.idf_unseen}
    (folder / "tokens.json").write_text(json.dumps(head, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(index, name))


def load_postings(folder: Path) -> Postings:
    """Map what `write_postings` wrote. Raises OSError, KeyError or ValueError when it is not whole."""
    head = json.loads((folder / "tokens.json").read_text(encoding="utf-8"))
    arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
    tokens = {token: row for row, token in enumerate(head["tokens"])}
    return Postings(tokens=tokens, size=head["size"], idf_unseen=head["idf_unseen"], **arrays)
