"""Who a WeChat person is: codes made, typed back, and bindings ended. Applied inside the transaction of a turn.

A binding moves every kf conversation of the person to the customer (its party); ids, addresses and old lines stay as they are.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.authority import contact_person, may_serve
from bot.channels.wecom.kf.names import CHANNEL, address_of, is_visitor, visitor
from bot.observe import event
from bot.wording import sentence
from compliance.days import bank_day
from domain.audit import AuditRecord
from domain.binding import DIGITS, ISSUED_AT_MOST, ISSUED_WITHIN, LASTS, BindCode, digest_of
from domain.book import Customer
from domain.contacts import Binding
from domain.conversation import Conversation
from domain.effects import IssueBindCode, Unbind
from domain.message import Draft, Kind, Purpose
from domain.party import Party, Role
from domain.ports import Records

WEB = "web"
Said = list[tuple[Draft, Conversation]]


def counts(customer: Customer | None) -> bool:
    """Whether somebody bound to this customer is the customer: one who is closed or dead is a stranger."""
    return customer is not None and customer.status == "active"


def issue(records: Records, effect: IssueBindCode, conversation: Conversation, *, at: datetime) -> Draft:
    """Make a code. What is not allowed, or too much, is told instead."""
    asker = conversation.party
    customer = records.book.customer(effect.customer_id)
    if customer is None or not counts(customer) or not _may_issue(records, conversation, customer, at=at):
        return replace(effect.draft, text=sentence("bind.refused"))
    if records.bind_codes.issued_since(customer.id, at - ISSUED_WITHIN) >= ISSUED_AT_MOST:
        return replace(effect.draft, text=sentence("bind.too_many"))
    how = "web_code" if asker.role is Role.CUSTOMER else "rm_code"
    code = ""
    while not code or not records.bind_codes.issue(
        BindCode(digest=digest_of(code), customer_id=customer.id, how=how, by=str(asker), tell=conversation.id, at=at, until=at + LASTS)
    ):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    _audit(records, str(asker), "binding.code_issued", customer.id, at=at, how=how)
    return replace(effect.draft, text=effect.draft.text.replace("{code}", code))


def _may_issue(records: Records, conversation: Conversation, customer: Customer, *, at: datetime) -> bool:
    asker = conversation.party
    if asker.role is Role.CUSTOMER:
        return asker.id == customer.id and conversation.channel == WEB
    return _stepped_up(records, conversation, customer, at=at)


def _stepped_up(records: Records, conversation: Conversation, customer: Customer, *, at: datetime) -> bool:
    staff = records.book.staff(conversation.party.id)
    until = records.stepups.granted_until(staff_id=conversation.party.id, conversation_id=conversation.id, customer_id=customer.id)
    return staff is not None and until is not None and until > at and may_serve(records.book, staff, customer, on=bank_day(at))


def redeem(records: Records, digest: str, conversation: Conversation, *, at: datetime, answers: int) -> tuple[Conversation, Said]:
    """Bind the person of a kf conversation. Returns the conversation as it is then, and what is to be said where."""
    address = address_of(conversation.id)
    if address is None or conversation.party != visitor(address[1]):
        return conversation, [(_reply(conversation, "bind.refused", answers), conversation)]
    person = address[1]
    locked = records.bind_codes.locked_until(person)
    if locked is not None and locked > at:
        return conversation, [(_reply(conversation, "bind.locked", answers), conversation)]
    code = records.bind_codes.use(digest, at=at)
    customer = records.book.customer(code.customer_id) if code else None
    if code is None or customer is None or not counts(customer):
        return conversation, [(_wrong(records, conversation, person, at=at, answers=answers), conversation)]
    records.bind_codes.forget_failures(person)
    records.contacts.bind(Binding(external_userid=person, customer_id=customer.id, at=at, how=code.how, by=code.by))
    bound = _moved(records, conversation, visitor(person), Party(Role.CUSTOMER, customer.id), {person}, at=at)
    _audit(records, f"customer:{visitor(person).id}", "binding.bound", customer.id, at=at, how=code.how, by=code.by)
    said = [(_reply(bound, "bind.done", answers, name=masked(customer.name)), bound)]
    return bound, said + _told(records, customer, code, at=at)


def _wrong(records: Records, conversation: Conversation, person: str, *, at: datetime, answers: int) -> Draft:
    if not records.bind_codes.failed(person, at=at):
        return _reply(conversation, "bind.wrong", answers)
    event("binding.locked", conversation=conversation.id)
    records.tasks.open(
        key=f"bind_locked/{conversation.id[-60:]}/{at:%Y%m%d%H%M}",
        kind="review",
        title="一位微信访客连续输错绑定码",
        detail="已停一个小时。请看会话记录：是客户输错，还是有人在试。",
        at=at,
        conversation_id=conversation.id,
        urgency="high",
    )
    _audit(records, str(conversation.party), "binding.locked", conversation.party.id, at=at)
    return _reply(conversation, "bind.locked", answers)


def _told(records: Records, customer: Customer, code: BindCode, *, at: datetime) -> Said:
    """Where the code was asked for, and the RM of today."""
    places = {}
    if asked := records.conversations.find(code.tell):
        places[str(asked.party)] = asked
    if person := contact_person(records.book, customer, on=bank_day(at)):
        rm = Party(person.staff.role, person.staff.id)
        for conversation in records.conversations.of_party(rm)[:1]:
            places.setdefault(str(rm), conversation)
    return [(_notice(to, customer), to) for to in places.values()]


def _notice(to: Conversation, customer: Customer) -> Draft:
    own = to.party.role is Role.CUSTOMER
    text = sentence("bind.told_customer") if own else sentence("bind.told_staff", name=customer.name)
    about = () if own else (customer.id,)
    return Draft(text=text, to=to.party, purpose=Purpose.REPLY if own else Purpose.INTERNAL, kind=Kind.NOTICE, about=about)


def unbind(records: Records, effect: Unbind, conversation: Conversation, *, at: datetime, answers: int) -> tuple[Conversation, Said]:
    """End bindings: the person's own, or asked for by an RM all of a customer. The WeChat people are strangers from now on."""
    customer = records.book.customer(effect.customer_id)
    address = address_of(conversation.id)
    if customer is None:
        return conversation, [(_reply(conversation, "unbind.nothing", answers), conversation)]
    if address is not None and conversation.party.id == customer.id:
        people = [address[1]]
    elif conversation.party.role.is_staff and _stepped_up(records, conversation, customer, at=at):
        people = [binding.external_userid for binding in records.contacts.bindings_of(customer.id)]
    else:
        people = []
    ended = [person for person in people if records.contacts.unbind(person) is not None]
    actor = str(conversation.party)
    for person in ended:
        conversation = _moved(records, conversation, Party(Role.CUSTOMER, customer.id), visitor(person), {person}, at=at)
    if ended:
        _audit(records, actor, "binding.ended", customer.id, at=at, people=str(len(ended)))
    which = "unbind.nothing" if not ended else "unbind.done_staff" if conversation.party.role.is_staff else "unbind.done"
    return conversation, [(_reply(conversation, which, answers), conversation)]


def is_taken_in_wecom(records: Records, conversation_id: str) -> bool:
    """A person answers there in WeCom's client only: WeCom has handed it to its people, or nobody knows whose customer it is."""
    conversation = records.conversations.find(conversation_id)
    if conversation is None or conversation.channel != CHANNEL:
        return False
    session = records.links.session(conversation_id)
    return is_visitor(conversation.party) or (session is not None and not session.state.bot_may_speak)


def settle(records: Records, conversation_id: str, party: Party, *, at: datetime) -> None:
    """Somebody who is or was bound writes: their conversation is that of who they are now; a closed customer's is a stranger's."""
    conversation = records.conversations.find(conversation_id, hold=True)
    if conversation is not None and conversation.party != party:
        records.conversations.save(_forgotten(conversation, party), at=at)


def _moved(records: Records, current: Conversation, before: Party, after: Party, people: Iterable[str], *, at: datetime) -> Conversation:
    """Every kf conversation of these people goes to another party; the current one is saved by the caller, who has it in hand."""
    theirs = frozenset(people)
    for one in records.conversations.of_party(before):
        address = address_of(one.id)
        if one.channel == CHANNEL and one.id != current.id and address is not None and address[1] in theirs:
            held = records.conversations.find(one.id, hold=True) or one
            records.conversations.save(_forgotten(held, after), at=at)
    address = address_of(current.id)
    return _forgotten(current, after) if address is not None and address[1] in theirs else current


def _forgotten(conversation: Conversation, party: Party) -> Conversation:
    # What a dialogue remembers was said to somebody else.
    return replace(conversation, party=party, form=None, options=(), topic=(), focus=None, focus_before=None, pending=None)


def _reply(conversation: Conversation, which: str, answers: int, /, **values: str) -> Draft:
    purpose = Purpose.REPLY if conversation.party.role is Role.CUSTOMER else Purpose.INTERNAL
    return Draft(text=sentence(which, **values), to=conversation.party, purpose=purpose, answers=answers)


def masked(name: str) -> str:
    """A name as the person behind it recognises it, and nobody learns it: 张*."""
    return f"{name[:1]}*"


def _audit(records: Records, actor: str, action: str, subject: str, /, *, at: datetime, **detail: str) -> None:
    records.audit.append(
        AuditRecord(at=at, actor=actor, action=action, subject=f"customer:{subject}", purpose="binding", detail=tuple(detail.items()))
    )
