"""What the nightly run judged, for one viewer: every answer passes the viewer's access before the rows are read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bot.charts.layers import drawn
from bot.knowing import classes, drawing, leaving, people, rfm, trends
from bot.knowing import health as health_of_run
from bot.knowing import priorities as priorities_of_run
from bot.knowing import reaching as reaching_of_run
from bot.knowing.industry import industries_of
from bot.knowing.life import life_of
from bot.knowing.need_leads import need_leads
from bot.knowing.need_picture import pictured
from bot.knowing.needs import needs_of
from bot.knowing.policies import policies
from bot.knowing.preferences import preferences_of
from bot.knowing.tags import rows_of, tags_of
from bot.knowing.tax_limit import tax_of
from bot.knowing.triggered import judged_triggers
from bot.viewed import Viewed
from compliance.consent import latest_word
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
from crm.profile import AssetsLayer
from crm.rfm.view import NoScores, RfmView
from crm.segmentation.known import KnownClass, NotOfThatTime
from crm.segmentation.overview import Overview, overview_of
from crm.segmentation.policies import ServicePolicy
from crm.segmentation.rising import Rising
from crm.tags.view import TagView
from crm.triggers.judging import JudgedTrigger
from domain.book import Customer
from domain.party import Role


class JudgedLookups(Viewed):
    """Answers the part of `handlers.lookups.Lookups` that reads judgements."""

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
            tags=rows_of(self._records, customer.id, at=self._at),
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

    def industries(self, customer_id: str) -> Sequence[IndustryView]:
        """In which business a company is thought to be, likeliest first; empty for whom the viewer may not see."""
        chart, tags = self.needs(customer_id), self.tags(customer_id)
        if chart is None or tags is None:
            return ()
        return industries_of(self._insight, customer_id, on=self.today, chart=chart, tags=tags)

    def policies(self) -> Sequence[ServicePolicy]:
        """How each class of customers is served now."""
        return policies(self._records, at=self._at) if self._staff_me else ()

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

    def activity_trend(self, customer_id: str) -> ActivityTrend | None:
        """How active a customer was, week by week."""
        if not self._may_see_judgements(customer_id):
            return None
        return trends.activity_trend(self._insight, customer_id, on=self.today)

    def asset_trend(self, customer_id: str) -> AssetTrend | None:
        """How the monthly average of assets moved, against its first month; amounts only for who may see money now."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return None
        return trends.asset_trend(self._insight, customer.id, on=self.today, with_amounts=self._sees_money(customer))

    def health_trend(self, customer_id: str) -> HealthTrend | None:
        """Health and its dimensions on the days that it was reckoned for."""
        if not self._may_see_judgements(customer_id):
            return None
        return trends.health_trend(self._insight, customer_id, on=self.today)

    def overview(self) -> Overview | None:
        """How many of the viewer's customers are in which class and light. For a manager small counts are left out."""
        as_of, mine = self._insight.latest(self.today), self._known_book()
        if as_of is None:
            return None
        lights = {one.customer_id: one.light for one in health_of_run.healths(self._insight, mine, on=self.today)}
        labels = health_of_run.labels(self._insight, list(mine), on=self.today)
        return overview_of(labels, lights, as_of=as_of, suppress=self._party.role is Role.MANAGER)

    def picture(self, name: str, of: ActivityTrend | AssetTrend | HealthTrend | Overview) -> str | None:
        """The file of a picture, drawn when it is asked for first; None where there is nothing to draw. It shows what `of` holds."""
        chart = drawing.chart_of(name, of)
        return str(self._pictures.kept(chart, lambda: drawing.drawn(chart))) if chart else None

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

    def triggers(self, customer_id: str) -> Sequence[JudgedTrigger]:
        """The triggers of which the customer did anything lately, each condition as it stands now."""
        customer = self._judged_customer(customer_id)
        if customer is None:
            return ()
        products = list(self._master.of(self._records).catalogue.products.values())
        return judged_triggers(self._records, self._facts, self._insight, products, customer, at=self._at)

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

    def leaving_chance(self, customer_id: str) -> Chance | None:
        """How probable it is that a customer leaves, by the model that counted on the day of the run."""
        return leaving.chance(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else None

    def causes(self, customer_id: str) -> Sequence[FoundCause]:
        """Why the customer may be growing quiet."""
        return leaving.causes(self._insight, customer_id, on=self.today) if self._may_see_judgements(customer_id) else ()

    def warnings(self) -> Sequence[tuple[Customer, Warned]]:
        """The viewer's customers with a warning, the gravest first."""
        mine = self._known_book()
        found = leaving.warned(self._insight, on=self.today)
        return [(mine[one.customer_id], one) for one in found if one.customer_id in mine]
