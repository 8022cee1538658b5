"""Classes of customers: rows of the run as the handlers read them, or computed again for a day that no run has judged."""

from collections.abc import Collection, Sequence
from datetime import date

from crm.segmentation.known import KnownClass, NotOfThatTime, known_class
from crm.segmentation.rising import Rising, rising
from domain.ports import Insight

_STAGES = ("classes", "lifecycle")


def class_on(insight: Insight, customer_id: str, *, day: date) -> KnownClass:
    """The class that the last run up to the day gave; there must be one."""
    as_of = insight.latest(day)
    assert as_of is not None
    classes, lifecycle = (insight.of(stage, customer_id, on=day) for stage in _STAGES)
    return known_class(classes, lifecycle, as_of=as_of)


def class_then(insight: Insight, customer_id: str, *, day: date) -> KnownClass | NotOfThatTime:
    """The class as of exactly that day: as it was published, or over the facts of then."""
    if insight.latest(day) == day:
        return class_on(insight, customer_id, day=day)
    again = insight.again(customer_id, _STAGES, day=day)
    if again is None:
        return NotOfThatTime(day=day)
    classes, lifecycle = (again.rows[stage] for stage in _STAGES)
    return known_class(classes, lifecycle, as_of=day, parameters=again.parameters)


def rising_of(insight: Insight, customer_ids: Collection[str], *, on: date) -> Sequence[Rising]:
    """Those of them who may rise to the highest tier, the likeliest first."""
    return rising(insight.rows("classes", "list_contains(?, customer_id)", [sorted(customer_ids)], on=on))
