"""The inbox: every accepted message once, and one conversation's messages in arrival order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, literal_column, or_, select, update

from domain.errors import Conflict
from domain.message import Inbound
from domain.party import Party
from domain.ports import InboxRow
from storage.ledger_tables import inbox
from storage.upsert import DIALECTS

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
_NEXT_SEQ = select(func.coalesce(func.max(inbox.c.seq), 0) + 1).where(inbox.c.conversation_id == bindparam("conversation_id"))
_NEW = ("channel", "message_id", "conversation_id", "sender", "kind", "body", "received_at", "status", "attempts", "not_before", "ended_at")
#: One statement: the next number of the conversation, and nothing at all for a message that is there already.
_ACCEPT = {
    name: dialect.insert(inbox)
    .values({column: bindparam(column) for column in _NEW} | {"seq": _NEXT_SEQ.scalar_subquery()})
    .on_conflict_do_nothing(index_elements=[inbox.c.channel, inbox.c.message_id])
    .returning(inbox.c.id)
    for name, dialect in DIALECTS.items()
}
_TAKEN = {"status": "working", "worker": bindparam("by"), "lease_until": bindparam("lease"), "attempts": inbox.c.attempts + 1}
#: By (of one conversation, on PostgreSQL): there several workers look at once, and each takes a row that nobody else is taking.
_CLAIM = {
    (of_one, locks): update(inbox)
    .where(inbox.c.id == (query.with_for_update(skip_locked=True) if locks else query).correlate(None).scalar_subquery())
    .values(_TAKEN)
    .returning(*inbox.c)
    for of_one, query in _NEXT.items()
    for locks in (False, True)
}
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
_LAST_HEARD = (
    select(inbox.c.received_at)
    .where(inbox.c.conversation_id == bindparam("wanted"), inbox.c.kind.not_in(("enter", "event")))
    .order_by(inbox.c.seq.desc())
    .limit(1)
)
_UNHEARD = (
    (inbox.c.channel == bindparam("of_channel"))
    & (inbox.c.message_id == bindparam("wanted"))
    & (inbox.c.kind == "voice")
    & (inbox.c.status == _OPEN[0])
    & (inbox.c.attempts == 0)
)
_RELEASED = update(inbox).where(_UNHEARD).values(not_before=bindparam("at"))
_HEARD = {False: _RELEASED, True: _RELEASED.values(kind="heard", body=bindparam("words"))}
_WAITING = select(func.count()).select_from(inbox).where(_IS_OPEN)


class SqlInbox:
    """`domain.ports.InboxRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locks = connection.dialect.name == "postgresql"

    def accept(self, inbound: Inbound, *, done_at: datetime | None = None, not_before: datetime | None = None) -> int | None:
        conversation = inbound.conversation
        if self._locks:
            # Arrival order is given out one at a time per conversation.
            self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(conversation))))
        values = {
            "channel": inbound.channel,
            "message_id": inbound.message_id,
            "conversation_id": conversation,
            "sender": str(inbound.sender),
            "kind": inbound.kind,
            "body": inbound.text,
            "received_at": inbound.received_at,
            "status": "pending" if done_at is None else "done",
            "attempts": 0,
            "not_before": not_before or inbound.received_at,
            "ended_at": done_at,
        }
        row_id: int | None = self._connection.execute(_ACCEPT[self._connection.dialect.name], values).scalar_one_or_none()
        return row_id

    def claim(self, *, now: datetime, worker: str, lease_s: float, conversation_id: str | None = None) -> InboxRow | None:
        of_one = conversation_id is not None
        values = {"now": now, "by": worker, "lease": now + timedelta(seconds=lease_s)} | ({"wanted": conversation_id} if of_one else {})
        row = self._connection.execute(_CLAIM[of_one, self._locks], values).one_or_none()
        if row is None:
            return None
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

    def heard(self, channel: str, message_id: str, *, text: str | None, at: datetime) -> bool:
        values = {"of_channel": channel, "wanted": message_id, "at": at} | ({} if text is None else {"words": text})
        return self._connection.execute(_HEARD[text is not None], values).rowcount == 1

    def last_heard(self, conversation_id: str) -> datetime | None:
        return self._connection.execute(_LAST_HEARD, {"wanted": conversation_id}).scalar_one_or_none()

    def waiting(self) -> int:
        return int(self._connection.execute(_WAITING).scalar_one())

    def workers(self) -> Sequence[str]:
        return [worker for (worker,) in self._connection.execute(_WORKERS)]

    def expire(self, worker: str, *, at: datetime) -> None:
        self._connection.execute(_EXPIRE, {"by": worker, "at": at})
