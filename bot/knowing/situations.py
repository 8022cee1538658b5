"""How things stand with customers, as the conditions of triggers ask: from the last run and from the book, read for all of them at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from compliance.caps import full
from compliance.consent import MARKETING, latest_word
from compliance.days import bank_day
from compliance.suitability import assess_suitability
from crm.segmentation.definitions import tier_title
from crm.triggers.definitions import Trigger, definitions
from crm.triggers.judging import Situation, Usual
from domain.app_events import Looks
from domain.book import Customer, Product, RiskAssessment
from domain.message import Purpose
from domain.ports import Insight, Records

_CAP_WINDOW = timedelta(days=32)
_COUNTED = frozenset({Purpose.TOUCH, Purpose.MARKETING})
_AMONG = "customer_id IN (SELECT unnest(?))"
_AGE_OF_A_COMPANY = 40  # suitability asks for years; a company's own account is nobody's youth or old age
_EVERYBODY = "all"


class Situations:
    """Of these customers, at that instant, within one transaction."""

    def __init__(
        self,
        records: Records,
        insight: Insight,
        products: Collection[Product],
        customers: Collection[str],
        *,
        at: datetime,
        on: date | None = None,
    ) -> None:
        """`products` is the whole master. `on` is the last day of a delivery, where that and not this moment is judged: age, suitability
        and caps are those of that day, what was said to us is that of the moment."""
        self._records = records
        self._at = at
        self._today = on or bank_day(at)
        self._on_sale = [one for one in products if one.on_sale(self._today) and not one.private]
        ids, on = sorted(customers), bank_day(at)
        self._as_of = insight.latest(on)
        self._held: dict[str, dict[str, bool]] = defaultdict(dict)
        for row in insight.rows("held", _AMONG, [ids], on=on):
            self._held[row["customer_id"]][row["category"]] = bool(row["planned"])
        features = insight.rows("features", f"{_AMONG} AND categories IS NOT NULL", [ids], on=on)
        self._known = frozenset(row["customer_id"] for row in features)
        self._tiers = {row["customer_id"]: row["tier"] for row in insight.rows("classes", _AMONG, [ids], on=on)}
        self._usual = {(row["kind"], row["tier"], row["percentile"]): row for row in insight.rows("usual_categories", on=on)}
        self._touched: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in insight.rows("touched_lately", _AMONG, [ids], on=on):
            self._touched[row["customer_id"]].append(row)
        self._complaining = frozenset(task.customer_id for task in records.tasks.listed(kind="complaint"))
        self._assessment = cache(self._read_assessment)

    def of(self, customer: Customer, trigger: Trigger, looks: Looks | None) -> Situation:
        """What this trigger looks at for this customer."""
        return Situation(
            kind=customer.kind,
            age=customer.age(self._today),
            looks=looks,
            held=dict(self._held[customer.id]) if customer.id in self._known else None,
            usual=self._usual_of(customer, trigger),
            suits={kind: self._suits(customer, kind) for kind in trigger.suits},
            kept_off=self._kept_off(customer) if trigger.offer else (),
            as_of=self._as_of,
            profiling_refused=self._refused(customer, "profiling"),
        )

    def _usual_of(self, customer: Customer, trigger: Trigger) -> Usual | None:
        """Of the class; of everybody of the kind where the class is small or not known."""
        tier = self._tiers.get(customer.id)
        of_class = self._usual.get((customer.kind, tier, trigger.penetration))
        if tier is not None and of_class is not None and of_class["people"] >= definitions().least_peers:
            return Usual(categories=of_class["categories"], whom=f"{tier_title(tier)}客户", people=of_class["people"])
        of_all = self._usual.get((customer.kind, _EVERYBODY, trigger.penetration))
        if of_all is None:
            return None
        whom = "个人客户" if customer.kind == "person" else "企业客户"
        return Usual(categories=of_all["categories"], whom=f"全部{whom}", people=of_all["people"])

    def _suits(self, customer: Customer, kind: str) -> tuple[int, str]:
        """How many on sale are suitable, and why the first is not where none is."""
        age = customer.age(self._today) if customer.kind == "person" else _AGE_OF_A_COMPANY
        judged = [
            assess_suitability(product, self._assessment(customer.id), on=self._today, age=age)
            for product in self._on_sale
            if product.kind == kind
        ]
        fitting = sum(1 for one in judged if one.suitable)
        return fitting, "" if fitting or not judged else judged[0].reason

    def _read_assessment(self, customer_id: str) -> RiskAssessment | None:
        return self._records.book.risk_assessment(customer_id)

    def _refused(self, customer: Customer, purpose: str) -> bool:
        word = latest_word(self._records.book.consents(customer.id), purpose, at=self._at)
        return word is not None and not word.granted

    def _kept_off(self, customer: Customer) -> tuple[str, ...]:
        """Why nothing may be offered to the customer now."""
        found = []
        if self._refused(customer, MARKETING):
            found.append("客户退订了营销信息")
        if customer.id in self._complaining or any(one.resolved_at is None for one in self._records.dealings.complaints(customer.id)):
            found.append("有未结投诉")
        contacted = self._contacted(customer.id)
        if over := full(self._today, *contacted) or full(bank_day(self._at), *contacted):
            found.append(over)
        return tuple(found)

    def _contacted(self, customer_id: str) -> tuple[list[date], list[date]]:
        """The days of contacts and of marketing, from our own outbox and from the bank's feed; a day in both counts once."""
        own_touched, own_marketed = Counter[date](), Counter[date]()
        for sent in self._records.outbox.contacts(customer_id, since=self._at - _CAP_WINDOW):
            if sent.sent_at is not None and sent.draft.purpose in _COUNTED:
                own_touched[bank_day(sent.sent_at)] += 1
                own_marketed[bank_day(sent.sent_at)] += sent.draft.purpose is Purpose.MARKETING
        told_touched = Counter({row["on"]: row["touched"] for row in self._touched[customer_id]})
        told_marketed = Counter({row["on"]: row["marketed"] for row in self._touched[customer_id]})
        return _days(own_touched, told_touched), _days(own_marketed, told_marketed)


def _days(own: Counter[date], told: Counter[date]) -> list[date]:
    """Each day as often as whichever of both counted more."""
    return sorted(day for day in {*own, *told} for _ in range(max(own[day], told[day])))
