"""Hand-off: the queue that staff see, the short account of what was said, and the SLA of the person who took over."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.authority import may_see_visitors, may_serve
from bot.channels.wecom.kf.names import is_visitor
from bot.wording import sentence
from compliance.days import at_hour, bank_day, bank_time
from compliance.masking import mask
from domain.audit import AuditRecord
from domain.book import Customer, StaffMember
from domain.conversation import Conversation, Event, Owner, step
from domain.message import Draft, Kind, Purpose
from domain.party import SYSTEM, Party, Role
from domain.ports import Line, Records, Store
from handlers.lookups import QueueEntry
from handlers.people import manager_name
from language.normalise import clip

_DUE = timedelta(minutes=15)
_OPENS, _CLOSES = 9, 21  # the hours in which people answer; the same as the hours of contact
_LATEST = 200  # lines of a stretch that are looked through for the first unanswered one
_LINES = 3
_LINE_LENGTH = 60
_BESIDE = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}


def hand_off_key(conversation: Conversation) -> str:
    """Name the task of one wait. The instant is written in UTC: the database gives back the same instant, but not the zone it came in."""
    since = conversation.waiting_since
    return f"hand_off/{conversation.id}/{since.astimezone(UTC).isoformat() if since else ''}"


def hand_off_due(at: datetime) -> datetime:
    """When somebody should have come: within a quarter of an hour by day, when people are back after a night."""
    hour = bank_time(at).hour
    if _OPENS <= hour < _CLOSES:
        return at + _DUE
    return at_hour(bank_day(at) + timedelta(days=hour >= _CLOSES), _OPENS)


def open_hand_off(
    records: Records,
    waiting: Conversation,
    *,
    reason: str,
    at: datetime,
    due_at: datetime,
    urgency: str,
    assignee: str | None,
    detail: str | None = None,
) -> None:
    """Open the task of a conversation that has begun to wait. Its detail is what the customer said, unless another is given."""
    customer = _customer(records, waiting)
    records.tasks.open(
        key=hand_off_key(waiting),
        kind="hand_off",
        title=f"{name_of(records, waiting)} 请求人工：{reason}",
        detail=summary_of(records, waiting.id) if detail is None else detail,
        at=at,
        customer_id=customer.id if customer else None,
        assignee=assignee,
        conversation_id=waiting.id,
        due_at=due_at,
        urgency=urgency,
    )


def name_of(records: Records, conversation: Conversation) -> str:
    """The customer's name as staff know it, or the id of somebody the book does not have."""
    customer = _customer(records, conversation)
    if customer is None and is_visitor(conversation.party):
        return f"微信访客{conversation.party.id[-4:]}"  # what they call themselves on WeChat says nothing of who they are
    return customer.name if customer else conversation.party.id


def _customer(records: Records, conversation: Conversation) -> Customer | None:
    return records.book.customer(conversation.party.id) if conversation.party.role is Role.CUSTOMER else None


def called(staff: StaffMember | None) -> str:
    """How a customer hears of a member of staff: 周经理, or 同事 for somebody whom the book does not have."""
    return manager_name(staff) if staff else "同事"


def summary_of(records: Records, conversation_id: str) -> str:
    """What the customer said lately, in their own words, oldest first, masked: enough to go on without asking again."""
    said = [line for line in records.transcript.of(conversation_id, last=12) if line.author.startswith("customer:") and line.text.strip()]
    told = [f"客户：{clip(mask(_shown(line)).text, _LINE_LENGTH)}" for line in said[-_LINES:]]
    return "\n".join((*told, *_sent_beside(said))) or "客户还没有说具体的事。"


def _sent_beside(said: Sequence[Line]) -> tuple[str, ...]:
    """How many pictures and files came lately: whoever takes over looks at them first."""
    counts = Counter(line.kind for line in said if line.media)
    told = "、".join(f"{words} {counts[kind]}" for kind, words in _BESIDE.items() if counts[kind])
    return (f"客户发来：{told}",) if told else ()


def _shown(line: Line) -> str:
    # A pressed button is a command; its label says more to a person than its payload.
    return next((label for label, payload in line.buttons if payload == line.text), line.text).replace("\n", " ")


def queue_for(records: Records, staff_id: str, *, at: datetime) -> list[QueueEntry]:
    """The waiting conversations that this person may take, longest first."""
    return _entries(records, staff_id, records.conversations.waiting(), at=at)


def held_by(records: Records, staff_id: str, *, at: datetime) -> list[QueueEntry]:
    """The conversations that this person holds."""
    return _entries(records, staff_id, records.conversations.held(staff_id), at=at)


def _entries(records: Records, staff_id: str, conversations: Sequence[Conversation], *, at: datetime) -> list[QueueEntry]:
    staff = records.book.staff(staff_id)
    if staff is None:
        return []
    on = bank_day(at)
    tasks = {task.conversation_id: task for task in records.tasks.listed(kind="hand_off")}
    entries = []
    for conversation in conversations:
        customer = _customer(records, conversation)
        if not _may_see(records, staff, conversation, customer, on=on):
            continue
        task = tasks.get(conversation.id)
        entries.append(
            QueueEntry(
                conversation_id=conversation.id,
                customer_id=conversation.party.id,
                customer_name=name_of(records, conversation),
                owner=conversation.owner.value,
                staff=conversation.staff,
                since=conversation.waiting_since or conversation.owned_since or at,
                reason=task.title.partition("：")[2] if task else "",
                summary=summary_of(records, conversation.id),
                urgency=task.urgency if task else "normal",
            )
        )
    return entries


def _may_see(records: Records, staff: StaffMember, conversation: Conversation, customer: Customer | None, *, on: date) -> bool:
    if customer is None:
        return is_visitor(conversation.party) and may_see_visitors(staff)
    return may_serve(records.book, staff, customer, on=on)


def return_silent(store: Store, *, at: datetime, sla: timedelta) -> list[str]:
    """Give back to the queue every conversation whose holder has been silent past the SLA after the customer spoke.

    Returns the ids. Safe to run from several processes: each conversation is held and looked at again before it is given back.
    """
    with store.reading() as records:
        late = [c.id for c in records.conversations.held() if _is_late(records, c, at=at, sla=sla)]
    return [conversation_id for conversation_id in late if _return(store, conversation_id, at=at, sla=sla)]


def _is_late(records: Records, conversation: Conversation, *, at: datetime, sla: timedelta) -> bool:
    spoke = conversation.last_human_at or conversation.owned_since or at
    if at - spoke < sla:
        return False
    lines = records.transcript.of(conversation.id, last=_LATEST)
    answered = max((place for place, line in enumerate(lines) if line.author.endswith(f":{conversation.staff}")), default=len(lines))
    unanswered = [
        line
        for place, line in enumerate(lines)
        # At the same instant as the person's last word, what stands below it came after it.
        if line.author.startswith("customer:") and (line.at > spoke or (line.at == spoke and place > answered))
    ]
    # Nobody waits when the customer has said nothing since; somebody who took over and never said a word is late all the same.
    waiting_since = (
        unanswered[0].at if unanswered else conversation.owned_since if conversation.last_human_at == conversation.owned_since else None
    )
    return waiting_since is not None and at - waiting_since >= sla


def _return(store: Store, conversation_id: str, *, at: datetime, sla: timedelta) -> bool:
    with store.writing() as records:
        conversation = records.conversations.find(conversation_id, hold=True)
        if conversation is None or conversation.owner is not Owner.HUMAN or not _is_late(records, conversation, at=at, sla=sla):
            return False
        holder = records.book.staff(conversation.staff or "")
        after = records.conversations.save(step(conversation, Event.SLA_EXPIRED, at=at), at=at)
        name = called(holder)
        records.transcript.add(
            Line(id=0, conversation_id=after.id, at=at, author="system:peiban", kind="mark", text=f"人工结束：{name}超时未回，退回队列")
        )
        # Nobody is named: whoever is free shall take it, not the one who did not come.
        open_hand_off(records, after, reason="上一位同事超时未回", at=at, due_at=at + sla, urgency="high", assignee=None)
        key = hand_off_key(after)
        _queue_notice(records, after, sentence("human.silent", name=name), key=f"sla/{key}", at=at)
        if holder:
            minutes = max(1, round(sla.total_seconds() / 60))
            for theirs in records.conversations.of_party(Party(holder.role, holder.id))[:1]:
                text = sentence("human.back_in_queue", name=name_of(records, after), minutes=minutes)
                _queue_notice(records, theirs, text, key=f"sla/{holder.id}/{key}", at=at)
        records.audit.append(AuditRecord(at=at, actor=str(SYSTEM), action="conversation.sla_expired", subject=after.id, purpose="service"))
    return True


def _queue_notice(records: Records, to: Conversation, text: str, *, key: str, at: datetime) -> None:
    purpose = Purpose.REPLY if to.party.role is Role.CUSTOMER else Purpose.INTERNAL
    records.outbox.add(
        Draft(text=text, to=to.party, purpose=purpose, kind=Kind.NOTICE), conversation_id=to.id, channel=to.channel, at=at, key=key[:120]
    )
