"""Texts that a member must confirm in WeCom: what is collected, asked and settled."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, literal_column, or_, select, update

from domain.mass import MassTarget, MassTask
from storage.contact_tables import bindings, contacts
from storage.ledger_tables import outbox
from storage.mass_tables import mass_targets, mass_tasks
from storage.upsert import DIALECTS

_TASK_FIELDS = tuple(field.name for field in fields(MassTask))
_TARGET_FIELDS = tuple(field.name for field in fields(MassTarget))
# Written out, not bound: only so can SQLite see that the partial indexes apply.
_WAITS = mass_targets.c.status == literal_column("'waiting'")
_OPEN = mass_tasks.c.status != literal_column("'ended'")
_COLLECT = {name: dialect.insert(mass_targets).on_conflict_do_nothing() for name, dialect in DIALECTS.items()}
_COLLECTED = (
    select(mass_targets)
    .join(outbox, outbox.c.key == mass_targets.c.key)
    .where(_WAITS, mass_targets.c.task_id.is_(None), outbox.c.status == "asked")
    .order_by(mass_targets.c.userid, mass_targets.c.text, mass_targets.c.until, mass_targets.c.key)
)
_HAD = select(func.count()).where(
    mass_targets.c.external_userid == bindparam("person"),
    mass_targets.c.key != bindparam("but"),
    or_(mass_targets.c.status == "waiting", and_(mass_targets.c.status == "sent", mass_targets.c.settled_at >= bindparam("since"))),
)
_BEGIN = insert(mass_tasks).returning(*mass_tasks.c)
_TAKE = (
    update(mass_targets)
    .where(mass_targets.c.key.in_(bindparam("keys", expanding=True)), mass_targets.c.task_id.is_(None), _WAITS)
    .values(task_id=bindparam("task"))
)
_ASKING = (mass_tasks.c.id == bindparam("task"), mass_tasks.c.status == "asking")
_UNDO = delete(mass_tasks).where(*_ASKING)
_FREE = update(mass_targets).where(mass_targets.c.task_id == bindparam("task"), _WAITS).values(task_id=None)
_ASKED = update(mass_tasks).where(*_ASKING).values(status="asked", msgid=bindparam("id_there"))
_KNOWN = select(exists().where(mass_tasks.c.msgid == bindparam("id_there")))
_ALL_OPEN = select(mass_tasks).where(_OPEN).order_by(mass_tasks.c.id)
_TARGETS = select(mass_targets).where(mass_targets.c.task_id == bindparam("task")).order_by(mass_targets.c.key)
_WAITING = (
    select(mass_targets)
    .join(mass_tasks, mass_tasks.c.id == mass_targets.c.task_id)
    .where(_WAITS, mass_tasks.c.status == "asked")
    .order_by(mass_targets.c.userid, mass_targets.c.collected_at, mass_targets.c.key)
)
_SETTLE = (
    update(mass_targets).where(mass_targets.c.key == bindparam("wanted"), _WAITS).values(status=bindparam("to"), settled_at=bindparam("at"))
)
_END = update(mass_tasks).where(mass_tasks.c.id == bindparam("task")).values(status="ended")
_REMINDED = (
    update(mass_tasks)
    .where(mass_tasks.c.id == bindparam("task"), mass_tasks.c.reminded == bindparam("before"))
    .values(reminded=mass_tasks.c.reminded + 1, reminded_at=bindparam("at"))
)
_REACHABLE = (
    select(bindings.c.customer_id)
    .join(contacts, contacts.c.external_userid == bindings.c.external_userid)
    .where(contacts.c.left_at.is_(None))
    .distinct()
)


class SqlMass:
    """`domain.mass.MassRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def collect(self, target: MassTarget) -> None:
        values = {name: getattr(target, name) for name in _TARGET_FIELDS}
        self._connection.execute(_COLLECT[self._connection.dialect.name], values)

    def collected(self) -> Sequence[MassTarget]:
        return [_target(row) for row in self._connection.execute(_COLLECTED)]

    def had(self, external_userid: str, *, since: datetime, but: str) -> int:
        return self._connection.execute(_HAD, {"person": external_userid, "since": since, "but": but}).scalar_one()

    def begin(self, userid: str, text: str, until: datetime, keys: Iterable[str], *, at: datetime) -> MassTask | None:
        values = {"userid": userid, "text": text, "until": until, "status": "asking", "msgid": "", "asked_at": at, "reminded": 0}
        task = _task(self._connection.execute(_BEGIN, values).one())
        if self._connection.execute(_TAKE, {"keys": list(keys), "task": task.id}).rowcount:
            return task
        self.undo(task.id)
        return None

    def undo(self, task_id: int) -> bool:
        if self._connection.execute(_UNDO, {"task": task_id}).rowcount != 1:
            return False
        self._connection.execute(_FREE, {"task": task_id})
        return True

    def asked(self, task_id: int, msgid: str) -> bool:
        return self._connection.execute(_ASKED, {"task": task_id, "id_there": msgid}).rowcount == 1

    def known(self, msgid: str) -> bool:
        return bool(self._connection.execute(_KNOWN, {"id_there": msgid}).scalar_one())

    def open(self) -> Sequence[MassTask]:
        return [_task(row) for row in self._connection.execute(_ALL_OPEN)]

    def targets(self, task_id: int) -> Sequence[MassTarget]:
        return [_target(row) for row in self._connection.execute(_TARGETS, {"task": task_id})]

    def waiting(self) -> Sequence[MassTarget]:
        return [_target(row) for row in self._connection.execute(_WAITING)]

    def settle(self, key: str, status: str, *, at: datetime) -> bool:
        return self._connection.execute(_SETTLE, {"wanted": key, "to": status, "at": at}).rowcount == 1

    def release(self, task_id: int) -> None:
        self._connection.execute(_FREE, {"task": task_id})
        self.end(task_id)

    def end(self, task_id: int) -> None:
        self._connection.execute(_END, {"task": task_id})

    def reminded(self, task_id: int, *, before: int, at: datetime) -> bool:
        return self._connection.execute(_REMINDED, {"task": task_id, "before": before, "at": at}).rowcount == 1

    def reachable(self) -> frozenset[str]:
        return frozenset(customer_id for (customer_id,) in self._connection.execute(_REACHABLE))


def _task(row: Any) -> MassTask:
    return MassTask(**{name: getattr(row, name) for name in _TASK_FIELDS})


def _target(row: Any) -> MassTarget:
    return MassTarget(**{name: getattr(row, name) for name in _TARGET_FIELDS})
