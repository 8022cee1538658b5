"""What was said, line by line."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from domain.ports import Line
from storage.ledger_tables import transcript

_INSERT = insert(transcript)
_AFTER = (
    select(transcript)
    .where(transcript.c.conversation_id == bindparam("wanted"), transcript.c.id > bindparam("after"))
    .order_by(transcript.c.id)
)
_NEWEST = (
    select(transcript)
    .where(transcript.c.conversation_id == bindparam("wanted"), transcript.c.id > bindparam("after"))
    .order_by(transcript.c.id.desc())
    .limit(bindparam("last"))
)


class SqlTranscript:
    """`domain.ports.TranscriptRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, line: Line) -> int:
        extra: dict[str, Any] = {}
        if line.buttons:
            extra["buttons"] = [list(pair) for pair in line.buttons]
        if line.links:
            extra["links"] = [list(pair) for pair in line.links]
        if line.card_ids:
            extra["card_ids"] = list(line.card_ids)
        if line.media:
            extra["media"] = line.media
        values = {
            "conversation_id": line.conversation_id,
            "at": line.at,
            "author": line.author,
            "kind": line.kind,
            "body": line.text,
            "extra": extra or None,
            "ai_generated": line.ai_generated,
        }
        key = self._connection.execute(_INSERT, values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def of(self, conversation_id: str, *, after: int = 0, last: int | None = None) -> Sequence[Line]:
        wanted = {"wanted": conversation_id, "after": after}
        if last is None:
            return [_line(row) for row in self._connection.execute(_AFTER, wanted)]
        return [_line(row) for row in self._connection.execute(_NEWEST, wanted | {"last": last})][::-1]


def _line(row: Any) -> Line:
    extra = row.extra or {}
    return Line(
        id=row.id,
        conversation_id=row.conversation_id,
        at=row.at,
        author=row.author,
        kind=row.kind,
        text=row.body,
        buttons=tuple((label, payload) for label, payload in extra.get("buttons", ())),
        links=tuple((label, url) for label, url in extra.get("links", ())),
        ai_generated=row.ai_generated,
        card_ids=tuple(extra.get("card_ids", ())),
        media=extra.get("media", ""),
    )
