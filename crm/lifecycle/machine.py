"""The stage of a relation at an instant. Pure: what the nightly run does for a bank at the end of a day, this does for one customer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from compliance.days import BANK_ZONE, add_months, bank_time
from crm.lifecycle.definitions import lifecycle_definitions


class LifeStage(StrEnum):
    """The stages, in the order in which a relation goes through them."""

    ICEBREAK = "icebreak"
    BRIDGE = "bridge"
    GROWTH = "growth"
    MATURE = "mature"
    WARNING = "warning"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """The stage by time alone, half open: it holds at `since` and no longer at `until` (None: for good)."""

    stage: LifeStage
    since: datetime
    until: datetime | None


def by_tenure(opened_at: datetime, at: datetime) -> Tenure:
    """The stage that the age of the relation gives. What opened after `at` is as new as can be."""
    rules = lifecycle_definitions()
    warm = opened_at + timedelta(hours=rules.icebreak_hours)
    grown = months_later(opened_at, rules.bridge_months)
    mature = months_later(opened_at, rules.growth_months)
    if at < warm:
        return Tenure(stage=LifeStage.ICEBREAK, since=opened_at, until=warm)
    if at < grown:
        return Tenure(stage=LifeStage.BRIDGE, since=warm, until=grown)
    if at < mature:
        return Tenure(stage=LifeStage.GROWTH, since=grown, until=mature)
    return Tenure(stage=LifeStage.MATURE, since=mature, until=None)


def months_later(at: datetime, months: int) -> datetime:
    """The same time of day so many calendar months later on the bank's clock; 30 November + 3 is the last day of February."""
    local = bank_time(at)
    return datetime.combine(add_months(local.date(), months), local.timetz().replace(tzinfo=None), tzinfo=BANK_ZONE)


def stage_of(tenure: LifeStage, *, closed: bool, gone: bool, warned: bool) -> LifeStage:
    """What overrides the age of a relation: its end first, then that nothing is left of it, then a warning (not in the first months)."""
    if closed:
        return LifeStage.CLOSED
    if gone:
        return LifeStage.LOST
    if warned and tenure in (LifeStage.GROWTH, LifeStage.MATURE):
        return LifeStage.WARNING
    return tenure
