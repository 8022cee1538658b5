"""Cursors, access tokens and sessions of channels."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from domain.customer_service import ServiceState, Session
from storage.link_tables import channel_cursors, channel_tokens, service_sessions
from storage.upsert import DIALECTS, upsert

_CURSOR = select(channel_cursors.c.cursor, channel_cursors.c.begun_at).where(channel_cursors.c.name == bindparam("wanted"))
_MOVE = (
    update(channel_cursors)
    .where(channel_cursors.c.name == bindparam("wanted"), channel_cursors.c.cursor == bindparam("before"))
    .values(cursor=bindparam("after"), moved_at=bindparam("at"))
)
_BEGIN = {name: dialect.insert(channel_cursors).on_conflict_do_nothing() for name, dialect in DIALECTS.items()}
_TOKEN = select(channel_tokens.c.token, channel_tokens.c.until).where(channel_tokens.c.name == bindparam("wanted"))

_SESSION = select(service_sessions).where(service_sessions.c.conversation_id == bindparam("wanted"))
_FIELDS = ("conversation_id", "servicer", "code", "code_for", "code_until", "changed_at")


class SqlLinks:
    """`domain.links.LinkRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cursor(self, name: str) -> tuple[str, datetime] | None:
        row = self._connection.execute(_CURSOR, {"wanted": name}).one_or_none()
        return None if row is None else (row.cursor, row.begun_at)

    def begin_cursor(self, name: str, *, at: datetime) -> None:
        self._connection.execute(_BEGIN[self._connection.dialect.name], {"name": name, "cursor": "", "begun_at": at, "moved_at": at})

    def move_cursor(self, name: str, *, before: str, after: str, at: datetime) -> bool:
        values = {"wanted": name, "before": before, "after": after, "at": at}
        return self._connection.execute(_MOVE, values).rowcount == 1

    def cursors(self, prefix: str) -> Sequence[str]:
        found = select(channel_cursors.c.name).where(channel_cursors.c.name.startswith(prefix, autoescape=True))
        return sorted(name for (name,) in self._connection.execute(found))

    def token(self, name: str) -> tuple[str, datetime] | None:
        row = self._connection.execute(_TOKEN, {"wanted": name}).one_or_none()
        return None if row is None else (row.token, row.until)

    def keep_token(self, name: str, token: str, *, until: datetime) -> None:
        statement = upsert(channel_tokens, self._connection.dialect.name, ("name",))
        self._connection.execute(statement, {"name": name, "token": token, "until": until})

    def session(self, conversation_id: str) -> Session | None:
        row = self._connection.execute(_SESSION, {"wanted": conversation_id}).one_or_none()
        return None if row is None else Session(state=ServiceState(row.state), **{name: getattr(row, name) for name in _FIELDS})

    def keep_session(self, session: Session) -> None:
        statement = upsert(service_sessions, self._connection.dialect.name, ("conversation_id",))
        self._connection.execute(statement, {"state": int(session.state)} | {name: getattr(session, name) for name in _FIELDS})
