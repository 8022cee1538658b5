"""The first page of a sandbox: a bank that one can look at, and everybody whom one can be, a click each."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from bot.app import App
from bot.demonstration import stories
from bot.web import plain
from domain.book import Customer, StaffMember
from domain.party import Party, Role
from language.normalise import fold

_SHOWN = 60  # customers, and staff, that a list names at most
_TITLES = {
    Role.RM: "客户经理",
    Role.TELLER: "柜员",
    Role.LOBBY: "大堂经理",
    Role.PRODUCT: "产品经理",
    Role.COMPLIANCE: "合规岗",
    Role.MANAGER: "网点负责人",
}


def first_page(app: App, wanted: str, *, phones: str = "") -> str:
    """Everybody, or those whom `wanted` finds by name, id or segment. `phones` is the page that shows WeCom, where there is one."""
    with app.store.reading() as records:
        staff = [member for member in records.book.people() if member.active]
        customers = [customer for customer in records.book.customers() if customer.status == "active"]
    staff.sort(key=lambda member: member.role is not Role.RM)
    found = [_customer(customer) for customer in customers]
    if wanted:
        met, found = _matching([_member(member) for member in staff], wanted), _matching(found, wanted)
        return plain.those_found(staff=met[:_SHOWN], customers=found[:_SHOWN], wanted=wanted, found=len(found))
    personas = _personas({customer.id: customer for customer in customers})
    return plain.who_are_you(
        sizes=app.facts.sizes(),
        personas=personas,
        managers=_managers(staff, customers, told={person.party.id for person in personas})[:_SHOWN],
        staff=[_member(member) for member in staff if member.role is not Role.RM][:_SHOWN],
        customers=found[:_SHOWN],
        found=len(found),
        phones=phones,
    )


def _personas(customers: Mapping[str, Customer]) -> list[plain.Person]:
    """Those of the stories who live in this bank: another simulated bank has others under the same ids."""
    return [
        plain.Person(party=Party(Role.CUSTOMER, persona.customer_id), name=persona.name, note=persona.line)
        for persona in stories()
        if (known := customers.get(persona.customer_id)) and known.name == persona.name
    ]


def _managers(staff: Sequence[StaffMember], customers: Sequence[Customer], *, told: Set[str]) -> list[plain.Person]:
    """The relationship managers with the size of their books, and whose book the stories are in."""
    books = Counter(customer.rm_id for customer in customers)
    known = Counter(customer.rm_id for customer in customers if customer.id in told)
    managers = []
    for member in staff:
        if member.role is Role.RM:
            note = f"管 {books[member.id]:,} 位客户"
            if known[member.id]:
                note += f"，故事里有 {known[member.id]} 位"
            managers.append(_member(member, note=note))
    return managers


def _matching(people: Sequence[plain.Person], wanted: str) -> list[plain.Person]:
    key = fold(wanted)
    return [person for person in people if key in fold(f"{person.party.id} {person.name} {person.note}")]


def _member(member: StaffMember, *, note: str = "") -> plain.Person:
    return plain.Person(party=Party(member.role, member.id), name=member.name, note=note or _TITLES.get(member.role, member.role.value))


def _customer(customer: Customer) -> plain.Person:
    note = "、".join(customer.segments) or ("企业客户" if customer.kind == "company" else "个人客户")
    return plain.Person(party=Party(Role.CUSTOMER, customer.id), name=customer.name, note=note)
