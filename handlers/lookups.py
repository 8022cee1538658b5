"""What a handler may read. The shell binds it to one viewer, purpose and conversation; it cannot return what that viewer may not see.

"Not found" and "not yours" look the same: both are an empty answer. Each look at customer data is recorded by the shell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from compliance.stepup import StepUpOutcome
from compliance.suitability import Suitability
from crm.activity.trend import ActivityTrend
from crm.activity.warned import Judged, Warned
from crm.causes.told import FoundCause
from crm.contacting.told import Reached, Reaching
from crm.features.asset_trend import AssetTrend
from crm.health.judged import Health
from crm.health.trend import HealthTrend
from crm.industry.view import IndustryView
from crm.learning.told import Chance
from crm.life.view import LifeView
from crm.needs.charted import Charted
from crm.needs.lead_time import Leads
from crm.needs.limits import TaxView
from crm.preferences.view import PreferenceView
from crm.priorities.planning import Line as PriorityLine
from crm.priorities.planning import Reason
from crm.profile import AssetsLayer, Profile
from crm.rfm.view import NoScores, RfmView
from crm.segmentation.known import KnownClass, NotOfThatTime
from crm.segmentation.overview import Overview
from crm.segmentation.policies import ServicePolicy
from crm.segmentation.rising import Rising
from crm.tags.view import TagView
from crm.triggers.judging import JudgedTrigger
from domain.book import Branch, Consent, Customer, Product, StaffMember
from domain.ports import Line
from domain.task import Task
from knowledge.card import Card
from retrieval.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpNeeded:
    """The data exists for this viewer, but only after a second factor. `enrolled` says whether they have one."""

    enrolled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    """Who looks after a customer today: the RM, or the deputy while the RM is away (`stands_in_for`)."""

    staff: StaffMember
    stands_in_for: StaffMember | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A conversation that waits for a person or is held by one. `summary` is what was said, in at most three lines, masked."""

    conversation_id: str
    customer_id: str
    customer_name: str
    owner: str
    staff: str | None
    since: datetime
    reason: str
    summary: str
    urgency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCase:
    """A case of keeping a customer whose deadline has passed, and whose work it is."""

    task: Task
    customer: Customer
    owner: StaffMember | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrased:
    """An answer that a model worded from given cards; every citation and figure in it was verified."""

    text: str
    card_ids: tuple[str, ...]


class Lookups(Protocol):
    """Read-only. Bound to (viewer, conversation, instant)."""

    @property
    def today(self) -> date:
        """The bank's day."""

    def search(self, question: str, *, kinds: Collection[str] | None = None, k: int = 5) -> Evidence:
        """Rank the cards that this viewer may see and that are valid today."""

    def card(self, card_id: str) -> Card | None: ...

    def address(self, to: str) -> str | None:
        """The address that a card's link leads to: a page that the settings name, or an address itself.

        None where there is no such page, or where it lies on a host that the bank does not link to.
        """

    def phrase(self, question: str, cards: Sequence[Card]) -> Phrased | None:
        """Ask the optional model to word an answer from the cards. None when there is no model, or it was slow, down or wrong."""

    def caveat(self, answer: str) -> str:
        """One sentence on the feeds that this answer (`crm/measuring/freshness.yaml`) rests on and that have stopped, or nothing."""

    def me(self) -> Customer | None:
        """The customer who speaks."""

    def staff_me(self) -> StaffMember | None:
        """The member of staff who speaks."""

    def contact_person(self, customer_id: str | None = None) -> ContactPerson | None:
        """Who looks after the customer (default: the one who speaks) today."""

    def branch(self, branch_id: str) -> Branch | None: ...

    def branches(self) -> Sequence[Branch]: ...

    def consents(self) -> Sequence[Consent]:
        """Every word of the speaking customer on being contacted."""

    def products(self) -> Sequence[Product]:
        """What is on sale today."""

    def suitability(self, product: Product) -> Suitability:
        """Whether this product may be spoken of to the speaking customer, and why not."""

    def my_product_names(self) -> Sequence[str]:
        """The names of what the speaking customer holds with us."""

    def find_customers(self, text: str = "") -> Sequence[Customer]:
        """The viewer's own customers, all or those that the text names by id, name or segment."""

    def names_in(self, said: str) -> Sequence[str]:
        """The names of the viewer's customers that a normalised sentence mentions, as it spells them; a company's beginning will do."""

    def customer(self, customer_id: str) -> Customer | None:
        """A customer of the viewer's own."""

    def profile(self, customer_id: str) -> Profile | None:
        """The basic layer."""

    def assets(self, customer_id: str) -> AssetsLayer | StepUpNeeded | None:
        """The assets layer, for a viewer who may see it and stepped up for this customer within the last minutes."""

    def assets_with(self, outcome: StepUpOutcome, customer_id: str) -> AssetsLayer | StepUpNeeded | None:
        """The assets layer within the very turn whose code was accepted: the grant itself is stored only after the turn."""

    def rfm(self, customer_id: str) -> RfmView | NoScores | None:
        """RFM scores of a customer and why; the amount behind M only for a viewer who stepped up. None before the first run."""

    def needs(self, customer_id: str) -> Charted | None:
        """The needs of a customer with their evidence, as of the last run; None where there was none, or it is not the viewer's."""

    def need_picture(self, chart: Charted) -> str | None:
        """The file of a picture of the graph; None where there is nothing to draw."""

    def tax_limit(self, customer_id: str) -> TaxView | None:
        """What the taxes of a company say of its limit; None where they are not known, may not be used, or are not the viewer's to see."""

    def need_leads(self) -> Leads | None:
        """How far ahead needs were seen, for a manager; None before the first run."""

    def tags(self, customer_id: str) -> Sequence[TagView] | None:
        """The tags of a customer with source, confidence, evidence and end. None where the viewer may not see them."""

    def industries(self, customer_id: str) -> Sequence[IndustryView]:
        """In which business a company is thought to be, likeliest first, with source, confidence and evidence."""
        ...

    def life(self, customer_id: str) -> LifeView | None:
        """In which stage of life a customer is thought to be, and why. None where nothing speaks or the viewer may not see it."""

    def policies(self) -> Sequence[ServicePolicy]:
        """How each class of customers is served now; for staff."""

    def try_code(self, code: str) -> StepUpOutcome:
        """Judge a one-time code of the viewer. Nothing is stored: return a RecordStepUp effect."""

    def queue(self) -> Sequence[QueueEntry]:
        """The conversations of customers that wait for a person and that this viewer may take, longest first."""

    def held(self) -> Sequence[QueueEntry]:
        """The conversations that this viewer holds."""

    def transcript(self, conversation_id: str, *, last: int = 20) -> Sequence[Line]:
        """What was said in a conversation that this viewer may see, oldest first."""

    def tasks(self) -> Sequence[Task]:
        """The viewer's open tasks."""

    def late_cases(self) -> Sequence[LateCase]:
        """The open cases of keeping a customer of the viewer's whose deadline has passed, the longest first; whoever's work they are."""

    def complaints(self) -> Sequence[Task]:
        """The open complaints that this viewer may close."""

    def health(self, customer_id: str) -> Health | None:
        """How well the relation with a customer stands. None where the run did not judge it."""

    def healths(self) -> Sequence[tuple[Customer, Health]]:
        """The same for all of the viewer's customers, the least healthy first."""

    def activity_trend(self, customer_id: str) -> ActivityTrend | None:
        """How active a customer was, week by week. None where nothing was judged."""

    def asset_trend(self, customer_id: str) -> AssetTrend | None:
        """How the monthly average of assets moved, against its first month; amounts only for a viewer who stepped up."""

    def health_trend(self, customer_id: str) -> HealthTrend | None:
        """Health and its dimensions on the days that it was reckoned for. None where the run did not judge it."""

    def overview(self) -> Overview | None:
        """How many of the viewer's customers are in which class and light; a manager is not told small counts. None before a run."""

    def picture(self, name: str, of: ActivityTrend | AssetTrend | HealthTrend | Overview) -> str | None:
        """The file of a picture of it under that name; None where there is nothing to draw."""

    def labels(self, customer_ids: Collection[str]) -> Mapping[str, str]:
        """The class of each as it is shown. Empty where the run knows no classes."""

    def reaching(self, customer_id: str) -> Reaching | None:
        """By which channel and at which hours a customer is reached, and when that was last so."""

    def reached(self) -> Sequence[tuple[Customer, Reached]]:
        """When the viewer's customers last had contact with us, the longest ago first. Empty where the bank delivers no contacts."""

    def priorities(self) -> Sequence[tuple[Customer, PriorityLine]]:
        """What the viewer should do today, first things first; what was answered today keeps its place."""

    def triggers(self, customer_id: str) -> Sequence[JudgedTrigger]:
        """The triggers of which the customer did anything lately, each condition as it stands now. Empty where not to be seen."""

    def reasons(self, customer_id: str) -> Sequence[Reason]:
        """Every reason to act for a customer, the most urgent first."""

    def stage_of_life(self, customer_id: str) -> str:
        """In Chinese; empty where the run is not sure of one."""

    def refuses_offers(self, customer_id: str) -> bool:
        """Whether the customer's last word on marketing was no."""

    def related(self, customer_id: str, kind: str) -> Sequence[Customer]:
        """Who is `kind` (spouse, …) of a customer, of those whom this viewer may see."""

    def contact_hours(self) -> tuple[int, int]:
        """From which hour up to before which one the bank may speak first."""

    def class_of(self, customer_id: str, *, day: date | None = None) -> KnownClass | NotOfThatTime | None:
        """The class of a customer, of the last run or as of an earlier day. None where nothing was judged yet, or not the viewer's."""

    def rising(self) -> Sequence[tuple[Customer, Rising]]:
        """The viewer's customers who may rise to the highest tier, the likeliest first."""

    def preferences(self, customer_id: str) -> PreferenceView | None:
        """What a customer likes to hold. None before the first run, or where it is not the viewer's."""

    def leaving(self, customer_id: str) -> Judged | None:
        """How active a customer is against the usual, and whether that is a warning. None where nothing was judged yet."""

    def leaving_chance(self, customer_id: str) -> Chance | None:
        """How probable it is that a customer leaves, with reasons that add up. None where no model does better than the rule."""

    def causes(self, customer_id: str) -> Sequence[FoundCause]:
        """Why the customer may be growing quiet, the likeliest first."""

    def warnings(self) -> Sequence[tuple[Customer, Warned]]:
        """The viewer's customers with a warning, the gravest first."""

    def judged_on(self) -> date | None:
        """The day of the run that judgements come from."""
