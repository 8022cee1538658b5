"""Files of customers in a folder of ours, named by what is in them."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Shelf:
    """One folder. The same content lies there once; a file that is there is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep the content through a power cut and return its digest."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._folder / digest
        if place.is_file():
            return digest
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self._folder)  # readable by nobody else
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return digest

    def path(self, digest: str) -> Path | None:
        """Where it lies; None for what is not there."""
        place = self._folder / digest
        return place if _DIGEST.fullmatch(digest) and place.is_file() else None
