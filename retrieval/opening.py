"""A published base, opened for answering. What is damaged is left out with a warning, as long as the words are there."""

import json
import logging
from pathlib import Path
from typing import Any, Final

from domain.errors import BadInput
from retrieval import base, lexical
from retrieval.embedding import Embedder, load_table
from retrieval.evidence import Leg
from retrieval.gates import Gates, from_records
from retrieval.index import DenseIndex, NumpyIndex, VectorLeg, load_vectors
from retrieval.lexical import LexicalIndex
from retrieval.search import Search
from retrieval.view import DenseLeg

_LOG: Final = logging.getLogger(__name__)


def open_search(folder: Path, *, index: str = "numpy", embedder: Embedder | None = None) -> Search:
    """Open the version that is served now.

    `index` is "numpy" (exact, in this process) or "chroma". `embedder` must be the one that the base was published with; without one
    the base's own table is used. Raises BadInput when nothing was published, the words are damaged, or the option is unknown.
    """
    if index not in ("numpy", "chroma"):
        raise BadInput(f"'{index}' is no index of vectors; use numpy or chroma")
    version = base.current_version(folder)
    if version is None:
        raise BadInput(f"there is no published base in {folder}; publish the cards first")
    target = base.version_folder(folder, version)
    catalogue = base.read_cards(target)
    try:
        words = lexical.load(target / base.LEXICAL)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"the published base {version} is damaged ({type(error).__name__}); publish the cards again") from error
    return Search(
        catalogue,
        index=words,
        dense=_dense_leg(target, words, catalogue_size=len(catalogue), chroma=index == "chroma", embedder=embedder),
        gates=_gates(target),
        version=version,
    )


def _dense_leg(target: Path, words: LexicalIndex, *, catalogue_size: int, chroma: bool, embedder: Embedder | None) -> DenseLeg | None:
    """The vectors' leg, or None when the base has none or they cannot be used."""
    if not (target / base.VECTORS).is_dir():
        return None
    try:
        name = json.loads((target / base.MANIFEST).read_text(encoding="utf-8"))["embedder"]
        encoder = embedder or load_table(target / base.TABLE, words.words)
        vectors = load_vectors(target / base.VECTORS)
    except (OSError, KeyError, ValueError) as error:
        _LOG.warning("retrieval.vectors.damaged %s; answering by words alone until the cards are published again", type(error).__name__)
        return None
    if encoder.name != name or len(vectors.documents) != catalogue_size:
        _LOG.warning("retrieval.vectors.other_embedder; answering by words alone until the cards are published with %s", encoder.name)
        return None
    exact = NumpyIndex(vectors)
    return VectorLeg(encoder, _with_chroma(target, exact) if chroma else exact)


def _with_chroma(target: Path, exact: NumpyIndex) -> DenseIndex:
    from retrieval.chroma import open_guarded  # chromadb takes a second and 100 MB: paid only by those who ask for it

    return open_guarded(target, exact)


def _gates(target: Path) -> dict[tuple[Leg, bool], Gates] | None:
    try:
        records: Any = json.loads((target / base.GATES).read_text(encoding="utf-8"))
        return from_records(records)
    except (OSError, KeyError, TypeError, ValueError) as error:
        _LOG.warning("retrieval.gates.damaged %s; using general gates until the cards are published again", type(error).__name__)
        return None
