"""Which member of staff may serve which customer today. The one definition for lookups and for the interpreter."""

from collections.abc import Mapping
from datetime import date

from domain.book import Customer, StaffMember
from domain.party import Role
from domain.ports import BookRecords
from handlers.lookups import ContactPerson


def contact_person(book: BookRecords, customer: Customer, *, on: date) -> ContactPerson | None:
    """Who looks after the customer on that day: the RM, or the deputy while the RM is away or has left. None when nobody does."""
    if customer.rm_id is None:
        return None
    manager = book.staff(customer.rm_id)
    if manager is None:
        return None
    if manager.active and not manager.on_leave(on):
        return ContactPerson(staff=manager)
    deputy = book.staff(manager.deputy_id) if manager.deputy_id else None
    if deputy is None or not deputy.active or deputy.on_leave(on):
        return None
    return ContactPerson(staff=deputy, stands_in_for=manager)


def leaders(book: BookRecords) -> Mapping[str, StaffMember]:
    """Of each branch the one who leads it."""
    return {one.branch_id: one for one in book.people() if one.role is Role.MANAGER and one.active}


def answerable(book: BookRecords, customer: Customer, leading: Mapping[str, StaffMember], *, on: date) -> str | None:
    """Who gets work about the customer: the RM or the deputy; nobody's customer is the branch manager's."""
    person = contact_person(book, customer, on=on)
    if person is not None:
        return person.staff.id
    leader = leading.get(customer.branch_id)
    return leader.id if leader else None


def relation(book: BookRecords, staff: StaffMember, customer: Customer, *, on: date) -> str:
    """`own` for the RM and today's deputy, `branch` for the same branch, else `other`."""
    if staff.role is Role.RM:
        if customer.rm_id == staff.id:
            return "own"
        person = contact_person(book, customer, on=on)
        if person is not None and person.staff.id == staff.id:
            return "own"
    return "branch" if staff.branch_id == customer.branch_id else "other"


def may_see_visitors(staff: StaffMember | None) -> bool:
    """Whether this person sees who waits and is nobody's customer: every RM, as WeCom's pool is everybody's too."""
    return staff is not None and staff.active and staff.role is Role.RM


def may_serve(book: BookRecords, staff: StaffMember, customer: Customer, *, on: date) -> bool:
    """Whether this person may see, take over and answer the customer's conversation: own customers, and those nobody looks after."""
    if not staff.active or staff.role is not Role.RM:
        return False
    if relation(book, staff, customer, on=on) == "own":
        return True
    return contact_person(book, customer, on=on) is None and staff.branch_id == customer.branch_id
