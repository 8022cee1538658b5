"""Tags of a customer for a viewer who may see them, and all of them for the run of stages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from compliance.consent import MARKETING, latest_word
from compliance.days import bank_day
from crm.life.definitions import days_of
from crm.life.definitions import definitions as life
from crm.tags.projection import projected
from crm.tags.view import Inferred, TagView, views
from domain.book import Customer
from domain.ports import Insight, Records

_TOLD = 3


def tags_of(records: Records, insight: Insight, customer: Customer, *, at: datetime) -> Sequence[TagView]:
    """What is said and inferred of a customer as of the instant."""
    inferred = _inferred(insight, customer.id, on=bank_day(at)) if customer.kind == "person" else None
    return views(records.tags.of(customer.id), segments=customer.segments, inferred=inferred, at=at)


def rows_for_run(records: Records, *, at: datetime) -> list[dict[str, Any]]:
    """The tags of the book as the run takes them, without what somebody refuses to have used."""
    words = records.book.consents_for(MARKETING)
    last = {customer: latest_word(said, MARKETING, at=at) for customer, said in words.items()}
    refusing = frozenset(customer for customer, word in last.items() if word and not word.granted)
    return projected(records.tags.everything(), refusing=refusing)


def rows_of(records: Records, customer_id: str, *, at: datetime) -> list[dict[str, Any]]:
    """The same of one customer."""
    word = latest_word(records.book.consents(customer_id), MARKETING, at=at)
    return projected(records.tags.of(customer_id), refusing=frozenset({customer_id}) if word and not word.granted else frozenset())


def _inferred(insight: Insight, customer_id: str, *, on: date) -> Inferred | None:
    day = insight.latest(on)
    stages = insight.of("stages_of_life", customer_id, on=on)
    stage = stages[0].get("inferred") if stages else None
    if day is None or stage is None:
        return None
    scores = {row["stage"]: row["inferred"] for row in insight.of("life_scores", customer_id, on=on)}
    rules, rows = life(), insight.of("life_evidence", customer_id, on=on)
    speaks = [row for row in rows if row["evidence"] in rules.evidence and not row["evidence"].startswith(rules.declared)]
    speaks.sort(key=lambda row: (-rules.evidence[row["evidence"]].points.get(stage, 0), row["evidence"]))
    told = [
        rules.evidence[row["evidence"]].says.format(
            detail=row["detail"], count=row["count"], last_on=row["last_on"], days=days_of(row["evidence"])
        )
        for row in speaks
        if rules.evidence[row["evidence"]].points.get(stage, 0) > 0
    ]
    return Inferred(
        life=stage, title=rules.stages[stage].title, probability=float(scores.get(stage, 0.0)), on=day, evidence=tuple(told[:_TOLD])
    )
