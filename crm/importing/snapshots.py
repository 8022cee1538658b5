"""Facts on disk: each import leaves a whole new snapshot, and a manifest of a few bytes says which one counts.

    facts/manifest.json            which snapshot counts; replaced by rename, so a reader sees the old or the new one
    facts/snapshots/<id>/          the Parquet files of each table (see `crm.importing.parts`), and the manifest that will be published
    facts/imports/<id>/rejects.csv the rows that were refused
    facts/.work, facts/.lock       an import under way; whatever a killed one left is swept by the next

The snapshot is complete on disk before the book commits; the book names it; then the manifest follows. A kill between the last two
steps is mended by `finish`, which every import calls first.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotManifest:
    """Which snapshot counts. `first_on` is the first day with a balance or holding, None when there is none."""

    snapshot: str
    as_of: date
    first_on: date | None


class ImportRunning(BadInput):
    """Another import holds the facts folder."""


class FactsFolder:
    """The folder of the facts. Only an import writes it, one at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.manifest_path = root / "manifest.json"
        self.work = root / ".work"

    def current(self) -> SnapshotManifest | None:
        """The snapshot that counts, if its files are there."""
        manifest = read_manifest(self.manifest_path)
        return manifest if manifest and self.snapshot(manifest.snapshot).is_dir() else None

    def snapshot(self, snapshot: str) -> Path:
        """The folder of a snapshot."""
        return self.root / "snapshots" / snapshot

    def next_number(self) -> int:
        """A number above that of every snapshot on disk: an import never builds over one that is there."""
        return max((int(entry.name.partition("-")[0]) for entry in self.root.glob("snapshots/*-*")), default=0) + 1

    def rejects(self, snapshot: str) -> Path:
        """Where the refused rows of the import are that made the snapshot."""
        return self.root / "imports" / snapshot / "rejects.csv"

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the folder against other imports. Raises ImportRunning when there is one. A killed process holds nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ImportRunning("another import is running on the same data; wait until it ends") from None
            shutil.rmtree(self.work, ignore_errors=True)
            self.work.mkdir()
            try:
                yield
            finally:
                shutil.rmtree(self.work, ignore_errors=True)

    def keep(self, manifest: SnapshotManifest, *, built: Path, rejects: Path) -> None:
        """Make a built snapshot durable under its name, not yet the one that counts."""
        body = {
            "version": 1,
            "snapshot": manifest.snapshot,
            "as_of": manifest.as_of.isoformat(),
            "first_on": manifest.first_on and manifest.first_on.isoformat(),
        }
        (built / "manifest.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
        for source, target in ((rejects.parent, self.rejects(manifest.snapshot).parent), (built, self.snapshot(manifest.snapshot))):
            for file in source.iterdir():
                _flush(file)
            shutil.rmtree(target, ignore_errors=True)  # left by a killed import, never named by the book
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            _flush(target)
            _flush(target.parent)

    def publish(self, snapshot: str) -> None:
        """Let the kept snapshot count from now on. Older ones go, but for the one before it."""
        previous = read_manifest(self.manifest_path)
        replacement = self.root / ".manifest.json.new"
        shutil.copyfile(self.snapshot(snapshot) / "manifest.json", replacement)
        _flush(replacement)
        replacement.replace(self.manifest_path)
        _flush(self.root)
        kept = {snapshot, previous.snapshot if previous else ""}
        for folder in (self.root / "snapshots").iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def read_manifest(path: Path) -> SnapshotManifest | None:
    """Read a manifest, or None when there is none. Raises BadInput for one that this program does not know."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if body.get("version") != 1:
        raise BadInput("the facts were written by a newer version of this program")
    first_on = body["first_on"]
    return SnapshotManifest(
        snapshot=body["snapshot"],
        as_of=date.fromisoformat(body["as_of"]),
        first_on=date.fromisoformat(first_on) if first_on else None,
    )


def _flush(path: Path) -> None:
    # A rename is only as durable as the file and the folder that it concerns.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
