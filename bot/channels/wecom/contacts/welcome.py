"""What somebody reads who has just added a member of staff: who that is, how to reach them, what may be asked.

Whoever is known to be a customer also reads of a benefit that waits for them. It is one short text, far below WeCom's 4,000 bytes
(developer.work.weixin.qq.com/document/path/92137); like every text it leaves by the door.
"""

from datetime import date, datetime, timedelta

from bot.channels.wecom.contacts.names import CHANNEL, conversation_of
from bot.channels.wecom.contacts.wording import words
from bot.channels.wecom.kf.names import visitor
from bot.channels.wecom.kf.sessions import CODE_LASTS, WELCOME
from bot.channels.wecom.people import WeComPeople
from compliance.days import bank_day
from domain.book import StaffMember
from domain.contact_events import ContactEvent
from domain.customer_service import Session
from domain.dealings import Entitlement
from domain.message import Draft, Inbound, Link, Purpose
from domain.party import Party, Role
from domain.ports import Records

_DAY = timedelta(days=1)
_TEMPLATE = "wecom.contacts.welcome"


def queue_welcome(records: Records, event: ContactEvent, people: WeComPeople, *, at: datetime, home: str | None) -> str | None:
    """Put the welcome of somebody who was added into the outbox, where there is a code that is still good.

    `home` is the address of the bank's own page, which goes with it where there is one.
    Returns the conversation that has something to send.
    """
    code, until = event.fields.get("WelcomeCode", ""), event.happened_at + CODE_LASTS[WELCOME]
    if not code or at >= until:
        return None
    conversation = conversation_of(event.userid, event.external_userid)
    person = visitor(event.external_userid)
    # That somebody was added stands in the inbox as any other word of a customer does; the welcome answers it, also at night.
    arrived = Inbound(
        channel=CHANNEL, message_id=event.digest, sender=person, text="", received_at=at, kind="event", conversation_id=conversation
    )
    row = records.inbox.accept(arrived, done_at=at)
    records.links.keep_session(Session(conversation_id=conversation, code=code, code_for=WELCOME, code_until=until, changed_at=at))
    customer_id = records.contacts.customers_of([event.external_userid]).get(event.external_userid)
    member = records.book.staff(people.staff_id(event.userid))
    benefit = open_benefit(records, customer_id, on=bank_day(at)) if customer_id else None
    draft = Draft(
        text=welcome_text(member if member is not None and member.active else None, benefit),
        to=Party(Role.CUSTOMER, customer_id) if customer_id else person,
        purpose=Purpose.REPLY,
        links=(Link(label=words("welcome", "home"), url=home),) if home else (),
        template=_TEMPLATE,
        about=(customer_id,) if customer_id and benefit else (),
        answers=row,
    )
    key = f"welcome-{event.digest}"
    queued = records.outbox.add(draft, conversation_id=conversation, channel=CHANNEL, at=at, key=key, until=until)
    return None if queued is None else conversation


def welcome_text(member: StaffMember | None, benefit: Entitlement | None) -> str:
    """The text. Without a member of the book it names nobody."""
    lines = [
        words("welcome", "named", name=member.name) if member else words("welcome", "unnamed"),
        words("welcome", "reach", phone=member.phone) if member and member.phone else words("welcome", "leave"),
    ]
    if benefit is not None:
        ends = benefit.expires_on - _DAY if benefit.expires_on else None
        until = words("welcome", "until", month=ends.month, day=ends.day) if ends else ""
        lines.append(words("welcome", "benefit", benefit=benefit.name, until=until))
    return "\n".join([*lines, words("welcome", "ask"), words("welcome", "automatic")])


def open_benefit(records: Records, customer_id: str, *, on: date) -> Entitlement | None:
    """What the customer may use now and has not: the one that ends first. Nothing that goes with a product: that is no greeting."""
    found = [
        one
        for one in records.dealings.entitlements(customer_id)
        if one.redeemed_at is None
        and one.granted_on <= on
        and (one.expires_on is None or on < one.expires_on)
        and not one.product_code
        and one.uplift is None
    ]
    return min(found, key=lambda one: (one.expires_on or date.max, one.granted_on, one.id), default=None)
