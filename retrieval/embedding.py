"""Texts to vectors, behind one small port: our own table, or any sentence-transformers model that an operator names.

The table is a static embedding: a vector per token, a text is their mean. It is stored as sentence-transformers stores one, so
`SentenceTransformer(folder)` loads it (feed it `segment`ed text). Serving reads the same two files with numpy alone: importing
sentence_transformers costs seconds and 400 MB for what is a mean of rows.
"""

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.errors import BadInput
from retrieval.query import Words, grams_of, runs

Floats = NDArray[np.float32]

UNKNOWN: Final = "[UNK]"
#: Names our own table; changes whenever the same cards would give another one.
TABLE_NAME: Final = "table-2"
_WEIGHTS: Final = "model.safetensors"
_TOKENIZER: Final = "tokenizer.json"


class Embedder(Protocol):
    """Turns texts into vectors of length 1 (or 0 for a text in which nothing is known)."""

    @property
    def name(self) -> str:
        """What distinguishes it from other embedders; a base published with one is not served with another."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:
        """One row per text. `query` marks questions, for models that embed them otherwise than documents."""


def tokens_of(text: str, words: Words) -> list[str]:
    """The tokens of the table: grams and words."""
    stretches = runs(text)
    return grams_of(stretches) + words.cut_of(stretches)


def segment(text: str, words: Words) -> str:
    """The text as the stored tokenizer expects it: tokens between blanks."""
    return " ".join(tokens_of(text, words))


def unit_rows(matrix: Floats) -> Floats:
    """Scale every row to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return np.asarray(matrix / lengths, dtype=np.float32)


class StaticTable:
    """A table of token vectors. Row 0 stands for every unknown token and is zero."""

    def __init__(self, tokens: Sequence[str], matrix: Floats, words: Words, *, name: str = TABLE_NAME) -> None:
        self._rows = {token: row for row, token in enumerate(tokens)}
        self._matrix = matrix
        self._words = words
        self.name = name

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:  # noqa: ARG002 - a table knows no difference
        """Mean of the known tokens' rows, scaled to length 1."""
        result = np.zeros((len(texts), self._matrix.shape[1]), dtype=np.float32)
        for number, text in enumerate(texts):
            rows = [row for token in tokens_of(text, self._words) if (row := self._rows.get(token)) is not None]
            if rows:
                result[number] = self._matrix[rows].mean(axis=0)
        return unit_rows(result)


class ConfiguredModel:
    """A sentence-transformers model by folder or hub name, imported and loaded at first use."""

    def __init__(self, model: str, *, offline: bool = True) -> None:
        self.name = model
        self._offline = offline
        self._loaded: Any = None

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Floats:
        """Encode with the model's own prompt for questions, where it has one. Raises BadInput when the model cannot be loaded."""
        model = self._model()
        encode = model.encode_query if query else model.encode_document
        return np.asarray(encode(list(texts), normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)

    def _model(self) -> Any:
        if self._loaded is None:
            module = import_module("sentence_transformers")
            try:
                self._loaded = module.SentenceTransformer(self.name, device="cpu", local_files_only=self._offline)
            except (OSError, ValueError) as error:
                raise BadInput(
                    f"the embedding model {self.name} cannot be loaded ({type(error).__name__}); give the folder of a model"
                ) from error
        return self._loaded


def load_table(folder: Path, words: Words) -> StaticTable:
    """Load what sentence-transformers stored. Raises OSError, KeyError or ValueError when it is not whole."""
    vocabulary: dict[str, int] = json.loads((folder / _TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    safetensors = import_module("safetensors")
    try:
        matrix = import_module("safetensors.numpy").load_file(folder / _WEIGHTS)["embedding.weight"]
    except safetensors.SafetensorError as error:
        raise ValueError("the table's weights are damaged") from error
    if len(vocabulary) != len(matrix):
        raise ValueError("the table's vocabulary and weights differ in length")
    return StaticTable(sorted(vocabulary, key=vocabulary.__getitem__), matrix, words)
