"""Complaints as tasks: one opens silently while a person serves, and only who answers for the customer may close one."""

from collections.abc import Sequence
from datetime import datetime

from bot.authority import may_serve
from compliance.days import bank_day
from domain.book import StaffMember
from domain.conversation import Conversation
from domain.effects import Effect, OpenTask
from domain.party import Role
from domain.ports import Records
from domain.task import Task

KIND = "complaint"


def taken_silently(records: Records, conversation: Conversation, effects: Sequence[Effect], *, at: datetime) -> tuple[OpenTask, ...]:
    """What of a turn opens a complaint while a person holds the conversation.

    Nothing when one was opened in it on the same day and is still open: people say it more than once, first to the bot and then to the
    person. Whether it is another matter is for the person who hears it.
    """
    opening = tuple(effect for effect in effects if isinstance(effect, OpenTask) and effect.task == KIND)
    if not opening:
        return ()
    known = any(task.conversation_id == conversation.id and bank_day(task.created_at) == bank_day(at) for task in open_complaints(records))
    return () if known else opening


def open_complaints(records: Records) -> Sequence[Task]:
    """Every complaint that nobody has closed, the most urgent first."""
    return records.tasks.listed(kind=KIND)


def may_close(records: Records, staff: StaffMember, task: Task, *, at: datetime) -> bool:
    """Whether this person may close the complaint.

    Who may serve the customer that day, and the manager of the customer's branch or of the relationship manager's.
    """
    customer = records.book.customer(task.customer_id) if task.customer_id else None
    if customer is None or not staff.active:
        return False
    if staff.role is Role.MANAGER:
        owner = records.book.staff(customer.rm_id) if customer.rm_id else None
        return staff.branch_id in (customer.branch_id, owner.branch_id if owner else None)
    return may_serve(records.book, staff, customer, on=bank_day(at))


def closable(records: Records, staff: StaffMember, *, at: datetime) -> list[Task]:
    """The open complaints that this person may close."""
    return [task for task in open_complaints(records) if may_close(records, staff, task, at=at)]
