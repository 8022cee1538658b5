"""The question after a person's stretch, and what its answer leads to."""

from datetime import datetime

from domain.book import StaffMember
from domain.message import Button
from domain.party import Role
from domain.ports import Records
from domain.surveys import FAIR, SATISFIED, UNSATISFIED, Survey

_CHOICES = ((SATISFIED, "满意"), (FAIR, "一般"), (UNSATISFIED, "不满意"))


def survey_buttons(records: Records, conversation_id: str, *, staff: str, at: datetime) -> tuple[Button, ...]:
    """Begin to ask about the stretch that this person has just ended."""
    number = records.surveys.ask(conversation_id, staff=staff, at=at)
    return tuple(Button(label=label, payload=f"survey:{number}-{score}") for score, label in _CHOICES)


def answered(records: Records, survey_id: int, *, conversation_id: str, score: int, at: datetime) -> Survey | None:
    """Keep the answer. Somebody who is not satisfied becomes a task of the manager of the branch, once for each stretch."""
    survey = records.surveys.answer(survey_id, conversation_id=conversation_id, score=score, at=at)
    if survey is not None and score == UNSATISFIED:
        member = records.book.staff(survey.staff)
        manager = _manager_of(records, member)
        conversation = records.conversations.find(conversation_id)
        customer = records.book.customer(conversation.party.id) if conversation and conversation.party.role is Role.CUSTOMER else None
        records.tasks.open(
            key=f"survey/{survey.id}",
            kind="dissatisfied",
            title="客户对服务不满意",
            detail=f"接待人：{member.name if member else survey.staff or '未知'}。请看会话里客户接着说了什么，并回访。",
            at=at,
            customer_id=customer.id if customer else None,
            assignee=manager.id if manager else None,
            conversation_id=conversation_id,
        )
    return survey


def _manager_of(records: Records, member: StaffMember | None) -> StaffMember | None:
    if member is None:
        return None
    managers = (one for one in records.book.people() if one.active and one.role is Role.MANAGER)
    return next((one for one in managers if one.branch_id == member.branch_id), None)
