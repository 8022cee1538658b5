"""Who is growing quiet, and why: rows of the run as the handlers read them."""

from collections.abc import Sequence
from datetime import date

from crm.activity.judged import activity_of
from crm.activity.warned import Judged, Warned, warned_of
from crm.causes.told import FoundCause, causes_of
from crm.learning.told import Chance, chance_of
from domain.ports import Insight


def judged(insight: Insight, customer_id: str, *, on: date) -> Judged | None:
    """Activity and warning of one customer, or None before the first run."""
    as_of = insight.latest(on)
    if as_of is None:
        return None
    activity, warned = insight.of("activity", customer_id, on=on), insight.of("warnings", customer_id, on=on)
    return Judged(as_of=as_of, activity=activity_of(activity[0]) if activity else None, warned=warned_of(warned[0]) if warned else None)


def causes(insight: Insight, customer_id: str, *, on: date) -> Sequence[FoundCause]:
    """The causes that are likely enough to be said, the likeliest first."""
    return causes_of(insight.of("causes", customer_id, on=on))


def chance(insight: Insight, customer_id: str, *, on: date) -> Chance | None:
    """The learned probability, or None where no model was proven by the day of the run."""
    rows = insight.of("learned_churn", customer_id, on=on)
    return chance_of(rows[0]) if rows else None


def warned(insight: Insight, *, on: date) -> Sequence[Warned]:
    """Everybody with a warning: the severe first, then as the signs together put them in order."""
    scores = {row["customer_id"]: row["score"] for row in insight.rows("leaving_scores", on=on)}
    found = [warned_of(row) for row in insight.rows("warnings", "warning", on=on)]
    return sorted(found, key=lambda one: (one.severity != "high", -scores.get(one.customer_id, 0.0), one.rank))
