"""One interpreter applies the effects of a turn, in one transaction. It is the only writer of conversations on behalf of a dialogue.

Keys are made from the inbox row, so that a turn that is worked twice (after a kill) leaves the same rows once. What an effect may not do
is checked here once more, whatever the handler thought: taking over, relaying and releasing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import binding, churn_cases, triggering
from bot.authority import contact_person, may_serve
from bot.complaints import closable
from bot.handoff import called, hand_off_due, hand_off_key, name_of, open_hand_off, summary_of
from bot.staff_chats import chat_of
from bot.surveys import answered
from bot.tagging import contest, keep, keep_use
from bot.wording import sentence
from compliance.days import bank_day, bank_time
from compliance.stepup import after_failure
from domain.audit import AuditRecord
from domain.book import Consent, Customer, StaffMember
from domain.conversation import Conversation, Event, Owner, step
from domain.effects import (
    AnswerPriority,
    AnswerTagUse,
    CancelHandOff,
    CloseComplaint,
    ContestTag,
    EditPolicy,
    Effect,
    HandOff,
    IssueBindCode,
    OpenLead,
    OpenTask,
    RecordAccess,
    RecordConsent,
    RecordFact,
    RecordStepUp,
    RecordSurvey,
    RecordTag,
    RedeemBindCode,
    Relay,
    Release,
    Say,
    TakeOver,
    Unbind,
    UpdateConversation,
)
from domain.errors import Conflict, IllegalTransition
from domain.media import HEARD, MEDIA_KINDS
from domain.message import Button, Draft, Inbound, Kind, Purpose
from domain.party import BOT, Role
from domain.policies import PolicyEdit
from domain.ports import InboxRow, Line, Records
from domain.priorities import PriorityAnswer
from domain.task import Task
from language.normalise import clip


@dataclass(slots=True, kw_only=True)
class Application:
    """One turn being applied: the records it writes to, and the speaking party's conversation as it changes."""

    records: Records
    conversation: Conversation
    inbound: Inbound
    inbox_id: int
    at: datetime
    staff_channel: str = "web"
    said: int = 0
    reference: str = ""

    @property
    def trace_id(self) -> str:
        return trace_of(self.inbox_id)

    @property
    def actor(self) -> str:
        return str(self.inbound.sender)


def trace_of(inbox_id: int) -> str:
    """The id under which everything that came of one inbound message is found."""
    return f"in-{inbox_id}"


def commit(
    records: Records, *, conversation: Conversation, row: InboxRow, effects: Sequence[Effect], at: datetime, staff_channel: str = "web"
) -> Conversation:
    """Apply a turn: inbox row done, transcript, effects, conversation. Returns the conversation as saved.

    Staff who never talked with the assistant are told on `staff_channel`.

    Raises Conflict when another turn changed a conversation in between, or somebody else took the message over; nothing is kept then.
    Rows are held in one order (message, own conversation, the customer's conversation, the chain), so that no two turns wait in a ring.
    """
    records.inbox.finish(row.id, at=at, attempt=row.attempts)
    stored = records.conversations.find(conversation.id, hold=True)
    if (stored.version if stored else 0) != conversation.version:
        raise Conflict(f"{conversation.id} was changed by somebody else")
    # Who a WeChat person is may have changed since the message was stored; the conversation knows.
    inbound = replace(row.inbound, sender=conversation.party)
    turn = Application(records=records, conversation=conversation, inbound=inbound, inbox_id=row.id, at=at, staff_channel=staff_channel)
    records.transcript.add(_line(turn))
    if inbound.kind == HEARD and conversation.owner is not Owner.HUMAN:
        _notice(turn, conversation, "voice.heard")
    # Tasks come first: a draft of the same turn may quote the number of one.
    for effect in sorted(effects, key=lambda effect: not isinstance(effect, OpenTask)):
        _apply(turn, effect)
    return records.conversations.save(turn.conversation, at=at)


def _line(turn: Application) -> Line:
    inbound = turn.inbound
    media = inbound.message_id if inbound.kind in (*MEDIA_KINDS, HEARD) else ""
    kind, text = ("voice", f"（语音）{inbound.text}") if inbound.kind == HEARD else (inbound.kind, inbound.text)
    at, conversation_id = inbound.received_at, turn.conversation.id
    return Line(id=0, conversation_id=conversation_id, at=at, author=turn.actor, kind=kind, text=text, media=media)


def _apply(turn: Application, effect: Effect) -> None:
    match effect:
        case Say():
            _say(turn, effect.draft)
        case UpdateConversation():
            turn.conversation = _updated(turn.conversation, effect)
        case HandOff():
            hand_off(turn, effect)
        case CancelHandOff():
            if turn.conversation.owner is Owner.WAITING:
                turn.records.tasks.close(hand_off_key(turn.conversation), at=turn.at, status="cancelled")
                turn.conversation = step(turn.conversation, Event.HANDOFF_CANCELLED, at=turn.at)
        case TakeOver():
            _take_over(turn, effect)
        case Relay():
            _relay(turn, effect)
        case Release():
            _release(turn, effect)
        case OpenTask():
            _open_task(turn, effect)
        case CloseComplaint():
            _close_complaint(turn, effect)
        case OpenLead():
            _open_lead(turn, effect)
        case RecordFact():
            turn.records.book.record_fact(
                customer_id=effect.customer_id, name=effect.name, value=effect.value, source=effect.source, at=turn.at, until=effect.until
            )
        case RecordTag():
            if keep(turn.records, effect, by=turn.inbound.sender, at=turn.at):
                _audit_tag(turn, "tag.recorded", effect, effect.source.value)
        case ContestTag():
            if contest(turn.records, effect, by=turn.inbound.sender, at=turn.at):
                _audit_tag(turn, "tag.contested", effect, "correction")
        case AnswerTagUse():
            if keep_use(turn.records, effect, by=turn.inbound.sender):
                _audit_tag(turn, "tag.use_granted" if effect.granted else "tag.use_refused", effect, "marketing")
        case EditPolicy():
            _edit_policy(turn, effect)
        case RecordConsent():
            _record_consent(turn, effect)
        case RecordStepUp():
            _record_step_up(turn, effect)
        case RecordSurvey():
            answered(turn.records, effect.survey_id, conversation_id=turn.conversation.id, score=effect.score, at=turn.at)
        case AnswerPriority():
            _answer_priority(turn, effect)
        case RecordAccess():
            fields = (("fields", ",".join(effect.fields)),) if effect.fields else ()
            _audit(turn, effect.action, f"customer:{effect.customer_id}", effect.purpose, fields)
        case IssueBindCode():
            _say(turn, binding.issue(turn.records, effect, turn.conversation, at=turn.at))
        case RedeemBindCode():
            done = binding.redeem(turn.records, effect.digest, turn.conversation, at=turn.at, answers=turn.inbox_id)
            _rebound(turn, *done)
        case Unbind():
            _rebound(turn, *binding.unbind(turn.records, effect, turn.conversation, at=turn.at, answers=turn.inbox_id))


def _rebound(turn: Application, conversation: Conversation, said: binding.Said) -> None:
    turn.conversation = conversation
    for draft, place in said:
        _say(turn, draft, to=place)


def _say(turn: Application, draft: Draft, *, to: Conversation | None = None) -> None:
    target = to or turn.conversation
    if turn.reference:
        draft = replace(draft, text=draft.text.replace("{reference}", turn.reference))
    turn.said += 1
    turn.records.outbox.add(
        draft,
        conversation_id=target.id,
        channel=target.channel,
        at=turn.at,
        key=f"{turn.trace_id}-{turn.said}",
        trace_id=turn.trace_id,
    )


def _tell(turn: Application, which: str, /, **values: str | int) -> None:
    """Say one of the shell's sentences to the speaking member of staff."""
    _say(turn, Draft(text=sentence(which, **values), to=turn.inbound.sender, purpose=Purpose.INTERNAL, answers=turn.inbox_id))


def _notice(turn: Application, conversation: Conversation, which: str, /, **values: str) -> None:
    """Put a system line into a customer's chat."""
    text = sentence(which, **values)
    _say(turn, Draft(text=text, to=conversation.party, purpose=Purpose.REPLY, kind=Kind.NOTICE), to=conversation)


def _updated(conversation: Conversation, effect: UpdateConversation) -> Conversation:
    names = ("form", "options", "topic", "focus", "asked", "pending", "greeted", "misses")
    values = {name: value for name in names if (value := getattr(effect, name)) is not None}
    if effect.focus is not None and effect.focus != conversation.focus:
        values["focus_before"] = conversation.focus
    fresh = Conversation(id="", channel="", party=BOT)
    return replace(conversation, **(values | {name: getattr(fresh, name) for name in effect.clear}))


def _customer_of(turn: Application, conversation: Conversation) -> Customer | None:
    return turn.records.book.customer(conversation.party.id) if conversation.party.role is Role.CUSTOMER else None


def hand_off(turn: Application, effect: HandOff) -> None:
    """Put the customer's conversation into the queue, open the task and tell the RM who is responsible today."""
    before = turn.conversation
    if before.owner is not Owner.BOT:
        return  # waits already, or has a person
    turn.conversation = step(before, Event.HANDOFF_REQUESTED, at=turn.at)
    customer = _customer_of(turn, before)
    person = contact_person(turn.records.book, customer, on=bank_day(turn.at)) if customer else None
    open_hand_off(
        turn.records,
        turn.conversation,
        reason=effect.reason,
        at=turn.at,
        due_at=hand_off_due(turn.at),
        urgency=effect.urgency,
        assignee=person.staff.id if person else None,
    )
    _audit(turn, "conversation.waiting", before.id, "hand_off", ())
    if person:
        chat = _chat_of(turn, person.staff)
        text = sentence("human.asked", name=name_of(turn.records, before), reason=effect.reason)
        take = Button(label=clip(f"接{name_of(turn.records, before)}", 8), payload=f"take_over:{before.id}")
        _say(turn, Draft(text=text, to=chat.party, purpose=Purpose.INTERNAL, kind=Kind.NOTICE, buttons=(take,)), to=chat)


def _take_over(turn: Application, effect: TakeOver) -> None:
    if binding.is_taken_in_wecom(turn.records, effect.conversation_id):
        _tell(turn, "take.in_wecom")
        return
    target = _servable(turn, effect.conversation_id)
    if target is None or target.owner is Owner.HUMAN:
        _tell(turn, "take.refused")
        return
    if turn.records.outbox.on_the_way(target.id):
        # The bot is speaking at this instant. Wait until that is over: from the take-over on it must be silent.
        raise Conflict(f"{target.id} is being answered")
    turn.records.tasks.close(hand_off_key(target), at=turn.at)
    target = turn.records.conversations.save(step(target, Event.TAKEN_OVER, at=turn.at, staff=turn.inbound.sender.id), at=turn.at)
    _mark(turn, target, f"人工开始：{_name_of(turn)}")
    _notice(turn, target, "human.joined", name=_name_of(turn))
    _tell(turn, "take.done", name=name_of(turn.records, target), summary=summary_of(turn.records, target.id))
    turn.conversation = replace(turn.conversation, focus=target.party.id)
    _audit(turn, "conversation.taken_over", target.id, "service", ())


def _relay(turn: Application, effect: Relay) -> None:
    target = _servable(turn, effect.conversation_id)
    staff = turn.inbound.sender.id
    if target is None or target.owner is not Owner.HUMAN or target.staff != staff:
        _tell(turn, "relay.refused")
        return
    target = turn.records.conversations.save(step(target, Event.HUMAN_SPOKE, at=turn.at, staff=staff), at=turn.at)
    _say(turn, Draft(text=effect.text, to=target.party, purpose=Purpose.REPLY, author=turn.inbound.sender), to=target)
    _tell(turn, "relay.done", name=name_of(turn.records, target))


def _release(turn: Application, effect: Release) -> None:
    target = turn.records.conversations.find(effect.conversation_id, hold=True)
    try:
        if target is None:
            raise IllegalTransition(effect.conversation_id)
        after = step(target, Event.RELEASED, at=turn.at, staff=turn.inbound.sender.id)
    except IllegalTransition:
        _tell(turn, "release.refused")
        return
    target = turn.records.conversations.save(after, at=turn.at)
    _mark(turn, target, f"人工结束：{_name_of(turn)}")
    _notice(turn, target, "human.left", name=_name_of(turn))
    _tell(turn, "release.done", name=name_of(turn.records, target))
    _audit(turn, "conversation.released", target.id, "service", ())


def _servable(turn: Application, conversation_id: str) -> Conversation | None:
    """A customer's conversation, if the speaking member of staff may serve that customer today."""
    staff = turn.records.book.staff(turn.inbound.sender.id) if turn.inbound.sender.role.is_staff else None
    target = turn.records.conversations.find(conversation_id, hold=True)
    customer = _customer_of(turn, target) if target else None
    if staff is None or customer is None or not may_serve(turn.records.book, staff, customer, on=bank_day(turn.at)):
        return None
    return target


def _name_of(turn: Application) -> str:
    return called(turn.records.book.staff(turn.inbound.sender.id))


def _mark(turn: Application, conversation: Conversation, text: str) -> None:
    turn.records.transcript.add(Line(id=0, conversation_id=conversation.id, at=turn.at, author="system:peiban", kind="mark", text=text))


_CLOSES_A_CASE = frozenset({"done", "unfit"})


def _answer_priority(turn: Application, effect: AnswerPriority) -> None:
    turn.records.priorities.answer(
        PriorityAnswer(
            staff=turn.inbound.sender.id,
            customer_id=effect.customer_id,
            what=effect.what,
            name=effect.name,
            answer=effect.answer,
            at=turn.at,
            until=effect.until,
        )
    )
    if effect.what == churn_cases.KIND and effect.answer in _CLOSES_A_CASE:
        churn_cases.close_cases(turn.records, effect.customer_id, outcome=effect.answer, at=turn.at)
    if effect.what == triggering.KIND and effect.answer in _CLOSES_A_CASE:
        triggering.close_tasks(turn.records, effect.customer_id, effect.name, outcome=effect.answer, at=turn.at)
    _audit(turn, "priority.answered", f"customer:{effect.customer_id}", effect.what, (("answer", effect.answer),))


def _open_task(turn: Application, effect: OpenTask) -> None:
    customer_id = effect.customer_id
    if customer_id is None and turn.inbound.sender.role is Role.CUSTOMER:
        customer_id = turn.inbound.sender.id
    assignee = effect.assignee
    if assignee is None and customer_id and (customer := turn.records.book.customer(customer_id)):
        person = contact_person(turn.records.book, customer, on=bank_day(turn.at))
        assignee = person.staff.id if person else None
    task = turn.records.tasks.open(
        key=effect.key or f"{effect.task}/{turn.trace_id}",
        kind=effect.task,
        title=effect.title,
        detail=effect.detail,
        at=turn.at,
        customer_id=customer_id,
        assignee=assignee,
        conversation_id=turn.conversation.id,
        due_at=effect.due_at,
        urgency=effect.urgency,
    )
    turn.reference = task.reference
    _audit(turn, "task.opened", f"task:{task.id}", effect.task, ())
    if turn.conversation.owner is Owner.HUMAN and turn.conversation.staff:
        _tell_holder(turn, turn.conversation.staff, task)


def _tell_holder(turn: Application, staff_id: str, task: Task) -> None:
    """Tell the person who holds the customer's conversation of a task that came of it: the customer hears nothing from us meanwhile."""
    holder = turn.records.book.staff(staff_id)
    if holder is None:
        return
    chat = _chat_of(turn, holder)
    due = f"{bank_time(task.due_at):%m-%d %H:%M}" if task.due_at else "办结"
    text = sentence("complaint.noted", name=name_of(turn.records, turn.conversation), reference=task.reference, due=due)
    _say(turn, Draft(text=text, to=chat.party, purpose=Purpose.INTERNAL, kind=Kind.NOTICE), to=chat)


def _chat_of(turn: Application, staff: StaffMember) -> Conversation:
    return chat_of(turn.records, staff, channel=turn.staff_channel)


def _close_complaint(turn: Application, effect: CloseComplaint) -> None:
    staff = turn.records.book.staff(turn.inbound.sender.id) if turn.inbound.sender.role.is_staff else None
    theirs = closable(turn.records, staff, at=turn.at) if staff else []
    task = next((task for task in theirs if task.reference == effect.reference), None)
    if task is None or not turn.records.tasks.close(task.key, at=turn.at):
        _tell(turn, "complaint.unknown", reference=effect.reference)
        return
    left = sum(one.customer_id == task.customer_id for one in theirs) - 1
    _tell(turn, "complaint.closed_one_of_more" if left else "complaint.closed", reference=task.reference, title=task.title, left=left)
    _audit(turn, "task.closed", f"task:{task.id}", task.kind, ())


def _open_lead(turn: Application, effect: OpenLead) -> None:
    lead = turn.records.leads.open(
        need=effect.need,
        customer_id=effect.customer_id,
        slots=effect.slots,
        quote=effect.quote,
        at=turn.at,
        conversation_id=turn.conversation.id,
    )
    _audit(turn, "lead.opened", f"lead:{lead}", effect.need, ())


def _audit_tag(turn: Application, action: str, effect: RecordTag | ContestTag | AnswerTagUse, purpose: str) -> None:
    _audit(turn, action, f"customer:{effect.customer_id}", purpose, (("tag", effect.tag),))


def _edit_policy(turn: Application, effect: EditPolicy) -> None:
    """Only a manager who works here changes how the bank serves."""
    staff = turn.records.book.staff(turn.inbound.sender.id) if turn.inbound.sender.role is Role.MANAGER else None
    if staff is None or not staff.active:
        return
    turn.records.policies.edit(PolicyEdit(tier=effect.tier, term=effect.term, value=effect.value, by=turn.actor, at=turn.at))
    _audit(turn, "policy.edited", f"policy:{effect.tier}", "service", (("term", effect.term), ("value", effect.value)))


def _record_consent(turn: Application, effect: RecordConsent) -> None:
    turn.records.book.set_consent(
        Consent(customer_id=effect.customer_id, purpose=effect.purpose, granted=effect.granted, at=turn.at, source=effect.source)
    )
    said = "granted" if effect.granted else "withdrawn"
    _audit(turn, f"consent.{said}", f"customer:{effect.customer_id}", effect.purpose, ())


def _record_step_up(turn: Application, effect: RecordStepUp) -> None:
    state = turn.records.stepups.state(effect.staff_id)
    if state is None:
        return
    if effect.granted_until is None:
        turn.records.stepups.save(effect.staff_id, after_failure(state, at=turn.at))
        _audit(turn, "stepup.failed", f"customer:{effect.customer_id}", "step_up", ())
        return
    assert effect.time_step is not None
    if effect.time_step <= state.last_step:
        raise Conflict("the code was used in the meantime")
    turn.records.stepups.save(effect.staff_id, replace(state, last_step=effect.time_step, failures=0, locked_until=None))
    turn.records.stepups.grant(
        staff_id=effect.staff_id, conversation_id=turn.conversation.id, customer_id=effect.customer_id, until=effect.granted_until
    )
    _audit(turn, "stepup.granted", f"customer:{effect.customer_id}", "step_up", ())


def _audit(turn: Application, action: str, subject: str, purpose: str, detail: tuple[tuple[str, str], ...]) -> None:
    turn.records.audit.append(
        AuditRecord(
            at=turn.at, actor=turn.actor, action=action, subject=subject, purpose=purpose, detail=(*detail, ("trace", turn.trace_id))
        )
    )
