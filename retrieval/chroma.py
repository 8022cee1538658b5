"""The vectors of a base in Chroma: a projection that one process owns, checked when opened, rebuilt when stale, left when broken.

The embedded client is not safe for two processes (concurrent writers lost vectors without an error), so a file lock makes one the
owner; everybody else compares with numpy. Role, day and kind are part of Chroma's own query: what the asker may not see is left out
before anything is compared. Whatever goes wrong here costs one line in the log and no answer.
"""

import fcntl
import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.party import Role
from knowledge.card import Card
from retrieval import base
from retrieval.embedding import Floats
from retrieval.index import DenseIndex, NumpyIndex, Vectors
from retrieval.view import Similarities, View

_LOG: Final = logging.getLogger(__name__)

OPEN_WITHIN_S: Final = 5.0
ANSWER_WITHIN_S: Final = 1.0
_REACH: Final = 400  # nearest vectors asked for; in a smaller base that is all of them, and the ranking is numpy's
_BATCH: Final = 5000
_SAMPLED: Final = 32
_NEAR: Final = 1e-4
_SPACE: Final = {"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 2 * _REACH}}

Answer = TypeVar("Answer")


class ChromaBroken(Exception):
    """Chroma cannot be used: locked, corrupt, too slow or not telling the truth. Never leaves this room."""


class ChromaIndex:
    """Nearest vectors by Chroma. Cards that are not among the nearest count as the least of those."""

    def __init__(self, collections: tuple[Any, Any], vectors: Vectors, lock: IO[str], client: Any) -> None:
        self._documents, self._questions = collections
        self._own = vectors.own()
        self._size = len(vectors.documents)
        self._lock = lock  # held as long as this object lives
        self._client = client

    def compare(self, vector: Floats, view: View, *, likely: NDArray[np.int64]) -> Similarities:  # noqa: ARG002 - Chroma finds its own
        """Compare with the cards of the view, which must have a day. Raises whatever Chroma raises."""
        where = _where(view)
        rows, documents = _nearest(self._documents, vector, where)
        asked_rows, asked = _nearest(self._questions, vector, where)
        return Similarities(document=self._spread(rows, documents, view), asked=self._spread(self._own[asked_rows], asked, view))

    def _spread(self, cards: NDArray[np.int64], cosines: NDArray[np.float64], view: View) -> NDArray[np.float64]:
        values = np.full(self._size, float(cosines.min()) if len(cosines) else 0.0)
        np.maximum.at(values, cards, cosines)
        return np.where(view.mask, values, 0.0)

    def close(self) -> None:
        """Let go of the store and its lock."""
        self._client.close()
        self.release()

    def release(self) -> None:
        """Let another process own the store. A broken client is not asked to close: it may not come back."""
        self._lock.close()


class GuardedIndex:
    """Chroma as long as it answers in time, the exact index from its first failure on."""

    def __init__(self, chroma: ChromaIndex, exact: NumpyIndex, *, within_s: float = ANSWER_WITHIN_S) -> None:
        self._chroma: ChromaIndex | None = chroma
        self._exact = exact
        self._within_s = within_s

    @property
    def healthy(self) -> bool:
        """Whether Chroma still answers."""
        return self._chroma is not None

    def compare(self, vector: Floats, view: View, *, likely: NDArray[np.int64]) -> Similarities:
        """Compare with Chroma, or exactly."""
        chroma = self._chroma
        if chroma is not None:
            try:
                return within(self._within_s, lambda: chroma.compare(vector, view, likely=likely))
            except ChromaBroken as error:
                self._chroma = None
                chroma.release()
                _LOG.warning("retrieval.chroma.failed %s; comparing with numpy from now on", error)
        return self._exact.compare(vector, view, likely=likely)

    def close(self) -> None:
        """Let go of the store."""
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None


def open_guarded(target: Path, exact: NumpyIndex, *, within_s: float = OPEN_WITHIN_S) -> DenseIndex:
    """Open the projection of a published version, building it when needed; the exact index when that fails or takes too long."""
    try:
        return GuardedIndex(within(within_s, lambda: _open(target, exact.vectors)), exact)
    except ChromaBroken as error:
        _LOG.warning("retrieval.chroma.unusable %s; comparing with numpy", error)
        return exact


def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """Do the work on a thread of its own. Raises ChromaBroken when it fails or is not done in time; the thread is then left behind."""
    done: list[Answer] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # Chroma's Rust core panics with a BaseException; all of it means "broken"
            failed.append(error)

    thread = threading.Thread(target=run, name="chroma", daemon=True)
    thread.start()
    thread.join(seconds)
    if done:
        return done[0]
    if failed:
        raise ChromaBroken(f"{type(failed[0]).__name__}: {str(failed[0])[:120]}".replace("\n", " ")) from failed[0]
    raise ChromaBroken(f"no answer within {seconds:g} s")


def _open(target: Path, vectors: Vectors) -> ChromaIndex:
    lock = (target / "chroma.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        cards = base.read_cards(target).cards
        for folder in _folders(target):
            index = _attempt(folder, target.name, cards, vectors, lock)
            if index is not None:
                _drop_others(folder)
                return index
        raise ChromaBroken("it was rebuilt and is still wrong")
    except BlockingIOError as error:
        lock.close()
        raise ChromaBroken("another process owns it") from error
    except BaseException:
        lock.close()
        raise


def _folders(target: Path) -> Iterator[Path]:
    """The store's folder, then a fresh one: a broken store is never opened twice, for the client caches by path."""
    stores = sorted(target.glob("chroma-0*"))
    if stores:
        yield stores[-1]
    number = int(stores[-1].name.removeprefix("chroma-")) + 1 if stores else 0
    yield target / f"chroma-{number:06d}"


def _drop_others(folder: Path) -> None:
    for store in folder.parent.glob("chroma-0*"):
        if store != folder:
            shutil.rmtree(store, ignore_errors=True)


def _attempt(folder: Path, version: str, cards: Sequence[Card], vectors: Vectors, lock: IO[str]) -> ChromaIndex | None:
    """Open the store in the folder, or build it where there is none. None when it is broken, stale or untrue."""
    fresh = not folder.exists()
    try:
        client = _client(folder)
        build = _build if fresh else _find
        collections = (
            build(client, "documents", version, vectors.documents, np.arange(len(cards)), cards),
            build(client, "questions", version, vectors.questions, vectors.own(), cards),
        )
        _check(collections[0], vectors.documents, version)
        _check(collections[1], vectors.questions, version)
    except BaseException as error:  # see `within`: the next folder is tried
        _LOG.warning("retrieval.chroma.store_broken %s", type(error).__name__)
        return None
    return ChromaIndex(collections, vectors, lock, client)


def _client(folder: Path) -> Any:
    chromadb = import_module("chromadb")
    settings = import_module("chromadb.config").Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(str(folder), settings=settings)


def _find(client: Any, name: str, version: str, vectors: Floats, own: NDArray[np.int64], cards: Sequence[Card]) -> Any:  # noqa: ARG001
    return client.get_collection(name, embedding_function=None)


def _build(client: Any, name: str, version: str, vectors: Floats, own: NDArray[np.int64], cards: Sequence[Card]) -> Any:
    collection = client.create_collection(name, embedding_function=None, configuration=_SPACE, metadata={"version": version})
    for start in range(0, len(vectors), _BATCH):
        rows = range(start, min(start + _BATCH, len(vectors)))
        collection.add(
            ids=[str(row) for row in rows],
            embeddings=np.asarray(vectors[start : start + _BATCH]),
            metadatas=[_metadata(cards[int(own[row])]) for row in rows],
        )
    return collection


def _metadata(card: Card) -> dict[str, bool | int | str]:
    roles = {f"role_{role.value}": role in card.audience for role in Role}
    return {
        **roles,
        "card": card.id,
        "kind": card.kind.value,
        "valid_from": card.valid_from.toordinal(),
        "valid_until": card.valid_until.toordinal(),
    }


def _where(view: View) -> dict[str, Any]:
    clauses: list[dict[str, Any]] = [{f"role_{view.role.value}": True}]
    if view.on is not None:
        day = view.on.toordinal()
        clauses += [{"valid_from": {"$lte": day}}, {"valid_until": {"$gt": day}}]
    if view.kinds is not None:
        clauses.append({"kind": {"$in": sorted(kind.value for kind in view.kinds)}})
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}


def _check(collection: Any, vectors: Floats, version: str) -> None:
    """Compare the count, the version and a sample of vectors with what was published: Chroma has lost vectors with the count right."""
    if collection.count() != len(vectors) or (collection.metadata or {}).get("version") != version:
        raise ChromaBroken("it is of another version")
    rows = sorted({int(row) for row in np.linspace(0, len(vectors) - 1, _SAMPLED)})
    found = collection.get(ids=[str(row) for row in rows], include=["embeddings"])
    stored = {int(row): vector for row, vector in zip(found["ids"], found["embeddings"], strict=True)}
    if len(stored) != len(rows) or any(float(np.abs(stored[row] - vectors[row]).max()) > _NEAR for row in rows):
        raise ChromaBroken("some vectors are lost or changed")


def _nearest(collection: Any, vector: Floats, where: dict[str, Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    found = collection.query(query_embeddings=[vector], n_results=_REACH, where=where, include=["distances"])
    rows = np.array([int(row) for row in found["ids"][0]], dtype=np.int64)
    return rows, 1.0 - np.array(found["distances"][0], dtype=np.float64)
