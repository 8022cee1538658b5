"""The send ledger: pending -> sending -> sent, or unknown, failed, blocked, review, expired, superseded.

The unique `occasion` makes a touch happen once for ever; the unique `key` goes to the channel as its idempotency key.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, exists, func, insert, or_, select, update

from domain.message import Approved, Draft, Receipt, Verdict
from domain.party import Party, Role
from domain.ports import OutboxRow
from storage.codec import draft_from_json, draft_to_json, findings_to_json
from storage.ledger_tables import outbox

_now: BindParameter[datetime] = bindparam("now")
_earlier = outbox.alias("earlier")
# A row waits for earlier ones of its conversation that are due or on their way; a postponed one holds nobody up.
_FIRST = ~exists().where(
    _earlier.c.conversation_id == outbox.c.conversation_id,
    _earlier.c.id < outbox.c.id,
    or_(_earlier.c.status == "sending", (_earlier.c.status == "pending") & (_earlier.c.not_before <= _now)),
)
_CANDIDATE = (
    select(outbox.c.id)
    .where(outbox.c.status == "pending", outbox.c.not_before <= _now, _FIRST)
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(1)
)
_NEXT = {False: _CANDIDATE, True: _CANDIDATE.where(outbox.c.conversation_id == bindparam("wanted"))}
_KNOWN = select(outbox.c.id).where(or_(outbox.c.key == bindparam("key"), outbox.c.occasion == bindparam("occasion")))
_INSERT = insert(outbox)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(status="sending", worker=bindparam("by"), lease_until=bindparam("lease"), attempts=outbox.c.attempts + 1)
    .returning(*outbox.c)
)
_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.status == "sending")
    .values(
        status="sent",
        sent_at=bindparam("at"),
        text=bindparam("said"),
        receipt=bindparam("reference"),
        lease_until=None,
        error=None,
    )
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
    .values(status="pending", not_before=bindparam("after"), lease_until=None, error=bindparam("why"))
)
_BY_TRACE = select(outbox).where(outbox.c.trace_id == bindparam("trace")).order_by(outbox.c.id)
_BY_STATUS = select(outbox).where(outbox.c.status == bindparam("wanted")).order_by(outbox.c.id)
_STALE = select(outbox).where(outbox.c.status == "sending", outbox.c.lease_until <= _now).order_by(outbox.c.id)
_CONTACTS = (
    select(outbox)
    .where(
        outbox.c.recipient == bindparam("who"),
        outbox.c.status == "sent",
        outbox.c.purpose.in_(("touch", "marketing")),
        outbox.c.sent_at >= bindparam("since"),
    )
    .order_by(outbox.c.id)
)
_WORKERS = select(outbox.c.worker).where(outbox.c.status == "sending").distinct()
_EXPIRE = update(outbox).where(outbox.c.status == "sending", outbox.c.worker == bindparam("by")).values(lease_until=bindparam("at"))
_NEXT_DUE = select(func.min(outbox.c.not_before)).where(outbox.c.status == "pending")
_ON_THE_WAY = select(outbox.c.id).where(outbox.c.conversation_id == bindparam("wanted"), outbox.c.status == "sending").limit(1)


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
        if self._connection.execute(_KNOWN, {"key": key, "occasion": occasion}).first():
            return None
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
        inserted = self._connection.execute(_INSERT, values).inserted_primary_key
        assert inserted is not None
        return int(inserted[0])

    def claim(self, *, now: datetime, worker: str, lease_s: float, conversation_id: str | None = None) -> OutboxRow | None:
        query = _NEXT[conversation_id is not None]
        if self._locks:
            query = query.with_for_update(skip_locked=True)
        wanted = {"now": now} | ({"wanted": conversation_id} if conversation_id is not None else {})
        row_id = self._connection.execute(query, wanted).scalar_one_or_none()
        if row_id is None:
            return None
        lease = now + timedelta(seconds=lease_s)
        return _row(self._connection.execute(_CLAIM, {"row": row_id, "by": worker, "lease": lease}).one())

    def sent(self, row_id: int, approved: Approved, receipt: Receipt) -> None:
        self._connection.execute(_SENT, {"row": row_id, "at": receipt.at, "said": approved.text, "reference": receipt.reference})

    def hold(self, row_id: int, *, status: str, verdict: Verdict | None = None, error: str = "") -> None:
        self._connection.execute(_HOLD, {"row": row_id, "to": status, "why": error[:300] or None, "found": findings_to_json(verdict)})

    def postpone(self, row_id: int, *, until: datetime, error: str = "") -> None:
        self._connection.execute(_POSTPONE, {"row": row_id, "after": until, "why": error[:300] or None})

    def release(self, row_id: int, *, by: str) -> None:
        self._connection.execute(
            update(outbox).where(outbox.c.id == row_id, outbox.c.status == "review").values(status="pending", released_by=by)
        )

    def stale(self, *, now: datetime) -> Sequence[OutboxRow]:
        return [_row(row) for row in self._connection.execute(_STALE, {"now": now})]

    def on_the_way(self, conversation_id: str) -> bool:
        return self._connection.execute(_ON_THE_WAY, {"wanted": conversation_id}).first() is not None

    def find(self, row_id: int) -> OutboxRow | None:
        row = self._connection.execute(select(outbox).where(outbox.c.id == row_id)).one_or_none()
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
