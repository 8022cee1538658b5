"""What follows from an event by itself, in the transaction that takes it off the pile: nobody is asked anything here."""

from datetime import datetime

from bot.channels.wecom.contacts.names import CHANNEL
from bot.channels.wecom.contacts.welcome import queue_welcome
from bot.channels.wecom.contacts.wording import words
from bot.channels.wecom.people import WeComPeople
from domain.audit import AuditRecord
from domain.book import StaffMember
from domain.contact_events import ContactEvent
from domain.contacts import Contact
from domain.party import SYSTEM, Role
from domain.ports import Records

ADDED = frozenset({"add_external_contact", "add_half_external_contact"})
REFRESHED = ADDED | {"edit_external_contact", "msg_audit_approved"}
_REMOVED_BY_CUSTOMER, _REMOVED, _TRANSFER_FAILED = "del_follow_user", "del_external_contact", "transfer_fail"
_LIMIT = "customer_limit_exceed"


def note(records: Records, event: ContactEvent, people: WeComPeople, *, at: datetime, home: str | None) -> str | None:
    """Note one event. Returns the conversation that has a welcome to send; `home` goes with it."""
    if event.change in ADDED:
        _added(records, event)
    if event.change in REFRESHED:
        return queue_welcome(records, event, people, at=at, home=home)
    if event.change in (_REMOVED_BY_CUSTOMER, _REMOVED):
        records.contacts.left(event.external_userid, event.userid, at=event.happened_at)
        _remember(records, event)
    if event.change == _REMOVED_BY_CUSTOMER:
        _tell_of_removal(records, event, people, at=at)
    if event.change == _TRANSFER_FAILED:
        tell_of_refusal(records, event.external_userid, event.userid, people, full=event.fields.get("FailReason") == _LIMIT, at=at)
    return None


def tell_of_refusal(records: Records, external_userid: str, takeover: str, people: WeComPeople, *, full: bool, at: datetime) -> None:
    """A task for the manager: a contact did not go over to the member who was to take it. Callback and result open the same one."""
    member = records.book.staff(people.staff_id(takeover))
    kind = "limit" if full else "refused"
    manager = manager_of(records, member)
    records.tasks.open(
        key=f"contact-transfer/{external_userid}/{takeover}/{at:%Y}",
        kind="contact",
        title=words("tasks", f"{kind}_title"),
        detail=words("tasks", f"{kind}_detail", name=member.name if member else "", userid=takeover),
        at=at,
        customer_id=records.contacts.customers_of([external_userid]).get(external_userid),
        assignee=manager.id if manager else None,
    )


def manager_of(records: Records, member: StaffMember | None) -> StaffMember | None:
    """Who leads the branch of a member; None leaves it to the queue."""
    if member is None:
        return None
    return next(
        (one for one in records.book.people() if one.role is Role.MANAGER and one.active and one.branch_id == member.branch_id), None
    )


def _added(records: Records, event: ContactEvent) -> None:
    known = records.contacts.contact(event.external_userid, event.userid)
    records.contacts.keep(
        [
            Contact(
                external_userid=event.external_userid,
                userid=event.userid,
                name=known.name if known else "",
                remark=known.remark if known else "",
                state=event.fields.get("State", ""),
                tags=known.tags if known else (),
                added_at=event.happened_at,
            )
        ]
    )
    _remember(records, event)


def _tell_of_removal(records: Records, event: ContactEvent, people: WeComPeople, *, at: datetime) -> None:
    member = records.book.staff(people.staff_id(event.userid))
    records.tasks.open(
        key=f"contact-removed/{event.digest}",
        kind="contact",
        title=words("tasks", "removed_title"),
        detail=words("tasks", "removed_detail"),
        at=at,
        customer_id=records.contacts.customers_of([event.external_userid]).get(event.external_userid),
        assignee=member.id if member and member.active else None,
    )


def _remember(records: Records, event: ContactEvent) -> None:
    detail = tuple((name.lower(), event.fields[name]) for name in ("State", "Source") if name in event.fields)
    records.audit.append(
        AuditRecord(
            at=event.happened_at,
            actor=str(SYSTEM),
            action=f"{CHANNEL}.{event.change}",
            subject=event.external_userid,
            detail=(("userid", event.userid), *detail),
        )
    )
