"""The inbox: every accepted message once, and one conversation's messages in arrival order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, insert, literal_column, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import Conflict
from domain.message import Inbound
from domain.party import Party
from domain.ports import InboxRow
from storage.ledger_tables import inbox

# Written out, not bound: only so can SQLite see that the partial indexes over open rows apply.
_OPEN: tuple[ColumnElement[str], ...] = (literal_column("'pending'"), literal_column("'working'"))
_IS_OPEN = inbox.c.status.in_(_OPEN)
_earlier = inbox.alias("earlier")
_FREE = _IS_OPEN & or_(inbox.c.lease_until.is_(None), inbox.c.lease_until <= bindparam("now"))
_FIRST = ~exists().where(_earlier.c.conversation_id == inbox.c.conversation_id, _earlier.c.seq < inbox.c.seq, _earlier.c.status.in_(_OPEN))
_CANDIDATE = select(inbox.c.id).where(_FREE, _FIRST, inbox.c.not_before <= bindparam("now")).order_by(inbox.c.id).limit(1)
_NEXT = {
    False: _CANDIDATE,
    True: _CANDIDATE.where(inbox.c.conversation_id == bindparam("wanted")),
}
_LAST_SEQ = select(func.coalesce(func.max(inbox.c.seq), 0)).where(inbox.c.conversation_id == bindparam("conversation"))
_SEEN = select(inbox.c.id).where(inbox.c.channel == bindparam("channel"), inbox.c.message_id == bindparam("message"))
_INSERT = insert(inbox)
_CLAIM = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(status="working", worker=bindparam("by"), lease_until=bindparam("lease"), attempts=inbox.c.attempts + 1)
    .returning(*inbox.c)
)
# Whoever lost its lease must not settle what somebody else works on now, or has done: the count of attempts is the fence.
_MINE = (
    (inbox.c.id == bindparam("row"))
    & (inbox.c.status == _OPEN[1])
    & (inbox.c.attempts == func.coalesce(bindparam("try_"), inbox.c.attempts))
)
_FINISH = update(inbox).where(_MINE).values(status="done", ended_at=bindparam("at"), error=None, lease_until=None)
_BURY = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(status="dead", ended_at=bindparam("at"), error=bindparam("why"), lease_until=None)
)
_RETRY = (
    update(inbox)
    .where(_MINE)
    .values(
        status="pending",
        not_before=bindparam("after"),
        error=bindparam("why"),
        lease_until=None,
        attempts=func.coalesce(bindparam("tries"), inbox.c.attempts),
    )
)
_WORKERS = select(inbox.c.worker).where(_IS_OPEN, inbox.c.status == _OPEN[1]).distinct()
_EXPIRE = update(inbox).where(_IS_OPEN, inbox.c.status == _OPEN[1], inbox.c.worker == bindparam("by")).values(lease_until=bindparam("at"))
_WAITING = select(func.count()).select_from(inbox).where(_IS_OPEN)


class SqlInbox:
    """`domain.ports.InboxRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # On PostgreSQL several workers look at once: each takes a row that nobody else is taking.
        self._locks = connection.dialect.name == "postgresql"

    def accept(self, inbound: Inbound) -> int | None:
        conversation = inbound.conversation
        if self._connection.execute(_SEEN, {"channel": inbound.channel, "message": inbound.message_id}).first():
            return None
        if self._locks:
            # Arrival order is given out one at a time per conversation.
            self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(conversation))))
        seq = self._connection.execute(_LAST_SEQ, {"conversation": conversation}).scalar_one() + 1
        values = {
            "channel": inbound.channel,
            "message_id": inbound.message_id,
            "conversation_id": conversation,
            "seq": seq,
            "sender": str(inbound.sender),
            "kind": inbound.kind,
            "body": inbound.text,
            "received_at": inbound.received_at,
            "status": "pending",
            "attempts": 0,
            "not_before": inbound.received_at,
        }
        try:
            with self._connection.begin_nested():
                key = self._connection.execute(_INSERT, values).inserted_primary_key
        except IntegrityError:
            return None  # the same message arrived twice at the same moment, and the other one was first
        assert key is not None
        return int(key[0])

    def claim(self, *, now: datetime, worker: str, lease_s: float, conversation_id: str | None = None) -> InboxRow | None:
        query = _NEXT[conversation_id is not None]
        if self._locks:
            query = query.with_for_update(skip_locked=True)
        wanted = {"now": now} | ({"wanted": conversation_id} if conversation_id is not None else {})
        row_id = self._connection.execute(query, wanted).scalar_one_or_none()
        if row_id is None:
            return None
        lease = now + timedelta(seconds=lease_s)
        row = self._connection.execute(_CLAIM, {"row": row_id, "by": worker, "lease": lease}).one()
        return InboxRow(
            id=row.id,
            seq=row.seq,
            attempts=row.attempts,
            inbound=Inbound(
                channel=row.channel,
                message_id=row.message_id,
                sender=Party.parse(row.sender),
                text=row.body,
                received_at=row.received_at,
                kind=row.kind,
                conversation_id=row.conversation_id,
            ),
        )

    def finish(self, row_id: int, *, at: datetime, attempt: int | None = None) -> None:
        if self._connection.execute(_FINISH, {"row": row_id, "at": at, "try_": attempt}).rowcount != 1:
            raise Conflict(f"inbox row {row_id} is no longer ours")

    def retry(self, row_id: int, *, not_before: datetime, error: str, attempt: int | None = None, attempts: int | None = None) -> None:
        values = {"row": row_id, "after": not_before, "why": error[:300], "try_": attempt, "tries": attempts}
        self._connection.execute(_RETRY, values)

    def bury(self, row_id: int, *, at: datetime, error: str) -> None:
        self._connection.execute(_BURY, {"row": row_id, "at": at, "why": error[:300]})

    def waiting(self) -> int:
        return int(self._connection.execute(_WAITING).scalar_one())

    def workers(self) -> Sequence[str]:
        return [worker for (worker,) in self._connection.execute(_WORKERS)]

    def expire(self, worker: str, *, at: datetime) -> None:
        self._connection.execute(_EXPIRE, {"by": worker, "at": at})
