"""What happens on WeCom's side becomes ours: who has the conversation, what a person said there, codes for one message on an event.

Applied in the transaction that moves the cursor, so that it takes effect once. Our conversation follows: picked up by a person it is the
person's, ended it is the bot's again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.wecom.kf.messages import Answered, Happened
from bot.channels.wecom.kf.names import CHANNEL, conversation_of, cursor_name
from bot.channels.wecom.people import WeComPeople
from bot.handoff import called, hand_off_key
from bot.observe import event
from bot.surveys import survey_buttons
from bot.wording import sentence
from domain.audit import AuditRecord
from domain.conversation import Conversation, Event, Owner, step
from domain.customer_service import ServiceState, Session
from domain.errors import IllegalTransition
from domain.message import Button, Draft, Kind, Purpose
from domain.party import Party
from domain.ports import Line, Records

WELCOME, TAKEN, QUEUED, ENDED = "welcome", "taken", "queued", "ended"
#: How long a code is good: while somebody looks at the chat, or as long as the session (document/path/95122).
CODE_LASTS = {WELCOME: timedelta(seconds=20), ENDED: timedelta(seconds=20), TAKEN: timedelta(hours=48), QUEUED: timedelta(hours=48)}
LASTS = timedelta(hours=48)  # a session, from the customer's last message
_PICKED, _PASSED_ON, _CLOSED, _REOPENED = 1, 2, 3, 4


def session_of(records: Records, conversation_id: str, *, at: datetime) -> Session:
    """What is known of WeCom's side; a conversation that was never heard of is new."""
    return records.links.session(conversation_id) or Session(conversation_id=conversation_id, changed_at=at)


def heard(records: Records, conversation_id: str, *, at: datetime) -> None:
    """The customer wrote: an ended or outlived session begins anew, and nobody has it."""
    session = records.links.session(conversation_id)
    if session is None or session.state in (ServiceState.NEW, ServiceState.ASSISTANT):
        return
    if session.state is ServiceState.ENDED or at - session.changed_at > LASTS:
        records.links.keep_session(Session(conversation_id=conversation_id, changed_at=at))


def answered(records: Records, said: Answered, people: WeComPeople, *, at: datetime, party: Party) -> None:
    """A person said something in WeCom's client: it stands in the transcript, and the conversation is theirs."""
    conversation_id = conversation_of(said.open_kfid, said.customer)
    staff = people.staff_id(said.servicer)
    owned(records, conversation_id, staff, at=at, spoke=True, fresh=_fresh(said, party))
    author = records.book.staff(staff)
    role = author.role.value if author else "rm"
    records.transcript.add(
        Line(id=0, conversation_id=conversation_id, at=min(said.at, at), author=f"{role}:{staff}", kind="text", text=said.text)
    )


def owned(
    records: Records, conversation_id: str, staff: str, *, at: datetime, spoke: bool = False, fresh: Conversation | None = None
) -> None:
    """A person has the conversation on WeCom's side: it is theirs with us too, and the customer hears who it is."""
    conversation = records.conversations.find(conversation_id, hold=True) or fresh
    if conversation is None:
        return
    try:
        if conversation.owner is not Owner.HUMAN or conversation.staff != staff:
            conversation = _taken(records, conversation, staff, at=at)
        if spoke:
            conversation = step(conversation, Event.HUMAN_SPOKE, at=at, staff=staff)
    except IllegalTransition:
        event("kf.ownership.kept", conversation=conversation_id)
        return
    records.conversations.save(conversation, at=at)


def _taken(records: Records, conversation: Conversation, staff: str, *, at: datetime) -> Conversation:
    if conversation.owner is Owner.WAITING:
        records.tasks.close(hand_off_key(conversation), at=at)
    if conversation.owner is Owner.HUMAN:  # from one person to another, without the bot in between
        return replace(conversation, staff=staff, owned_since=at)
    taken = step(conversation, Event.TAKEN_OVER, at=at, staff=staff)
    name = called(records.book.staff(staff))
    _mark(records, conversation.id, f"人工开始：{name}", at=at)
    _notice(records, conversation, sentence("human.joined", name=name), key=f"kf-joined/{conversation.id}/{at.timestamp():.0f}", at=at)
    return taken


def _released(records: Records, conversation_id: str, *, at: datetime, ask: bool) -> None:
    """The stretch is over. `ask`: WeCom takes one more message, so the customer may say what they think of it."""
    conversation = records.conversations.find(conversation_id, hold=True)
    if conversation is None or conversation.owner is Owner.BOT:
        return
    if conversation.owner is Owner.WAITING:
        records.tasks.close(hand_off_key(conversation), at=at)
        conversation = step(conversation, Event.HANDOFF_CANCELLED, at=at)
    else:
        holder = conversation.staff or ""
        name = called(records.book.staff(holder))
        conversation = step(conversation, Event.RELEASED, at=at, staff=conversation.staff)
        _mark(records, conversation_id, f"人工结束：{name}", at=at)
        buttons = survey_buttons(records, conversation_id, staff=holder, at=at) if ask else ()
        text = "\n".join((sentence("human.left", name=name), *([sentence("survey.asked")] if ask else ())))
        _notice(records, conversation, text, key=f"kf-left/{conversation.id}/{at.timestamp():.0f}", at=at, buttons=buttons)
    records.conversations.save(conversation, at=at)


def _notice(records: Records, conversation: Conversation, text: str, *, key: str, at: datetime, buttons: tuple[Button, ...] = ()) -> None:
    draft = Draft(text=text, to=conversation.party, purpose=Purpose.REPLY, kind=Kind.NOTICE, buttons=buttons)
    records.outbox.add(draft, conversation_id=conversation.id, channel=CHANNEL, at=at, key=key[-120:], until=at + CODE_LASTS[ENDED])


def _mark(records: Records, conversation_id: str, text: str, *, at: datetime) -> None:
    records.transcript.add(Line(id=0, conversation_id=conversation_id, at=at, author="system:peiban", kind="mark", text=text))


def _fresh(said: Answered | Happened, party: Party) -> Conversation:
    return Conversation(id=conversation_of(said.open_kfid, said.customer), channel=CHANNEL, party=party)


def happened(records: Records, said: Happened, people: WeComPeople, *, at: datetime, party: Party) -> None:
    """Apply an event. One that is not known here, or that names no customer where it must, is logged and changes nothing."""
    known = _EVENTS.get(said.what)
    event("kf.event", what=said.what[:60])
    if known is not None and (said.customer or known in _OF_SERVICERS):
        known(records, said, people, at, party)


def _entered(records: Records, said: Happened, _people: WeComPeople, at: datetime, _party: Party) -> None:
    code = said.fields.get("welcome_code")
    if not isinstance(code, str) or not code or at - said.at > CODE_LASTS[WELCOME]:
        return
    session = session_of(records, conversation_of(said.open_kfid, said.customer), at=at)
    records.links.keep_session(replace(session, code=code, code_for=WELCOME, code_until=said.at + CODE_LASTS[WELCOME]))


def _changed(records: Records, said: Happened, people: WeComPeople, at: datetime, party: Party) -> None:
    conversation_id = conversation_of(said.open_kfid, said.customer)
    session = replace(session_of(records, conversation_id, at=at), changed_at=at)
    servicer = said.fields.get("new_servicer_userid")
    code = said.fields.get("msg_code")
    change = said.fields.get("change_type")
    if change == _CLOSED:
        session = replace(session, state=ServiceState.ENDED, servicer="")
        _released(records, conversation_id, at=at, ask=isinstance(code, str) and bool(code) and at - said.at < CODE_LASTS[ENDED])
    elif change in (_PICKED, _PASSED_ON, _REOPENED) and isinstance(servicer, str) and servicer:
        session = replace(session, state=ServiceState.PERSON, servicer=servicer)
        owned(records, conversation_id, people.staff_id(servicer), at=at, fresh=_fresh(said, party))
    else:
        return
    if isinstance(code, str) and code:
        use = ENDED if change == _CLOSED else TAKEN
        session = replace(session, code=code, code_for=use, code_until=said.at + CODE_LASTS[use])
    records.links.keep_session(session)
    records.audit.append(
        AuditRecord(
            at=at,
            actor=f"wecom:{servicer if isinstance(servicer, str) else ''}",
            action="kf.session_changed",
            subject=conversation_id,
            purpose="service",
            detail=(("change", str(change)),),
        )
    )


def _failed(records: Records, said: Happened, _people: WeComPeople, at: datetime, _party: Party) -> None:
    msgid, why = said.fields.get("fail_msgid"), said.fields.get("fail_type")
    records.tasks.open(
        key=f"kf_failed/{str(msgid)[:80]}",
        kind="delivery",
        title="一条微信客服消息没有送到客户",
        detail=f"{_WHY.get(why, '原因不明') if isinstance(why, int) else '原因不明'}。请换一种方式联系客户。",
        at=at,
        customer_id=None,
        conversation_id=conversation_of(said.open_kfid, said.customer),
        urgency="high",
    )


def _recalled(records: Records, said: Happened, _people: WeComPeople, at: datetime, _party: Party) -> None:
    _mark(records, conversation_of(said.open_kfid, said.customer), "客户撤回了一条消息", at=at)


def _recalled_by_servicer(records: Records, said: Happened, _people: WeComPeople, at: datetime, _party: Party) -> None:
    _mark(records, conversation_of(said.open_kfid, said.customer), "同事撤回了一条消息", at=at)


def _serving(records: Records, said: Happened, people: WeComPeople, at: datetime, _party: Party) -> None:
    _note(records, said, people, "kf.servicer_status", ("status", "stop_type"), at=at)


def _rejecting(records: Records, said: Happened, people: WeComPeople, at: datetime, _party: Party) -> None:
    _note(records, said, people, "kf.reject_switch", ("reject_switch",), at=at)


def _note(records: Records, said: Happened, people: WeComPeople, action: str, names: tuple[str, ...], *, at: datetime) -> None:
    """What a servicer set in the client, for the audit chain. Numbers only: nothing else is known to be in these fields."""
    servicer = said.fields.get("servicer_userid")
    detail = tuple((name, str(value)) for name in names if type(value := said.fields.get(name)) is int)
    staff = people.staff_id(servicer) if isinstance(servicer, str) else ""
    subject = conversation_of(said.open_kfid, said.customer) if said.customer else cursor_name(said.open_kfid)
    records.audit.append(AuditRecord(at=at, actor=f"wecom:{staff[:60]}", action=action, subject=subject, purpose="service", detail=detail))


_OF_SERVICERS = (_serving, _rejecting)
_EVENTS: dict[str, Callable[[Records, Happened, WeComPeople, datetime, Party], None]] = {
    "enter_session": _entered,
    "session_status_change": _changed,
    "msg_send_fail": _failed,
    "user_recall_msg": _recalled,
    "servicer_recall_msg": _recalled_by_servicer,
    "servicer_status_change": _serving,
    "reject_customer_msg_switch_change": _rejecting,
}
#: fail_type of msg_send_fail (document/path/94670).
_WHY = {
    1: "客服账号已删除",
    2: "应用已关闭",
    4: "客户上一句话超过48小时",
    5: "会话已结束",
    6: "客户说话后已经发了5条",
    8: "企业没有认证",
    10: "客户拒收了消息",
    11: "企业还没有成员登录过",
    12: "这种消息不允许发",
    13: "内容没有通过微信的安全审核",
}
