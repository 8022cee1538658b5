"""A case of keeping a customer that nobody dealt with in time goes to the branch manager: a task of theirs and a notice, once (C14).

Tasks and the notice of a manager are written in one transaction under keys of the cases: a kill, a second process and a second look add
nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.authority import leaders
from bot.churn_cases import KIND, LATE
from bot.staff_chats import chat_of
from bot.wording import sentence
from domain.audit import AuditRecord
from domain.book import Customer
from domain.message import Draft, Kind, Purpose
from domain.party import SYSTEM
from domain.ports import Records, Store
from domain.task import Task

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """A case of which a manager is to hear, and whose work it was."""

    case: Task
    customer: Customer
    owner: str


def escalate_late(store: Store, *, at: datetime, channel: str) -> int:
    """Tell the managers of every late case that they were not told of: a task each, and one notice a manager.

    Returns how many cases. `channel` reaches who never talked with us.
    """
    with store.reading() as records:
        waiting = list(_untold(records, at=at))
    return sum(_escalate(store, manager_id, at=at, channel=channel) for manager_id in waiting)


def late_cases(records: Records, *, at: datetime) -> list[Task]:
    """The open cases whose deadline has passed, the longest first."""
    late = [task for task in records.tasks.listed(kind=KIND) if task.due_at is not None and task.due_at <= at]
    return sorted(late, key=lambda task: (task.due_at or at, task.id))


def _untold(records: Records, *, at: datetime) -> Mapping[str, Sequence[_Late]]:
    """By manager the late cases that they were not told of; a case that is the manager's own is known to them."""
    late, leading = late_cases(records, at=at), leaders(records.book)
    customers = {one.id: one for one in records.book.customers([task.customer_id for task in late if task.customer_id])}
    told = {task.key for task in records.tasks.listed(kind=LATE)}
    found: dict[str, list[_Late]] = {}
    for case in late:
        customer = customers.get(case.customer_id or "")
        manager = leading.get(customer.branch_id) if customer else None
        if customer is None or manager is None or manager.id == case.assignee or _key(case) in told:
            continue
        if records.tasks.find(_key(case)) is None:  # what was told and is done with is not told again
            owner = records.book.staff(case.assignee) if case.assignee else None
            found.setdefault(manager.id, []).append(_Late(case=case, customer=customer, owner=owner.name if owner else "还没有人"))
    return found


def _escalate(store: Store, manager_id: str, *, at: datetime, channel: str) -> int:
    with store.writing() as records:
        late = _untold(records, at=at).get(manager_id, ())  # looked at again: another process may have come first
        manager = records.book.staff(manager_id)
        if not late or manager is None:
            return 0
        named = late[:_NAMED]
        told = "、".join(f"{one.customer.name}（{one.case.reference}，{one.owner}负责）" for one in named)
        chat = chat_of(records, manager, channel=channel)
        notice = Draft(
            text=sentence("case.late", count=len(late), names=f"{told}等" if len(late) > _NAMED else told),
            to=chat.party,
            purpose=Purpose.INTERNAL,
            kind=Kind.NOTICE,
            about=tuple(one.customer.id for one in named),
        )
        if records.outbox.add(notice, conversation_id=chat.id, channel=chat.channel, at=at, key=_key(late[0].case)[:120]) is None:
            return 0
        for one in late:
            records.tasks.open(
                key=_key(one.case),
                kind=LATE,
                title=sentence("case.late_title", name=one.customer.name, reference=one.case.reference, owner=one.owner),
                detail=one.case.detail,
                at=at,
                customer_id=one.customer.id,
                assignee=manager.id,
                urgency=one.case.urgency,
            )
            subject = f"task:{one.case.id}"
            records.audit.append(AuditRecord(at=at, actor=str(SYSTEM), action="case.escalated", subject=subject, purpose="service"))
    return len(late)


def _key(case: Task) -> str:
    return f"late/{case.key}"
