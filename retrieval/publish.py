"""From a catalogue to a base that answers: words, vectors, gates, in one version that appears at once or not at all."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BadInput
from knowledge.catalogue import Catalogue
from retrieval import base, calibration, lexical, synonyms, training
from retrieval.embedding import TABLE_NAME, Embedder
from retrieval.gates import as_records
from retrieval.index import vectors_of, write_vectors
from retrieval.threads import one_thread

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a publication did. `fresh` is False when the version was served already; `embedder` is empty for words alone."""

    version: str
    folder: Path
    fresh: bool
    cards: int
    questions: int
    embedder: str


def publish(
    catalogue: Catalogue,
    folder: Path,
    *,
    off_topic: Sequence[str],
    embedder: Embedder | None = None,
    keep: int = 1,
    progress: Progress = lambda _: None,
) -> PublishReport:
    """Build the base below `folder` and switch to it. A second publisher waits; the same content again returns at once.

    Vectors come from `embedder`, or from a table trained on the cards when there are enough of them. `progress` hears a short
    line before each step. `keep` older versions stay on disk. Raises BadInput when there is no card.
    """
    if not len(catalogue):
        raise BadInput("there is no card to publish; give a folder with cards")
    version = version_of(catalogue, off_topic=off_topic, embedder=embedder)
    with base.publishing(folder):
        fresh = base.current_version(folder) != version
        if fresh:
            built = folder / f"building-{os.getpid()}"
            shutil.rmtree(built, ignore_errors=True)
            try:
                with one_thread():
                    _build(catalogue, built, off_topic=off_topic, embedder=embedder, progress=progress)
                base.switch(folder, built, version, keep=keep)
            finally:
                shutil.rmtree(built, ignore_errors=True)
    target = base.version_folder(folder, version)
    return PublishReport(
        version=version,
        folder=target,
        fresh=fresh,
        cards=len(catalogue),
        questions=sum(len(card.questions) for card in catalogue),
        embedder=_embedder_name(target, embedder),
    )


def version_of(catalogue: Catalogue, *, off_topic: Sequence[str], embedder: Embedder | None = None) -> str:
    """The name of the version that these would give."""
    parts = [str(base.FORMAT), synonyms.digest(), catalogue.content_hash, embedder.name if embedder else TABLE_NAME, *off_topic]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _build(catalogue: Catalogue, built: Path, *, off_topic: Sequence[str], embedder: Embedder | None, progress: Progress) -> None:
    built.mkdir(parents=True)
    cards = catalogue.cards
    progress(f"给 {len(cards)} 张卡的字词建索引")
    index = lexical.build(cards, off_topic=off_topic)
    lexical.write(index, built / base.LEXICAL)
    encoder = embedder
    if encoder is None:
        progress("训练向量表")
        trained = training.train(cards, index.words)
        if trained is not None:
            trained.save(built / base.TABLE)
            encoder = trained.table(index.words)
    if encoder is not None:
        progress("把卡片和问法变成向量")
        write_vectors(vectors_of(cards, encoder), built / base.VECTORS)
    progress("校准答与不答的界线")
    gates = calibration.calibrate(cards, index.words, off_topic=off_topic, embedder=embedder, trained=encoder is not None)
    base.write_json(built / base.GATES, as_records(gates))
    base.write_cards(cards, built)
    manifest = {"format": base.FORMAT, "content": catalogue.content_hash, "embedder": "" if encoder is None else encoder.name}
    base.write_json(built / base.MANIFEST, manifest)


def _embedder_name(target: Path, embedder: Embedder | None) -> str:
    if embedder is not None:
        return embedder.name
    return TABLE_NAME if (target / base.TABLE).is_dir() else ""
