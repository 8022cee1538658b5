"""Where pictures lie until their channels have taken them: a file by its content, under PEIBAN_DATA/pictures."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

PICTURES = "pictures"
REFERENCE = "picture:"
_KEPT_S = 7 * 24 * 3600  # a text that is not out after a week does not go out any more


def reference(image: str | None) -> str:
    """How a transcript names a picture of ours, as `picture:<name>`; empty for any other file."""
    path = Path(image) if image else None
    return f"{REFERENCE}{path.stem}" if path is not None and path.parent.name == PICTURES else ""


class Pictures:
    """Keeps pictures. The same description is drawn once."""

    def __init__(self, data: Path) -> None:
        self._folder = data / PICTURES

    def kept(self, description: object, draw: Callable[[], bytes]) -> Path:
        """The file of a picture, drawn where there is none yet. Only the process' own user reads it."""
        name = hashlib.sha256(repr(description).encode()).hexdigest()[:40]
        path = self._folder / f"{name}.png"
        if path.is_file():
            os.utime(path)
            return path
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(draw())
        part.chmod(0o600)
        part.replace(path)
        return path

    def find(self, name: str) -> Path | None:
        """The file of that name. Names are ours: nothing else is looked for."""
        path = self._folder / f"{name}.png"
        return path if name.isalnum() and path.is_file() else None

    def _sweep(self) -> None:
        # The age of a file is the machine's, not the bank's: a clock that is moved in a play must not delete what is about to be sent.
        oldest = time.time() - _KEPT_S
        for path in self._folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
