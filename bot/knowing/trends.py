"""How things moved with one customer: rows of the run as pictures and answers show them."""

from datetime import date

from crm.activity.trend import ActivityTrend, activity_trend_of
from crm.features.asset_trend import AssetTrend, asset_trend_of
from crm.health.trend import HealthTrend, health_trend_of
from domain.ports import Insight


def activity_trend(insight: Insight, customer_id: str, *, on: date) -> ActivityTrend | None:
    """Activity by weeks; None before the first run, or for a customer who is not judged."""
    as_of, judged = insight.latest(on), insight.of("activity", customer_id, on=on)
    if as_of is None or not judged:
        return None
    coverage, features = insight.rows("activity_coverage", on=on), insight.of("features", customer_id, on=on)
    begins = [row["first_on"] for row in coverage if row["first_on"]]
    opened = [row["opened_on"] for row in features if row["opened_on"]]
    weeks = insight.of("activity_weeks", customer_id, on=on)
    seen = [row["first_on"] for row in weeks]
    # Who dealt before the opening was written down was a customer before it.
    known_from = max(begins[0], min([*opened, *seen], default=begins[0])) if begins else None
    return activity_trend_of(customer_id, weeks, activity=judged[0], known_from=known_from, as_of=as_of)


def asset_trend(insight: Insight, customer_id: str, *, on: date, with_amounts: bool) -> AssetTrend | None:
    """Assets by months; None before the first run."""
    as_of = insight.latest(on)
    if as_of is None:
        return None
    return asset_trend_of(customer_id, insight.of("aum_months", customer_id, on=on), as_of=as_of, with_amounts=with_amounts)


def health_trend(insight: Insight, customer_id: str, *, on: date) -> HealthTrend | None:
    """Health on the days it was reckoned for; None where the run did not judge it."""
    as_of, rows = insight.latest(on), insight.of("health_days", customer_id, on=on)
    return health_trend_of(customer_id, rows, as_of=as_of) if as_of and rows else None
