"""Who looks, and which customers and fields that viewer may see: the one place where lookups decide access.

Everything about a customer goes through `_access`: role, relation, field class and purpose decide by the one table of
`compliance.access`. What the viewer may not see comes back as nothing, whether it exists or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from bot import authority
from bot.charts.shelf import Pictures
from bot.knowledge_base import KnowledgeBase
from bot.master import CachedMaster
from bot.pages import Pages
from compliance.access import AccessPurpose, FieldClass, Permission, Relation, may
from compliance.days import bank_day
from compliance.stepup import StepUpOutcome
from crm.profile import AssetsLayer, Profile, assets_layer, basic_layer
from domain.book import Branch, Consent, Customer, Product, StaffMember
from domain.party import Party, Role
from domain.ports import Facts, Insight, Records
from handlers.lookups import ContactPerson, StepUpNeeded
from knowledge.card import CardKind
from language.normalise import fold, normalise
from retrieval.evidence import Evidence

_ACTIVITY_DAYS = 90
_PURPOSES = {
    Role.CUSTOMER: AccessPurpose.OWN,
    Role.COMPLIANCE: AccessPurpose.INVESTIGATION,
    Role.TELLER: AccessPurpose.SERVICE,
    Role.LOBBY: AccessPurpose.SERVICE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What lookups answer from beside the book; the same for every viewer."""

    knowledge: KnowledgeBase
    facts: Facts
    insight: Insight
    master: CachedMaster
    pages: Pages
    pictures: Pictures


class Viewed:
    """Who looks, at what instant, and at whom they may look: what all lookups of one turn stand on."""

    def __init__(self, records: Records, sources: Sources, *, party: Party, conversation_id: str, at: datetime) -> None:
        self._records = records
        self._party = party
        self._conversation_id = conversation_id
        self._at = at
        self._knowledge = sources.knowledge
        self._facts = sources.facts
        self._insight = sources.insight
        self._master = sources.master
        self._pages = sources.pages
        self._pictures = sources.pictures
        self._searched: dict[tuple[str, frozenset[CardKind] | None, int], Evidence] = {}

    @property
    def today(self) -> date:
        """The bank's day."""
        return bank_day(self._at)

    # The viewer.

    @cached_property
    def _me(self) -> Customer | None:
        return self._records.book.customer(self._party.id) if self._party.role is Role.CUSTOMER else None

    @cached_property
    def _staff_me(self) -> StaffMember | None:
        return self._records.book.staff(self._party.id) if self._party.role.is_staff else None

    def me(self) -> Customer | None:
        """The customer who speaks."""
        return self._me

    def staff_me(self) -> StaffMember | None:
        """The member of staff who speaks."""
        return self._staff_me

    def contact_person(self, customer_id: str | None = None) -> ContactPerson | None:
        """Who looks after the customer today."""
        customer = self._me if customer_id is None else self.customer(customer_id)
        return authority.contact_person(self._records.book, customer, on=self.today) if customer else None

    def branch(self, branch_id: str) -> Branch | None:
        """A branch of the bank: public."""
        return self._records.book.branch(branch_id)

    def branches(self) -> Sequence[Branch]:
        """All branches: public."""
        return self._records.book.branches()

    def consents(self) -> Sequence[Consent]:
        """Every word of the speaking customer on being contacted."""
        return self._records.book.consents(self._party.id) if self._me else ()

    # What the bank offers and what is held.

    @cached_property
    def _on_sale(self) -> Sequence[Product]:
        everything = self._master.of(self._records).catalogue.products.values()
        return [product for product in everything if product.on_sale(self.today) and not product.private]

    def _names_held(self, customer_id: str) -> Sequence[str]:
        products = self._master.of(self._records).catalogue.products
        return [products[code].name if code in products else code for code in self._records.book.account_products(customer_id)]

    # Customers, for staff.

    def _relation(self, customer: Customer) -> Relation:
        if self._party == Party(Role.CUSTOMER, customer.id):
            return Relation.SELF
        staff = self._staff_me
        if staff is None or not staff.active:
            return Relation.OTHER
        return Relation(
            {"own": "own_book", "branch": "own_branch"}.get(authority.relation(self._records.book, staff, customer, on=self.today), "other")
        )

    def _access(self, customer: Customer, fields: FieldClass) -> Permission:
        purpose = _PURPOSES.get(self._party.role, AccessPurpose.RELATIONSHIP)
        return may(self._party.role, self._relation(customer), fields, purpose).permission

    def _sees(self, customer: Customer) -> bool:
        return self._party.role.is_staff and self._access(customer, FieldClass.IDENTITY) is Permission.ALLOW

    def find_customers(self, text: str = "") -> Sequence[Customer]:
        """The customers whom this viewer may list, all or those that the text names by id, name or segment."""
        staff = self._staff_me
        if staff is None:
            return ()
        wanted = text.strip()
        if not wanted and self._party.role is Role.RM:
            found: Sequence[Customer] = self._book_of(staff)
        elif not wanted:
            found = self._records.book.customers()
        else:
            one = self._records.book.customer(wanted.upper())
            found = [one] if one else [*self._records.book.named(wanted)] or [*self._records.book.named(fold(wanted))]
            if not found:
                key = fold(wanted)
                found = [
                    c
                    for c in self.find_customers()
                    if key in fold(c.name) or any(key in fold(tag) or fold(tag) in key for tag in c.segments)
                ]
        return [customer for customer in found if self._sees(customer)]

    def names_in(self, said: str) -> Sequence[str]:
        """The names of the viewer's customers that a normalised sentence mentions, as it spells them."""
        staff = self._staff_me
        if staff is None:
            return ()
        said = said[:_LOOKED_AT]
        if self._party.role is Role.RM:
            customers: Iterable[Customer] = self._book_of(staff)
        else:  # a whole bank: only who begins like some place of the sentence is read
            starts = {said[at : at + 2] for at in range(len(said) - 1)}
            customers = self._records.book.named_like({start for start in starts if start.isalnum()})
        found = dict.fromkeys(name for one in customers if (name := _mentioned(one, said)) and self._sees(one))
        return tuple(found)

    def _book_of(self, staff: StaffMember) -> list[Customer]:
        """The RM's own customers and those of colleagues whom the RM stands in for today."""
        away = [member.id for member in self._records.book.people() if member.deputy_id == staff.id]
        return [customer for rm_id in (staff.id, *away) for customer in self._records.book.customers_of(rm_id)]

    def customer(self, customer_id: str) -> Customer | None:
        """A customer whom this viewer may see."""
        found = self._records.book.customer(customer_id)
        return found if found and (self._sees(found) or self._party == Party(Role.CUSTOMER, found.id)) else None

    def profile(self, customer_id: str) -> Profile | None:
        """The basic layer of a customer."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        book = self._records.book
        return basic_layer(
            customer,
            staff=book.staff(customer.rm_id) if customer.rm_id else None,
            branch=book.branch(customer.branch_id),
            products=self._names_held(customer.id),
            assessment=book.risk_assessment(customer.id),
            said=book.facts_said(customer.id),
            on=self.today,
        )

    def assets(self, customer_id: str) -> AssetsLayer | StepUpNeeded | None:
        """The assets layer, once this viewer stepped up for this customer in this conversation within the last minutes."""
        customer = self.customer(customer_id)
        if customer is None or self._staff_me is None:
            return None
        if self._access(customer, FieldClass.ASSETS) is Permission.DENY:
            return None
        if not self._sees_money(customer):
            return StepUpNeeded(enrolled=self._records.stepups.state(self._party.id) is not None)
        return self._assets_layer(customer)

    def _sees_money(self, customer: Customer) -> bool:
        """Whether amounts may be shown now: allowed outright, or this viewer stepped up for this customer within the last minutes."""
        permission = self._access(customer, FieldClass.ASSETS)
        if permission is not Permission.ALLOW_AFTER_STEP_UP:
            return permission is Permission.ALLOW
        until = self._records.stepups.granted_until(staff_id=self._party.id, conversation_id=self._conversation_id, customer_id=customer.id)
        return until is not None and until > self._at

    def assets_with(self, outcome: StepUpOutcome, customer_id: str) -> AssetsLayer | StepUpNeeded | None:
        """The assets layer within the very turn whose code was accepted: the grant itself is stored only after the turn."""
        customer = self.customer(customer_id)
        if not outcome.accepted or customer is None:
            return self.assets(customer_id)
        if self._access(customer, FieldClass.ASSETS) is Permission.DENY:
            return None
        return self._assets_layer(customer)

    def _assets_layer(self, customer: Customer) -> AssetsLayer | None:
        assets = self._facts.assets(customer.id, on=self.today)
        activity = self._facts.activity(customer.id, on=self.today, days=_ACTIVITY_DAYS)
        return assets_layer(assets, activity, on=self.today)

    def _judged_customer(self, customer_id: str) -> Customer | None:
        """A customer of whom this viewer may see judgements."""
        customer = self.customer(customer_id)
        return customer if customer is not None and self._access(customer, FieldClass.NEEDS) is Permission.ALLOW else None

    def _may_see_judgements(self, customer_id: str) -> bool:
        return self._judged_customer(customer_id) is not None

    def _known_book(self) -> Mapping[str, Customer]:
        """The viewer's customers of whom judgements may be seen, by id."""
        return {one.id: one for one in self.find_customers() if self._access(one, FieldClass.NEEDS) is Permission.ALLOW}


_LOOKED_AT = 80  # characters of a sentence that may hold names
_SHORTEST = 2  # 华贸 for 华贸进出口有限公司


def _mentioned(customer: Customer, said: str) -> str:
    """What of the customer's name stands in the sentence: all of a person's, at least the beginning of a company's."""
    name = normalise(customer.name)
    if name in said:
        return name
    if customer.kind == "person" or name[:_SHORTEST] not in said:
        return ""
    return next(name[:length] for length in range(len(name) - 1, _SHORTEST - 1, -1) if name[:length] in said)
