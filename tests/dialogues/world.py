"""A small invented bank for dialogues, and `Lookups` over it. Everybody in it is made up.

`World` keeps what handlers may read and applies what they return, as plainly as possible: it is the pure twin of the interpreter.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from compliance.days import BANK_ZONE, bank_day
from compliance.stepup import StepUpOutcome, code_at, verify
from compliance.suitability import Suitability, assess_suitability
from crm.measuring.freshness import caveat
from crm.profile import AssetsLayer, Profile, assets_layer, basic_layer
from crm.tags.view import TagView, views
from domain.book import Activity, Assets, Branch, Consent, Customer, FeedFreshness, Holding, Product, RiskAssessment, StaffMember
from domain.conversation import Conversation, Event, Owner, step
from domain.effects import CancelHandOff, CloseComplaint, Effect, HandOff, OpenTask, RecordStepUp, Release, TakeOver, UpdateConversation
from domain.party import Party, Role
from domain.ports import Line
from domain.stepup import StepUpState
from domain.task import Task
from handlers.lookups import ContactPerson, Phrased, QueueEntry, StepUpNeeded
from knowledge.card import Card, CardKind
from knowledge.loader import load
from retrieval.evidence import Evidence
from retrieval.search import Search, in_memory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_CARDS = Path(__file__).parents[2] / "knowledge" / "cards"
_OPENED = datetime(2019, 3, 2, 10, tzinfo=BANK_ZONE)

BRANCHES = (
    Branch(id="B1", name="西湖支行", city="杭州", address="文三路188号", phone="0571-5550101", hours="周一至周五 9:00–17:00"),
    Branch(id="B2", name="滨江支行", city="杭州", address="江南大道66号", phone="0571-5550102", hours="周一至周六 9:00–16:30"),
    Branch(id="B3", name="鼓楼支行", city="南京", address="中山北路9号", phone="025-5550103", hours="周一至周五 9:00–17:00"),
)
STAFF = (
    StaffMember(id="S1", name="陈敏", role=Role.RM, branch_id="B1", phone="13900000001", deputy_id="S2"),
    StaffMember(id="S2", name="李越", role=Role.RM, branch_id="B1", phone="13900000002"),
    StaffMember(
        id="S3", name="欧阳静", role=Role.RM, branch_id="B1", phone="13900000003", deputy_id="S2",
        leave_from=date(2026, 11, 20), leave_until=date(2026, 11, 30),
    ),
    StaffMember(id="S4", name="周航", role=Role.TELLER, branch_id="B1", phone="13900000004"),
)  # fmt: skip
CUSTOMERS = (
    Customer(
        id="C000001", kind="person", name="张伟", rm_id="S1", branch_id="B1", opened_at=_OPENED, gender="男", birth_date=date(1985, 5, 1),
        phone="13800001111", id_number="330106198505010011", city="杭州", occupation="工程师", segments=("育儿家庭", "代发"),
    ),
    Customer(
        id="C000002", kind="person", name="王芳", rm_id="S1", branch_id="B1", opened_at=_OPENED, gender="女", birth_date=date(1979, 8, 9),
        phone="13800002222", city="杭州", segments=("子女留学",),
    ),
    Customer(
        id="C000003", kind="person", name="王芳", rm_id="S1", branch_id="B1", opened_at=_OPENED, gender="女", birth_date=date(1955, 1, 2),
        phone="13800003333", city="宁波", segments=("银发",),
    ),
    Customer(
        id="C000004", kind="person", name="赵磊", rm_id="S3", branch_id="B1", opened_at=_OPENED, gender="男", birth_date=date(1990, 2, 3),
        phone="13800004444", city="杭州",
    ),
    Customer(
        id="C000005", kind="company", name="杭州蓝帆外贸有限公司", rm_id="S1", branch_id="B1", opened_at=_OPENED, phone="13800005555",
        city="杭州", industry="外贸", segments=("外贸企业",), contact_name="钱进",
    ),
    Customer(
        id="C000006", kind="person", name="孙悦", rm_id=None, branch_id="B2", opened_at=_OPENED, gender="女", birth_date=date(1998, 7, 7),
    ),
    *(
        Customer(
            id=f"C0001{number:02d}", kind="person", name=f"育儿{'甲乙丙丁戊己庚辛壬'[number]}", rm_id="S1", branch_id="B1",
            opened_at=_OPENED, birth_date=date(1988, 1, 1 + number), phone=f"1370000{number:04d}", city="杭州", segments=("育儿家庭",),
        )
        for number in range(9)
    ),
)  # fmt: skip
ASSESSMENTS = {
    "C000001": RiskAssessment(customer_id="C000001", level="C3", assessed_on=date(2026, 6, 1)),
    "C000002": RiskAssessment(customer_id="C000002", level="C1", assessed_on=date(2026, 9, 1)),
    "C000003": RiskAssessment(customer_id="C000003", level="C4", assessed_on=date(2026, 5, 1)),
    "C000004": RiskAssessment(customer_id="C000004", level="C4", assessed_on=date(2025, 10, 1)),
}


def _product(code: str, name: str, kind: str, risk: str, rate: str | None, rate_kind: str = "", days: int | None = None) -> Product:
    return Product(
        code=code, name=name, kind=kind, risk=risk, approval=f"PM-2026-{code[-3:]}", as_of=date(2026, 11, 20), term_days=days,
        rate=Decimal(rate) if rate else None, rate_kind=rate_kind, min_amount=Decimal("50.00") if kind == "deposit" else Decimal("1.00"),
    )  # fmt: skip


PRODUCTS = (
    _product("P-101", "整存整取定期存款", "deposit", "", "1.10", "年利率", 365),
    _product("P-102", "大额存单", "deposit", "", "1.45", "年利率", 1096),
    _product("P-103", "安心日日盈", "wealth", "R1", "1.55", "业绩比较基准"),
    _product("P-104", "稳享固收90天", "wealth", "R2", "2.20", "业绩比较基准", 90),
    _product("P-107", "均衡配置混合", "wealth", "R3", "3.10", "业绩比较基准"),
    _product("P-112", "教育金定投计划", "fund", "R3", None),
    _product("P-109", "科技主题基金", "fund", "R4", None),
)
HOLDINGS = (
    Holding(product_code="P-101", product_name="整存整取定期存款", kind="deposit", amount=Decimal("300000.00"), currency="CNY"),
    Holding(product_code="P-104", product_name="稳享固收90天", kind="wealth", amount=Decimal("223100.00"), currency="CNY"),
)


@cache
def _search() -> Search:
    return in_memory(load(_CARDS))


@dataclass
class World:
    """The bank as it is at one moment of a dialogue with one person."""

    party: Party
    at: datetime
    conversation: Conversation
    queue_entries: list[QueueEntry] = field(default_factory=list)
    held_entries: list[QueueEntry] = field(default_factory=list)
    grants: dict[str, datetime] = field(default_factory=dict)
    step_up: StepUpState = field(default_factory=lambda: StepUpState(secret=SECRET, last_step=0, failures=0, locked_until=None))
    open_tasks: list[Task] = field(default_factory=list)
    last_outcome: StepUpOutcome | None = None
    feeds: tuple[FeedFreshness, ...] = ()
    pages: dict[str, str] = field(default_factory=dict)

    def code(self) -> str:
        """The one-time code that the phone of the member of staff shows now."""
        return code_at(SECRET, self.at)

    def apply(self, effects: Sequence[Effect]) -> None:
        """Keep what the effects change."""
        for effect in effects:
            match effect:
                case UpdateConversation():
                    self.conversation = _updated(self.conversation, effect)
                case HandOff() if self.conversation.owner is Owner.BOT:
                    self.conversation = step(self.conversation, Event.HANDOFF_REQUESTED, at=self.at)
                case CancelHandOff() if self.conversation.owner is Owner.WAITING:
                    self.conversation = step(self.conversation, Event.HANDOFF_CANCELLED, at=self.at)
                case TakeOver():
                    taken = [entry for entry in self.queue_entries if entry.conversation_id == effect.conversation_id]
                    self.queue_entries = [entry for entry in self.queue_entries if entry not in taken]
                    self.held_entries += taken
                case Release():
                    self.held_entries = [entry for entry in self.held_entries if entry.conversation_id != effect.conversation_id]
                case RecordStepUp():
                    assert self.last_outcome is not None
                    self.step_up = self.last_outcome.state
                    if effect.granted_until:
                        self.grants[effect.customer_id] = effect.granted_until
                case OpenTask():
                    self.open_tasks.append(_task(effect, number=len(self.open_tasks) + 1, at=self.at))
                case CloseComplaint():
                    self.open_tasks = [task for task in self.open_tasks if task.reference != effect.reference]
                case _:
                    pass

    # What handlers read.

    def caveat(self, answer: str) -> str:
        return caveat(self.feeds, answer, self.at)

    @property
    def today(self) -> date:
        return bank_day(self.at)

    def search(self, question: str, *, kinds: Collection[str] | None = None, k: int = 5) -> Evidence:
        chosen = None if kinds is None else frozenset(CardKind(kind) for kind in kinds)
        return _search().search(question, role=self.party.role, on=self.today, k=k, kinds=chosen)

    def card(self, card_id: str) -> Card | None:
        card = _search().catalogue.find(card_id)
        return card if card and card.visible_to(self.party.role) and card.valid_on(self.today) else None

    def address(self, to: str) -> str | None:
        return self.pages.get(to)

    def phrase(self, question: str, cards: Sequence[Card]) -> Phrased | None:
        return None

    def me(self) -> Customer | None:
        return next((c for c in CUSTOMERS if self.party == Party(Role.CUSTOMER, c.id)), None)

    def staff_me(self) -> StaffMember | None:
        return next((s for s in STAFF if self.party == Party(s.role, s.id)), None)

    def contact_person(self, customer_id: str | None = None) -> ContactPerson | None:
        customer = self.me() if customer_id is None else self.customer(customer_id)
        manager = next((s for s in STAFF if customer and s.id == customer.rm_id), None)
        if manager is None:
            return None
        if not manager.on_leave(self.today):
            return ContactPerson(staff=manager)
        deputy = next(s for s in STAFF if s.id == manager.deputy_id)
        return ContactPerson(staff=deputy, stands_in_for=manager)

    def branch(self, branch_id: str) -> Branch | None:
        return next((b for b in BRANCHES if b.id == branch_id), None)

    def branches(self) -> Sequence[Branch]:
        return BRANCHES

    def consents(self) -> Sequence[Consent]:
        return ()

    def products(self) -> Sequence[Product]:
        return PRODUCTS

    def suitability(self, product: Product) -> Suitability:
        me = self.me()
        age = me.age(self.today) if me and me.kind == "person" else 40
        return assess_suitability(product, ASSESSMENTS.get(self.party.id), on=self.today, age=age)

    def my_product_names(self) -> Sequence[str]:
        return ()

    def _own(self) -> list[Customer]:
        away = {s.id for s in STAFF if s.deputy_id == self.party.id and s.on_leave(self.today)}
        return [c for c in CUSTOMERS if c.rm_id in {self.party.id, *away}] if self.party.role is Role.RM else []

    def find_customers(self, text: str = "") -> Sequence[Customer]:
        return [
            c for c in self._own() if not text or text.upper() == c.id or c.name.startswith(text) or any(text in tag for tag in c.segments)
        ]

    def customer(self, customer_id: str) -> Customer | None:
        return next((c for c in self._own() if c.id == customer_id), None)

    def profile(self, customer_id: str) -> Profile | None:
        customer = self.customer(customer_id)
        if customer is None:
            return None
        manager = next((s for s in STAFF if s.id == customer.rm_id), None)
        held = ("整存整取定期存款", "稳享固收90天") if customer_id == "C000001" else ()
        assessment = ASSESSMENTS.get(customer_id)
        branch = self.branch(customer.branch_id)
        return basic_layer(customer, staff=manager, branch=branch, products=held, assessment=assessment, said=(), on=self.today)

    def names_in(self, said: str) -> Sequence[str]:
        return list(dict.fromkeys(c.name for c in self._own() if c.name in said))

    def judged_on(self) -> date | None:
        """No run has judged this bank."""
        return None

    def tags(self, customer_id: str) -> Sequence[TagView] | None:
        customer = self.customer(customer_id)
        return views((), segments=customer.segments, inferred=None, at=self.at) if customer else None

    def assets(self, customer_id: str) -> AssetsLayer | StepUpNeeded | None:
        if self.customer(customer_id) is None:
            return None
        until = self.grants.get(customer_id)
        return self._layer(customer_id) if until and until > self.at else StepUpNeeded(enrolled=True)

    def assets_with(self, outcome: StepUpOutcome, customer_id: str) -> AssetsLayer | StepUpNeeded | None:
        return self._layer(customer_id) if outcome.accepted and self.customer(customer_id) else self.assets(customer_id)

    def _layer(self, customer_id: str) -> AssetsLayer:
        as_of = self.today - timedelta(days=1)
        assets = Assets(
            customer_id=customer_id, as_of=as_of, aum=Decimal("523100.00"), month_average=Decimal("498000.00"), holdings=HOLDINGS
        )
        activity = Activity(customer_id=customer_id, as_of=as_of, days=90, active_days=8, transactions=12, last_on=as_of)
        return assets_layer(assets, activity, on=self.today)

    def try_code(self, code: str) -> StepUpOutcome:
        self.last_outcome = verify(code, self.step_up, self.at)
        return self.last_outcome

    def queue(self) -> Sequence[QueueEntry]:
        return self.queue_entries

    def held(self) -> Sequence[QueueEntry]:
        return self.held_entries

    def transcript(self, conversation_id: str, *, last: int = 20) -> Sequence[Line]:
        return ()

    def tasks(self) -> Sequence[Task]:
        return self.open_tasks

    def complaints(self) -> Sequence[Task]:
        own = {customer.id for customer in self._own()}
        return [task for task in self.open_tasks if task.kind == "complaint" and task.customer_id in own]


def world(who: str, at: datetime, *, waiting: Sequence[str] = (), holding: Sequence[str] = (), complaints: Sequence[str] = ()) -> World:
    """The bank as that person meets it.

    `waiting` and `holding` are ids of customers whose conversations wait, or are held by an RM; `complaints` of those who complained.
    """
    party = Party.parse(who)
    conversation = Conversation(id=f"console:{party}", channel="console", party=party)
    made = World(party=party, at=at, conversation=conversation)
    made.queue_entries = [_entry(customer_id, at=at - timedelta(minutes=12), owner="waiting") for customer_id in waiting]
    made.held_entries = [_entry(customer_id, at=at - timedelta(minutes=5), owner="human") for customer_id in holding]
    for customer_id in complaints:
        complaint = OpenTask(task="complaint", title=complaint_of(customer_id), customer_id=customer_id, assignee=party.id)
        number = len(made.open_tasks) + 1
        made.open_tasks.append(replace(_task(complaint, number=number, at=at), reference=f"C-{number:04d}"))
    return made


def complaint_of(customer_id: str) -> str:
    """What somebody complained of."""
    name = next(customer.name for customer in CUSTOMERS if customer.id == customer_id)
    return f"{name}投诉：年费重复扣"


def _entry(customer_id: str, *, at: datetime, owner: str) -> QueueEntry:
    customer = next(c for c in CUSTOMERS if c.id == customer_id)
    return QueueEntry(
        conversation_id=f"web:customer:{customer_id}", customer_id=customer_id, customer_name=customer.name, owner=owner, staff=None,
        since=at, reason="客户要求人工", summary="客户：想问问到期的钱", urgency="normal",
    )  # fmt: skip


def _updated(conversation: Conversation, effect: UpdateConversation) -> Conversation:
    names = ("form", "options", "topic", "focus", "pending", "greeted", "misses")
    values = {name: value for name in names if (value := getattr(effect, name)) is not None}
    fresh = Conversation(id="", channel="", party=conversation.party)
    return replace(conversation, **(values | {name: getattr(fresh, name) for name in effect.clear}))


def _task(effect: OpenTask, *, number: int, at: datetime) -> Task:
    return Task(
        id=number, key=effect.key, kind=effect.task, status="open", title=effect.title, detail=effect.detail,
        customer_id=effect.customer_id, assignee=effect.assignee, conversation_id=None, urgency=effect.urgency, created_at=at,
        due_at=effect.due_at, reference=f"T-{number}",
    )  # fmt: skip
