"""The files that were uploaded, or sent by customers."""

from dataclasses import dataclass, field

from sandbox.wecom.errors import Refused

_TTL_S = 3 * 86400


@dataclass
class Stored:
    """A file. `created_at` in seconds."""

    media_id: str
    kind: str
    name: str
    content: bytes
    created_at: int


@dataclass
class Media:
    """Files by media_id."""

    files: dict[str, Stored] = field(default_factory=dict)

    def keep(self, kind: str, name: str, content: bytes, at: int) -> Stored:
        """Keep a file for three days."""
        stored = Stored(f"{kind[0].upper()}-sandbox-media-{len(self.files) + 1:08d}", kind, name, content, at)
        self.files[stored.media_id] = stored
        return stored

    def find(self, media_id: str, now: float, kind: str = "") -> Stored:
        """A file that is still valid, of that kind if one is named. Refused 40007."""
        stored = self.files.get(media_id)
        if stored is None or now >= stored.created_at + _TTL_S or kind not in ("", stored.kind):
            raise Refused(40007)
        return stored
