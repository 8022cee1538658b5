"""Work for people, one task per key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from domain.task import Task
from storage.ledger_tables import leads, tasks
from storage.upsert import DIALECTS

# The letter before the number tells staff at a glance what a customer quotes.
_LETTERS = {
    "complaint": "C",
    "hand_off": "H",
    "callback": "B",
    "lead": "L",
    "review": "R",
    "dead_letter": "D",
    "delivery": "S",
    "identity": "I",
    "churn": "V",
    "churn_late": "Y",
    "trigger": "E",
}
_OF_KEY = select(tasks).where(tasks.c.key == bindparam("wanted"))
_OF_CUSTOMER = select(tasks).where(tasks.c.customer_id == bindparam("customer"), tasks.c.kind == bindparam("sort")).order_by(tasks.c.id)
_CLOSE = (
    update(tasks)
    .where(tasks.c.key == bindparam("wanted"), tasks.c.status == "open")
    .values(status=bindparam("to"), closed_at=bindparam("at"), outcome=bindparam("how"))
)
_OPEN = {name: dialect.insert(tasks).on_conflict_do_nothing() for name, dialect in DIALECTS.items()}


class SqlTasks:
    """`domain.ports.TaskRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(
        self,
        *,
        key: str,
        kind: str,
        title: str,
        detail: str,
        at: datetime,
        customer_id: str | None = None,
        assignee: str | None = None,
        conversation_id: str | None = None,
        due_at: datetime | None = None,
        urgency: str = "normal",
    ) -> Task:
        known = self._connection.execute(_OF_KEY, {"wanted": key}).one_or_none()
        if known is None:
            values = {
                "key": key,
                "kind": kind,
                "status": "open",
                "title": title[:200],
                "detail": detail,
                "customer_id": customer_id,
                "assignee": assignee,
                "conversation_id": conversation_id,
                "urgency": urgency,
                "created_at": at,
                "due_at": due_at,
            }
            # Two may open the same task at once: the one that comes second finds the other's.
            self._connection.execute(_OPEN[self._connection.dialect.name], values)
            known = self._connection.execute(_OF_KEY, {"wanted": key}).one()
        return _task(known)

    def find(self, key: str) -> Task | None:
        known = self._connection.execute(_OF_KEY, {"wanted": key}).one_or_none()
        return _task(known) if known is not None else None

    def close(self, key: str, *, at: datetime, status: str = "done", outcome: str = "") -> bool:
        values = {"wanted": key, "to": status, "at": at, "how": outcome or None}
        return self._connection.execute(_CLOSE, values).rowcount > 0

    def of_customer(self, customer_id: str, *, kind: str) -> Sequence[Task]:
        return [_task(row) for row in self._connection.execute(_OF_CUSTOMER, {"customer": customer_id, "sort": kind})]

    def listed(self, *, assignee: str | None = None, kind: str | None = None, status: str = "open") -> Sequence[Task]:
        query = select(tasks).where(tasks.c.status == status)
        if assignee is not None:
            query = query.where(tasks.c.assignee == assignee)
        if kind is not None:
            query = query.where(tasks.c.kind == kind)
        urgent_first = case((tasks.c.urgency == "high", 0), else_=1)
        return [_task(row) for row in self._connection.execute(query.order_by(urgent_first, tasks.c.due_at, tasks.c.id))]


class SqlLeads:
    """`domain.ports.LeadRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, *, need: str, customer_id: str, slots: Sequence[tuple[str, str]], quote: str, at: datetime, conversation_id: str) -> int:
        values = {
            "need": need,
            "customer_id": customer_id,
            "slots": [list(pair) for pair in slots],
            "quote": quote,
            "conversation_id": conversation_id,
            "status": "open",
            "created_at": at,
        }
        key = self._connection.execute(insert(leads).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])


def _task(row: Any) -> Task:
    return Task(
        id=row.id,
        key=row.key,
        kind=row.kind,
        status=row.status,
        title=row.title,
        detail=row.detail,
        customer_id=row.customer_id,
        assignee=row.assignee,
        conversation_id=row.conversation_id,
        urgency=row.urgency,
        created_at=row.created_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        outcome=row.outcome or "",
        reference=f"{_LETTERS.get(row.kind, 'T')}-{row.id:04d}",
    )
