"""The send ledger: pending -> sending -> sent, or unknown, failed, blocked, review, expired,
superseded; or asked, where a person must confirm.

The unique `occasion` makes a touch happen once for ever; the unique `key` goes to the channel as its idempotency key.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, case, exists, func, literal_column, or_, select, update

from domain.message import Approved, Draft, Purpose, Receipt, Verdict
from domain.party import Party, Role
from domain.ports import OutboxRow
from storage.codec import draft_from_json, draft_to_json, findings_to_json
from storage.ledger_tables import outbox
from storage.upsert import DIALECTS

# Written out, not bound: only so can SQLite see that the partial indexes over open and sent rows apply.
_PENDING: ColumnElement[str] = literal_column("'pending'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_SENT_OR_ASKED: tuple[ColumnElement[str], ...] = (literal_column("'sent'"), literal_column("'asked'"))
_PUSHED: tuple[ColumnElement[str], ...] = tuple(literal_column(f"'{purpose.value}'") for purpose in (Purpose.TOUCH, Purpose.MARKETING))
_IS_OPEN = outbox.c.status.in_((_PENDING, _SENDING))  # the indexes' own words, said beside every narrower condition
_now: BindParameter[datetime] = bindparam("now")
_earlier = outbox.alias("earlier")
# A row waits for earlier ones of its conversation that are due or on their way; a postponed one holds nobody up. One that is tried again
# stays due and rests until `lease_until`, so that what follows it cannot overtake it.
_FIRST = ~exists().where(
    _earlier.c.conversation_id == outbox.c.conversation_id,
    _earlier.c.id < outbox.c.id,
    _earlier.c.status.in_((_PENDING, _SENDING)),
    or_(_earlier.c.status == _SENDING, (_earlier.c.status == _PENDING) & (_earlier.c.not_before <= _now)),
)
_RESTED = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= _now)
_CANDIDATE = (
    select(outbox.c.id)
    .where(_IS_OPEN, outbox.c.status == _PENDING, outbox.c.not_before <= _now, _RESTED, _FIRST)
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(1)
)
_NEXT = {False: _CANDIDATE, True: _CANDIDATE.where(outbox.c.conversation_id == bindparam("wanted"))}
_INSERT = {name: dialect.insert(outbox).on_conflict_do_nothing().returning(outbox.c.id) for name, dialect in DIALECTS.items()}
_TAKEN = {"status": "sending", "worker": bindparam("by"), "lease_until": bindparam("lease"), "attempts": outbox.c.attempts + 1}
#: By (of one conversation, on PostgreSQL): there several workers look at once, and each takes a row that nobody else is taking.
_CLAIM = {
    (of_one, locks): update(outbox)
    .where(outbox.c.id == (query.with_for_update(skip_locked=True) if locks else query).correlate(None).scalar_subquery())
    .values(_TAKEN)
    .returning(*outbox.c)
    for of_one, query in _NEXT.items()
    for locks in (False, True)
}
_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.status != "sent")
    .values(
        status="sent",
        sent_at=bindparam("at"),
        text=bindparam("said"),
        receipt=bindparam("reference"),
        lease_until=None,
        error=None,
    )
)
_ASKED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.status.in_(("pending", "sending", "unknown")))
    .values(
        status="asked",
        sent_at=bindparam("at"),
        text=bindparam("said"),
        receipt=bindparam("reference"),
        lease_until=None,
        error=None,
    )
)
_CONFIRMED = (
    update(outbox).where(outbox.c.id == bindparam("row"), outbox.c.status == "asked").values(status="sent", sent_at=bindparam("at"))
)
_HOLD = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        status=bindparam("to"),
        lease_until=None,
        error=bindparam("why"),
        findings=bindparam("found", type_=outbox.c.findings.type),
    )
)
_POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(status="pending", not_before=bindparam("after"), lease_until=None, error=bindparam("why"), attempts=outbox.c.attempts - 1)
)
_RETRY = (
    update(outbox).where(outbox.c.id == bindparam("row")).values(status="pending", lease_until=bindparam("after"), error=bindparam("why"))
)
_BY_KEY = select(outbox).where(outbox.c.key == bindparam("wanted"))
_BY_TRACE = select(outbox).where(outbox.c.trace_id == bindparam("trace")).order_by(outbox.c.id)
_BY_STATUS = select(outbox).where(outbox.c.status == bindparam("wanted")).order_by(outbox.c.id)
# In the order of the index of what is open: by id the whole ledger would be read.
_STALE = (
    select(outbox).where(_IS_OPEN, outbox.c.status == _SENDING, outbox.c.lease_until <= _now).order_by(outbox.c.not_before, outbox.c.id)
)
_CONTACTS = (
    select(outbox)
    .where(
        outbox.c.recipient == bindparam("who"),
        outbox.c.status.in_(_SENT_OR_ASKED),
        outbox.c.purpose.in_(_PUSHED),
        outbox.c.sent_at >= bindparam("since"),
    )
    .order_by(outbox.c.id)
)
_WORKERS = select(outbox.c.worker).where(_IS_OPEN, outbox.c.status == _SENDING).distinct()
_EXPIRE = (
    update(outbox).where(_IS_OPEN, outbox.c.status == _SENDING, outbox.c.worker == bindparam("by")).values(lease_until=bindparam("at"))
)
_DUE = case((outbox.c.lease_until > outbox.c.not_before, outbox.c.lease_until), else_=outbox.c.not_before)
_NEXT_DUE = select(func.min(_DUE)).where(_IS_OPEN, outbox.c.status == _PENDING)
_UNSENT = select(outbox.c.id).where(_IS_OPEN, outbox.c.conversation_id == bindparam("wanted")).limit(1)
_ON_THE_WAY = select(outbox.c.id).where(_IS_OPEN, outbox.c.conversation_id == bindparam("wanted"), outbox.c.status == _SENDING).limit(1)


class SqlOutbox:
    """`domain.ports.OutboxRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locks = connection.dialect.name == "postgresql"

    def add(
        self,
        draft: Draft,
        *,
        conversation_id: str,
        channel: str,
        at: datetime,
        key: str,
        not_before: datetime | None = None,
        until: datetime | None = None,
        occasion: str | None = None,
        trace_id: str = "",
    ) -> int | None:
        values = {
            "key": key,
            "occasion": occasion,
            "conversation_id": conversation_id,
            "channel": channel,
            "recipient": str(draft.to),
            "purpose": draft.purpose.value,
            "draft": draft_to_json(draft),
            "status": "pending",
            "attempts": 0,
            "created_at": at,
            "not_before": not_before or at,
            "until": until,
            "trace_id": trace_id,
        }
        return self._connection.execute(_INSERT[self._connection.dialect.name], values).scalar_one_or_none()

    def claim(self, *, now: datetime, worker: str, lease_s: float, conversation_id: str | None = None) -> OutboxRow | None:
        of_one = conversation_id is not None
        values = {"now": now, "by": worker, "lease": now + timedelta(seconds=lease_s)} | ({"wanted": conversation_id} if of_one else {})
        row = self._connection.execute(_CLAIM[of_one, self._locks], values).one_or_none()
        return None if row is None else _row(row)

    def sent(self, row_id: int, approved: Approved, receipt: Receipt) -> bool:
        values = {"row": row_id, "at": receipt.at, "said": approved.text, "reference": receipt.reference}
        return self._connection.execute(_SENT, values).rowcount == 1

    def asked(self, row_id: int, approved: Approved, receipt: Receipt) -> bool:
        values = {"row": row_id, "at": receipt.at, "said": approved.text, "reference": receipt.reference}
        return self._connection.execute(_ASKED, values).rowcount == 1

    def confirmed(self, row_id: int, *, at: datetime) -> bool:
        return self._connection.execute(_CONFIRMED, {"row": row_id, "at": at}).rowcount == 1

    def hold(self, row_id: int, *, status: str, verdict: Verdict | None = None, error: str = "") -> None:
        self._connection.execute(_HOLD, {"row": row_id, "to": status, "why": error[:300] or None, "found": findings_to_json(verdict)})

    def postpone(self, row_id: int, *, until: datetime, error: str = "") -> None:
        self._connection.execute(_POSTPONE, {"row": row_id, "after": until, "why": error[:300] or None})

    def retry(self, row_id: int, *, after: datetime, error: str) -> None:
        self._connection.execute(_RETRY, {"row": row_id, "after": after, "why": error[:300]})

    def release(self, row_id: int, *, by: str) -> None:
        self._connection.execute(
            update(outbox).where(outbox.c.id == row_id, outbox.c.status == "review").values(status="pending", released_by=by)
        )

    def stale(self, *, now: datetime) -> Sequence[OutboxRow]:
        query = _STALE.with_for_update(skip_locked=True) if self._locks else _STALE  # two who recover at once share the rows out
        return [_row(row) for row in self._connection.execute(query, {"now": now})]

    def on_the_way(self, conversation_id: str) -> bool:
        return self._connection.execute(_ON_THE_WAY, {"wanted": conversation_id}).first() is not None

    def unsent(self, conversation_id: str) -> bool:
        return self._connection.execute(_UNSENT, {"wanted": conversation_id}).first() is not None

    def find(self, row_id: int) -> OutboxRow | None:
        row = self._connection.execute(select(outbox).where(outbox.c.id == row_id)).one_or_none()
        return None if row is None else _row(row)

    def of_key(self, key: str) -> OutboxRow | None:
        row = self._connection.execute(_BY_KEY, {"wanted": key}).one_or_none()
        return None if row is None else _row(row)

    def of_trace(self, trace_id: str) -> Sequence[OutboxRow]:
        return [_row(row) for row in self._connection.execute(_BY_TRACE, {"trace": trace_id})]

    def by_status(self, status: str) -> Sequence[OutboxRow]:
        return [_row(row) for row in self._connection.execute(_BY_STATUS, {"wanted": status})]

    def occasions(self, prefix: str) -> Sequence[str]:
        found = select(outbox.c.occasion).where(outbox.c.occasion.is_not(None), outbox.c.occasion.startswith(prefix, autoescape=True))
        return [occasion for (occasion,) in self._connection.execute(found)]

    def contacts(self, customer_id: str, *, since: datetime) -> Sequence[OutboxRow]:
        who = str(Party(Role.CUSTOMER, customer_id))
        return [_row(row) for row in self._connection.execute(_CONTACTS, {"who": who, "since": since})]

    def next_due(self) -> datetime | None:
        return self._connection.execute(_NEXT_DUE).scalar_one_or_none()

    def workers(self) -> Sequence[str]:
        return [worker for (worker,) in self._connection.execute(_WORKERS)]

    def expire(self, worker: str, *, at: datetime) -> None:
        self._connection.execute(_EXPIRE, {"by": worker, "at": at})


def _row(row: Any) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        key=row.key,
        conversation_id=row.conversation_id,
        channel=row.channel,
        draft=draft_from_json(row.draft),
        status=row.status,
        attempts=row.attempts,
        created_at=row.created_at,
        not_before=row.not_before,
        until=row.until,
        occasion=row.occasion,
        sent_at=row.sent_at,
        trace_id=row.trace_id,
        released_by=row.released_by,
        findings=tuple((f["rule"], f["outcome"], f["reason"]) for f in row.findings or ()),
    )
