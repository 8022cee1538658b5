"""A published base on disk: a folder of versions, and a pointer that is switched by rename when a version is whole.

    current                 the name of the version that is served
    lock                    held by whoever publishes
    versions/<version>/     cards.json  lexical/  table/  vectors/  gates.json  manifest.json  (chroma-… beside, rebuildable)

Readers never wait and never see half a version. Everything in a version follows from its cards, its off-topic questions and its
embedder: the version's name is their hash.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from domain.errors import BadInput
from knowledge.card import Card
from knowledge.catalogue import Catalogue, as_record, from_record

#: Raised whenever the same cards would give other files.
FORMAT: Final = 3

CURRENT: Final = "current"
CARDS: Final = "cards.json"
GATES: Final = "gates.json"
MANIFEST: Final = "manifest.json"
LEXICAL: Final = "lexical"
TABLE: Final = "table"
VECTORS: Final = "vectors"
_VERSIONS: Final = "versions"


def current_version(folder: Path) -> str | None:
    """The name of the version that is served now, or None when nothing was published in this format."""
    try:
        name = (folder / CURRENT).read_text(encoding="ascii").strip()
        manifest = json.loads((version_folder(folder, name) / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return name if isinstance(manifest, dict) and manifest.get("format") == FORMAT else None


def version_folder(folder: Path, version: str) -> Path:
    """Where a version lies."""
    return folder / _VERSIONS / version


@contextmanager
def publishing(folder: Path) -> Iterator[None]:
    """Hold the publisher's lock, waiting for whoever has it. The system frees it when a publisher dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def switch(folder: Path, built: Path, version: str, *, keep: int) -> Path:
    """Put a finished build in its place and point to it. The `keep` latest other versions stay for those who still read them."""
    target = version_folder(folder, version)
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        shutil.rmtree(target)
    before = current_version(folder)
    built.rename(target)
    pointer = folder / f"{CURRENT}.new"
    pointer.write_text(version, encoding="ascii")
    os.replace(pointer, folder / CURRENT)
    _drop_old(target.parent, keep={version, before or version}, count=keep + 1)
    return target


def _drop_old(versions: Path, *, keep: set[str], count: int) -> None:
    latest = sorted(versions.iterdir(), key=lambda path: (path.name in keep, path.stat().st_mtime_ns), reverse=True)
    for path in latest[count:]:
        shutil.rmtree(path, ignore_errors=True)


def write_cards(cards: Sequence[Card], folder: Path) -> None:
    """Store the wording that this version serves."""
    write_json(folder / CARDS, [as_record(card) for card in cards])


def read_cards(folder: Path) -> Catalogue:
    """What `write_cards` stored. Raises BadInput when it is damaged."""
    try:
        catalogue = Catalogue([from_record(record) for record in json.loads((folder / CARDS).read_text(encoding="utf-8"))])
        if catalogue.content_hash != json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["content"]:
            raise ValueError("the cards are not those that were published")
        return catalogue
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"the published base {folder.name} is damaged ({type(error).__name__}); publish the cards again") from error


def write_json(path: Path, value: object) -> None:
    """Write JSON in one fixed form."""
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True), encoding="utf-8")
