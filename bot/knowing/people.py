"""What the run knows of one customer beside scores: stage of life, reasons to act, and who belongs to whom."""

from collections.abc import Sequence
from datetime import date

from crm.life.definitions import definitions
from crm.priorities.planning import Reason, reason_of
from domain.dealings import CustomerRelation
from domain.ports import Insight


def stage_of_life(insight: Insight, customer_id: str, *, on: date) -> str:
    """The stage in Chinese, where the run is sure of one; else nothing."""
    rows = insight.of("stages_of_life", customer_id, on=on)
    stage = rows[0]["stage"] if rows else None
    known = definitions().stages.get(stage) if stage else None
    return known.title if known else ""


def reasons(insight: Insight, customer_id: str, *, on: date) -> Sequence[Reason]:
    """Every reason to act, the most urgent first."""
    found = [reason_of(row) for row in insight.of("priorities", customer_id, on=on)]
    return sorted(found, key=lambda one: (one.tier, -one.score, one.what))


def related_ids(relations: Sequence[CustomerRelation], customer_id: str, kind: str, *, on: date) -> Sequence[str]:
    """Who stands so to the customer: spouse, or owner and legal person of a company, whichever side the bank wrote down."""
    holding = [one for one in relations if (one.since is None or one.since <= on) and (one.until is None or on < one.until)]
    of_kind = [one for one in holding if one.kind == kind and one.related_id]
    others = [one.related_id if one.customer_id == customer_id else one.customer_id for one in of_kind]
    return tuple(dict.fromkeys(other for other in others if other))
