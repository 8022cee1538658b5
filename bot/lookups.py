"""What a handler may read, bound to one viewer, conversation and instant. Authorization happens here, below the dialogue.

Everything about a customer goes through `_access`: role, relation, field class and purpose decide by the one table of
`compliance.access`. What the viewer may not see comes back as nothing, whether it exists or not.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property

from bot import authority
from bot.channels.wecom.kf.names import is_visitor
from bot.charts.layers import drawn
from bot.charts.shelf import Pictures
from bot.complaints import closable
from bot.handoff import held_by, queue_for
from bot.knowing import classes, leaving, people, rfm
from bot.knowing import health as health_of_run
from bot.knowing import priorities as priorities_of_run
from bot.knowing import reaching as reaching_of_run
from bot.knowing.life import life_of
from bot.knowing.need_leads import need_leads
from bot.knowing.need_picture import pictured
from bot.knowing.needs import needs_of
from bot.knowing.policies import policies
from bot.knowing.preferences import preferences_of
from bot.knowing.tags import tags_of
from bot.knowing.tax_limit import tax_of
from bot.knowledge_base import KnowledgeBase
from bot.master import CachedMaster
from bot.pages import Pages
from compliance.access import AccessPurpose, FieldClass, Permission, Relation, may
from compliance.consent import latest_word
from compliance.days import bank_day
from compliance.stepup import StepUpOutcome, verify
from compliance.suitability import Suitability, assess_suitability
from compliance.tables import table
from crm.activity.warned import Judged, Warned
from crm.causes.told import FoundCause
from crm.contacting.told import Reached, Reaching
from crm.health.judged import Health
from crm.life.view import LifeView
from crm.measuring.freshness import caveat
from crm.needs.charted import Charted
from crm.needs.lead_time import Leads
from crm.needs.limits import TaxView
from crm.preferences.view import PreferenceView
from crm.priorities.planning import Line as PriorityLine
from crm.priorities.planning import Reason
from crm.profile import AssetsLayer, Profile, assets_layer, basic_layer
from crm.rfm.view import NoScores, RfmView
from crm.segmentation.known import KnownClass, NotOfThatTime
from crm.segmentation.policies import ServicePolicy
from crm.segmentation.rising import Rising
from crm.tags.view import TagView
from domain.book import Branch, Consent, Customer, Product, RiskAssessment, StaffMember
from domain.errors import BadInput
from domain.party import Party, Role
from domain.ports import Facts, Insight, Line, Records, Store
from domain.task import Task
from handlers.lookups import ContactPerson, Phrased, QueueEntry, StepUpNeeded
from knowledge.card import Card, CardKind
from language.normalise import fold
from retrieval.evidence import Evidence

_ACTIVITY_DAYS = 90
_PURPOSES = {
    Role.CUSTOMER: AccessPurpose.OWN,
    Role.COMPLIANCE: AccessPurpose.INVESTIGATION,
    Role.TELLER: AccessPurpose.SERVICE,
    Role.LOBBY: AccessPurpose.SERVICE,
}


class LookupsFactory:
    """Makes lookups for a viewer."""

    def __init__(
        self, *, knowledge: KnowledgeBase, facts: Facts, insight: Insight, master: CachedMaster, pages: Pages, pictures: Pictures
    ) -> None:
        self._knowledge = knowledge
        self._facts = facts
        self._insight = insight
        self._master = master
        self._pages = pages
        self._pictures = pictures

    def over(self, records: Records, *, party: Party, conversation_id: str, at: datetime) -> "BoundLookups":
        """Lookups within an open transaction."""
        return BoundLookups(
            records,
            party=party,
            conversation_id=conversation_id,
            at=at,
            knowledge=self._knowledge,
            facts=self._facts,
            insight=self._insight,
            master=self._master,
            pages=self._pages,
            pictures=self._pictures,
        )

    @contextmanager
    def bound(self, store: Store, *, party: Party, conversation_id: str, at: datetime) -> Iterator["BoundLookups"]:
        """Lookups in a transaction of their own, for a page or a command."""
        with store.reading() as records:
            yield self.over(records, party=party, conversation_id=conversation_id, at=at)


class BoundLookups:
    """Answers `handlers.lookups.Lookups`."""

    def __init__(
        self,
        records: Records,
        *,
        party: Party,
        conversation_id: str,
        at: datetime,
        knowledge: KnowledgeBase,
        facts: Facts,
        insight: Insight,
        master: CachedMaster,
        pages: Pages,
        pictures: Pictures,
    ) -> None:
        self._records = records
        self._party = party
        self._conversation_id = conversation_id
        self._at = at
        self._knowledge = knowledge
        self._facts = facts
        self._insight = insight
        self._master = master
        self._pages = pages
        self._pictures = pictures
        self._searched: dict[tuple[str, frozenset[CardKind] | None, int], Evidence] = {}

    @property
    def today(self) -> date:
        """The bank's day."""
        return bank_day(self._at)

    # Knowledge: filtered by role before anything is scored.

    def search(self, question: str, *, kinds: Collection[str] | None = None, k: int = 5) -> Evidence:
        """Rank the cards that this viewer may see and that are valid today."""
        # Routing and the handler of a turn often ask the same; the answer is the same within a transaction.
        asked = (question, None if kinds is None else frozenset(CardKind(kind) for kind in kinds), k)
        if asked not in self._searched:
            boost = frozenset(self._me.segments) if self._me else frozenset()
            self._searched[asked] = self._knowledge.search.search(
                question, role=self._party.role, on=self.today, k=k, boost=boost, kinds=asked[1]
            )
        return self._searched[asked]

    def card(self, card_id: str) -> Card | None:
        """A card by id, if this viewer may see it today."""
        card = self._knowledge.catalogue.find(card_id)
        return card if card and card.visible_to(self._party.role) and card.valid_on(self.today) else None

    def address(self, to: str) -> str | None:
        """The address that a card's link leads to, if there is such a page."""
        return self._pages.address(to)

    def phrase(self, question: str, cards: Sequence[Card]) -> Phrased | None:
        """Ask the optional model to word an answer from the cards."""
        return self._knowledge.phrase(question, cards, at=self._at)

    def caveat(self, answer: str) -> str:
        """Whether the feeds that an answer rests on have stopped, in one sentence."""
        return caveat(self._facts.freshness(), answer, self._at)

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

    # Products.

    def products(self) -> Sequence[Product]:
        """What is on sale today and not private."""
        return self._on_sale

    @cached_property
    def _on_sale(self) -> Sequence[Product]:
        everything = self._master.of(self._records).catalogue.products.values()
        return [product for product in everything if product.on_sale(self.today) and not product.private]

    @cached_property
    def _my_assessment(self) -> RiskAssessment | None:
        return self._records.book.risk_assessment(self._me.id) if self._me else None

    def suitability(self, product: Product) -> Suitability:
        """Whether this product may be spoken of to the speaking customer, and why not."""
        me = self._me
        assessment = self._my_assessment
        age = me.age(self.today) if me and me.kind == "person" else _AGE_OF_A_COMPANY
        return assess_suitability(product, assessment, on=self.today, age=age)

    def my_product_names(self) -> Sequence[str]:
        """The names of what the speaking customer holds with us."""
        return self._names_held(self._me.id) if self._me else ()

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

    # Judgements.

    def needs(self, customer_id: str) -> Charted | None:
        """The needs of a customer with their evidence; what tells of money only for a viewer who stepped up."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        return needs_of(
            self._insight,
            customer,
            on=self.today,
            consents=self._records.book.consents(customer.id),
            on_sale=self._on_sale,
            open_=isinstance(self.assets(customer.id), AssetsLayer),
        )

    def need_picture(self, chart: Charted) -> str | None:
        """The graph as a picture, drawn when it is asked for first. It shows what the chart says and nothing else."""
        layers = pictured(chart)
        return str(self._pictures.kept(layers, lambda: drawn(layers))) if layers else None

    def tax_limit(self, customer_id: str) -> TaxView | None:
        """What the taxes of a company say of its limit."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        return tax_of(self._insight, customer.id, on=self.today, consents=self._records.book.consents(customer.id))

    def need_leads(self) -> Leads | None:
        """How far ahead needs were seen, over the whole bank: figures of nobody."""
        return need_leads(self._insight, on=self.today) if self._party.role is Role.MANAGER and self._staff_me else None

    def tags(self, customer_id: str) -> Sequence[TagView] | None:
        """The tags of a customer, whoever says so."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        return tags_of(self._records, self._insight, customer, at=self._at)

    def life(self, customer_id: str) -> LifeView | None:
        """In which stage of life a customer is thought to be, and why."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        return life_of(self._insight, customer.id, on=self.today)

    def policies(self) -> Sequence[ServicePolicy]:
        """How each class of customers is served now."""
        return policies(self._records, at=self._at) if self._staff_me else ()

    def try_code(self, code: str) -> StepUpOutcome:
        """Judge a one-time code of the viewer. Raises BadInput for somebody without a second factor."""
        state = self._records.stepups.state(self._party.id) if self._staff_me else None
        if state is None:
            raise BadInput("no second factor is enrolled")
        return verify(code, state, self._at)

    # How well relations stand.

    def health(self, customer_id: str) -> Health | None:
        """How well the relation with a customer stands."""
        return health_of_run.health(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else None

    def healths(self) -> Sequence[tuple[Customer, Health]]:
        """The same for all of the viewer's customers, the least healthy first."""
        mine = self._known_book()
        return [(mine[one.customer_id], one) for one in health_of_run.healths(self._insight, mine, on=self.today)]

    def labels(self, customer_ids: Collection[str]) -> Mapping[str, str]:
        """The class of each as it is shown."""
        return health_of_run.labels(self._insight, [one for one in customer_ids if self._may_see_judgements(one)], on=self.today)

    def reaching(self, customer_id: str) -> Reaching | None:
        """By which channel and at which hours a customer is reached."""
        return reaching_of_run.reaching(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else None

    def reached(self) -> Sequence[tuple[Customer, Reached]]:
        """When the viewer's customers last had contact with us, the longest ago first. Who is gone or dead is left alone."""
        mine = {one_id: one for one_id, one in self._known_book().items() if one.status == "active"}
        found = reaching_of_run.reached(self._insight, mine, on=self.today)
        return [(mine[one.customer_id], one) for one in sorted(found, key=lambda one: (-one.silent_for, one.customer_id))]

    def priorities(self) -> Sequence[tuple[Customer, PriorityLine]]:
        """What the viewer should do today, first things first."""
        if self._staff_me is None:
            return ()
        mine = self._known_book()
        found = priorities_of_run.lines(self._insight, self._records, mine, staff=self._party.id, at=self._at)
        return [(mine[one.reason.customer_id], one) for one in found]

    def reasons(self, customer_id: str) -> Sequence[Reason]:
        """Every reason to act for a customer, the most urgent first."""
        return people.reasons(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else ()

    def stage_of_life(self, customer_id: str) -> str:
        """In Chinese; empty where the run is not sure of one."""
        return people.stage_of_life(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else ""

    def refuses_offers(self, customer_id: str) -> bool:
        """Whether the customer's last word on marketing was no."""
        word = latest_word(self._records.book.consents(customer_id), "marketing", at=self._at) if self.customer(customer_id) else None
        return word is not None and not word.granted

    def related(self, customer_id: str, kind: str) -> Sequence[Customer]:
        """Who is `kind` of a customer, of those whom this viewer may see: a relation alone opens nobody's data."""
        if not self._may_see_judgements(customer_id):
            return ()
        ids = people.related_ids(self._records.dealings.relations(customer_id), customer_id, kind, on=self.today)
        return [found for one in ids if (found := self.customer(one)) is not None]

    def contact_hours(self) -> tuple[int, int]:
        """From which hour up to before which one the bank may speak first."""
        quiet = table("contact")["quiet_hours"]
        return int(quiet["until"]), int(quiet["from"])

    def _known_book(self) -> Mapping[str, Customer]:
        """The viewer's customers of whom judgements may be seen, by id."""
        return {one.id: one for one in self.find_customers() if self._access(one, FieldClass.NEEDS) is Permission.ALLOW}

    def rfm(self, customer_id: str) -> RfmView | NoScores | None:
        """RFM scores of a customer and why; the amount behind M only for who may see money now."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        return rfm.scores_of(self._insight, customer.id, on=self.today, with_amount=self._sees_money(customer))

    # What the nightly run judged.

    def judged_on(self) -> date | None:
        """The day of the run that judgements come from."""
        return self._insight.latest(self.today)

    def _judged_customer(self, customer_id: str) -> Customer | None:
        """A customer of whom this viewer may see judgements."""
        customer = self.customer(customer_id)
        return customer if customer is not None and self._access(customer, FieldClass.NEEDS) is Permission.ALLOW else None

    def _may_see_judgements(self, customer_id: str) -> bool:
        return self._judged_customer(customer_id) is not None

    def class_of(self, customer_id: str, *, day: date | None = None) -> KnownClass | NotOfThatTime | None:
        """The class of a customer, of the last run or as of an earlier day."""
        last = self._insight.latest(self.today)
        if last is None or not self._may_see_judgements(customer_id):
            return None
        if day is None or day >= last:
            return classes.class_on(self._insight, customer_id, day=self.today)
        return classes.class_then(self._insight, customer_id, day=day)

    def rising(self) -> Sequence[tuple[Customer, Rising]]:
        """The viewer's customers who may rise to the highest tier, the likeliest first."""
        mine = self._known_book()
        return [(mine[one.customer_id], one) for one in classes.rising_of(self._insight, mine, on=self.today)]

    def preferences(self, customer_id: str) -> PreferenceView | None:
        """What a customer likes to hold; shares and days, no amounts."""
        return preferences_of(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else None

    def leaving(self, customer_id: str) -> Judged | None:
        """How active a customer is against the usual, and whether that is a warning."""
        return leaving.judged(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else None

    def causes(self, customer_id: str) -> Sequence[FoundCause]:
        """Why the customer may be growing quiet."""
        return leaving.causes(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else ()

    def warnings(self) -> Sequence[tuple[Customer, Warned]]:
        """The viewer's customers with a warning, the gravest first."""
        mine = self._known_book()
        found = leaving.warned(self._insight, on=self.today)
        return [(mine[one.customer_id], one) for one in found if one.customer_id in mine]

    # Work.

    def queue(self) -> Sequence[QueueEntry]:
        """The conversations that wait for a person and that this viewer may take."""
        return queue_for(self._records, self._party.id, at=self._at) if self._staff_me else ()

    def held(self) -> Sequence[QueueEntry]:
        """The conversations that this viewer holds."""
        return held_by(self._records, self._party.id, at=self._at) if self._staff_me else ()

    def transcript(self, conversation_id: str, *, last: int = 20) -> Sequence[Line]:
        """What was said in a conversation that this viewer may see."""
        conversation = self._records.conversations.find(conversation_id)
        if conversation is None:
            return ()
        if conversation.party == self._party:
            return self._records.transcript.of(conversation_id, last=last)
        if is_visitor(conversation.party) and authority.may_see_visitors(self._staff_me):
            return self._records.transcript.of(conversation_id, last=last)
        customer = self.customer(conversation.party.id) if conversation.party.role is Role.CUSTOMER else None
        if customer is None or self._access(customer, FieldClass.CONVERSATION) is not Permission.ALLOW:
            return ()
        return self._records.transcript.of(conversation_id, last=last)

    def tasks(self) -> Sequence[Task]:
        """The viewer's open tasks."""
        return self._records.tasks.listed(assignee=self._party.id) if self._staff_me else ()

    def complaints(self) -> Sequence[Task]:
        """The open complaints that this viewer may close."""
        return closable(self._records, self._staff_me, at=self._at) if self._staff_me else ()


_AGE_OF_A_COMPANY = 30  # compliance.suitability: a company's own account is judged as an adult's
