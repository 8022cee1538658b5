"""Media that customers sent: claimed by row, and the count of tries is the fence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, select, update

from domain.media import MediaPiece
from storage.media_tables import media_pieces as pieces
from storage.upsert import DIALECTS

_WANT = {name: dialect.insert(pieces).on_conflict_do_nothing() for name, dialect in DIALECTS.items()}
_WANTED = pieces.c.status == literal_column("'wanted'")  # written out: only so the partial index applies
_CANDIDATE = (
    select(pieces.c.id)
    .where(_WANTED, pieces.c.channel == bindparam("of_channel"), pieces.c.not_before <= bindparam("now"))
    .order_by(pieces.c.not_before, pieces.c.id)
    .limit(1)
)
_CLAIM = {
    locks: update(pieces)
    .where(pieces.c.id == (_CANDIDATE.with_for_update(skip_locked=True) if locks else _CANDIDATE).scalar_subquery())
    .values(tries=pieces.c.tries + 1, not_before=bindparam("lease"))
    .returning(*pieces.c)
    for locks in (False, True)
}
_MINE = (pieces.c.id == bindparam("row")) & _WANTED & (pieces.c.tries == bindparam("try_"))
_KEPT = ("name", "content_type", "size", "digest", "kept_at")
_KEEP = update(pieces).where(_MINE).values({"status": "kept"} | {name: bindparam(f"new_{name}") for name in _KEPT})
_LATER = update(pieces).where(_MINE).values(not_before=bindparam("after"))
_GONE = update(pieces).where(_MINE).values(status="gone")
_FIND = select(pieces).where(pieces.c.channel == bindparam("of_channel"), pieces.c.message_id == bindparam("wanted"))
_OF = (
    select(pieces)
    .where(pieces.c.conversation_id == bindparam("wanted"), pieces.c.asked_at >= bindparam("since"))
    .order_by(pieces.c.asked_at, pieces.c.id)
)
_FIELDS = tuple(column.name for column in pieces.c if column.name != "not_before")


class SqlMedia:
    """`domain.media.MediaRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def want(self, *, channel: str, message_id: str, conversation_id: str, media_id: str, kind: str, at: datetime) -> None:
        values = {
            "channel": channel,
            "message_id": message_id,
            "conversation_id": conversation_id,
            "media_id": media_id,
            "kind": kind,
            "status": "wanted",
            "name": "",
            "content_type": "",
            "size": 0,
            "digest": "",
            "asked_at": at,
            "kept_at": None,
            "tries": 0,
            "not_before": at,
        }
        self._connection.execute(_WANT[self._connection.dialect.name], values)

    def claim(self, *, channel: str, now: datetime, lease_s: float) -> MediaPiece | None:
        values = {"of_channel": channel, "now": now, "lease": now + timedelta(seconds=lease_s)}
        row = self._connection.execute(_CLAIM[self._connection.dialect.name == "postgresql"], values).one_or_none()
        return None if row is None else _piece(row)

    def keep(self, piece: MediaPiece, *, name: str, content_type: str, size: int, digest: str, at: datetime) -> bool:
        values = {"new_name": name, "new_content_type": content_type, "new_size": size, "new_digest": digest, "new_kept_at": at}
        return self._connection.execute(_KEEP, _mine(piece) | values).rowcount == 1

    def later(self, piece: MediaPiece, *, not_before: datetime) -> None:
        self._connection.execute(_LATER, _mine(piece) | {"after": not_before})

    def give_up(self, piece: MediaPiece) -> bool:
        return self._connection.execute(_GONE, _mine(piece)).rowcount == 1

    def find(self, channel: str, message_id: str) -> MediaPiece | None:
        row = self._connection.execute(_FIND, {"of_channel": channel, "wanted": message_id}).one_or_none()
        return None if row is None else _piece(row)

    def of(self, conversation_id: str, *, since: datetime) -> Sequence[MediaPiece]:
        return [_piece(row) for row in self._connection.execute(_OF, {"wanted": conversation_id, "since": since})]


def _mine(piece: MediaPiece) -> dict[str, Any]:
    return {"row": piece.id, "try_": piece.tries}


def _piece(row: Any) -> MediaPiece:
    return MediaPiece(**{name: getattr(row, name) for name in _FIELDS})
