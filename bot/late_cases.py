"""A case of keeping a customer that nobody dealt with in time goes to the branch manager: a task of theirs and a notice, once (C14).

Task and notice are written in one transaction under keys of the case: a kill, a second process and a second look add nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.authority import leaders
from bot.churn_cases import KIND, LATE
from bot.staff_chats import chat_of
from bot.wording import sentence
from domain.audit import AuditRecord
from domain.book import Customer, StaffMember
from domain.message import Draft, Kind, Purpose
from domain.party import SYSTEM
from domain.ports import Records, Store
from domain.task import Task


def escalate_late(store: Store, *, at: datetime, channel: str) -> int:
    """Tell the managers of every late case that they were not told of. Returns how many. `channel` reaches who never talked with us."""
    with store.reading() as records:
        late = [task.key for task in _untold(records, at=at, managers=leaders(records.book))]
    return sum(_escalate(store, key, at=at, channel=channel) for key in late)


def late_cases(records: Records, *, at: datetime) -> list[Task]:
    """The open cases whose deadline has passed, the longest first."""
    late = [task for task in records.tasks.listed(kind=KIND) if task.due_at is not None and task.due_at <= at]
    return sorted(late, key=lambda task: (task.due_at or at, task.id))


def _untold(records: Records, *, at: datetime, managers: Mapping[str, StaffMember]) -> list[Task]:
    """The late cases that have a manager to tell who was not told of them, and whose own case it is not."""
    late = late_cases(records, at=at)
    customers = {one.id: one for one in records.book.customers([task.customer_id for task in late if task.customer_id])}
    found = []
    for task in late:
        manager = _manager(customers.get(task.customer_id or ""), managers)
        if manager and manager.id != task.assignee and records.tasks.find(_key(task)) is None:
            found.append(task)
    return found


def _escalate(store: Store, key: str, *, at: datetime, channel: str) -> bool:
    with store.writing() as records:
        case = records.tasks.find(key)
        customer = records.book.customer(case.customer_id) if case and case.customer_id else None
        manager = _manager(customer, leaders(records.book))
        if case is None or case.status != "open" or customer is None or manager is None or records.tasks.find(_key(case)) is not None:
            return False
        owner = records.book.staff(case.assignee) if case.assignee else None
        told = {"name": customer.name, "reference": case.reference, "owner": owner.name if owner else "还没有人"}
        records.tasks.open(
            key=_key(case),
            kind=LATE,
            title=sentence("case.late_title", **told),
            detail=case.detail,
            at=at,
            customer_id=customer.id,
            assignee=manager.id,
            urgency=case.urgency,
        )
        chat = chat_of(records, manager, channel=channel)
        notice = Draft(text=sentence("case.late", **told), to=chat.party, purpose=Purpose.INTERNAL, kind=Kind.NOTICE, about=(customer.id,))
        if records.outbox.add(notice, conversation_id=chat.id, channel=chat.channel, at=at, key=_key(case)[:120]) is None:
            return False  # another process was first
        records.audit.append(AuditRecord(at=at, actor=str(SYSTEM), action="case.escalated", subject=f"task:{case.id}", purpose="service"))
    return True


def _manager(customer: Customer | None, managers: Mapping[str, StaffMember]) -> StaffMember | None:
    return managers.get(customer.branch_id) if customer else None


def _key(case: Task) -> str:
    return f"late/{case.key}"
