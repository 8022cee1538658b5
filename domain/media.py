"""Pictures, voice and files that customers sent: first wanted, then kept or gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: Kinds of inbound messages that have something to fetch.
MEDIA_KINDS = ("image", "voice", "video", "file")

#: The kind of a voice message whose words were written down by a machine.
HEARD = "heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPiece:
    """One of them. `media_id` is the channel's; `digest` names our file; `name` is the customer's word and may say anything of anybody."""

    id: int
    channel: str
    message_id: str
    conversation_id: str
    media_id: str
    kind: str
    status: str = "wanted"  # wanted | kept | gone
    name: str = ""
    content_type: str = ""
    size: int = 0
    digest: str = ""
    asked_at: datetime
    kept_at: datetime | None = None
    tries: int = 0


class MediaRecords(Protocol):
    """What is to be fetched, and what was."""

    def want(self, *, channel: str, message_id: str, conversation_id: str, media_id: str, kind: str, at: datetime) -> None:
        """Remember to fetch it, unless that is remembered already. Belongs into the transaction that accepts the message."""

    def claim(self, *, channel: str, now: datetime, lease_s: float) -> MediaPiece | None:
        """The next piece to fetch, for `lease_s` seconds nobody else's; its `tries` counts this one."""

    def keep(self, piece: MediaPiece, *, name: str, content_type: str, size: int, digest: str, at: datetime) -> bool:
        """It lies in its file. False, and nothing is changed, when somebody else has claimed it meanwhile."""

    def later(self, piece: MediaPiece, *, not_before: datetime) -> None:
        """Try again, unless somebody else has claimed it meanwhile."""

    def give_up(self, piece: MediaPiece) -> bool:
        """It cannot be fetched any more. False as `keep`."""

    def find(self, channel: str, message_id: str) -> MediaPiece | None: ...

    def of(self, conversation_id: str, *, since: datetime) -> Sequence[MediaPiece]:
        """What was sent in a conversation from that instant on, oldest first."""
