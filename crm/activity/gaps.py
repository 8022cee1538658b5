"""Customers who act too seldom for counts: the silence of today against the gaps between their own active days."""

import ibis
from ibis import Table

from crm.activity.counting import active_days
from crm.activity.definitions import definitions
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace

_DIGITS = 6


def build_gaps(work: Workspace) -> Table:
    """A row per customer who was ever active: the last active day, how many gaps are known and the one that few are longer than."""
    rules = definitions().gaps
    days = active_days(work)
    days = days.filter(days.on > ibis.date(work.day) - ibis.interval(days=rules.history_days)).select("customer_id", "on")
    before = days.on.lag().over(group_by=days.customer_id, order_by=days.on)
    spans = days.mutate(gap=days.on.delta(before, unit="day").cast("int64"))
    found = spans.group_by("customer_id").aggregate(
        last_on=spans.on.max(),
        gaps=spans.gap.count().cast("int64"),
        long_gap=rounded(spans.gap.cast("float64").quantile(rules.quantile), _DIGITS),
    )
    return found.mutate(silent_days=ibis.date(work.day).delta(found.last_on, unit="day").cast("int64"))
