"""How recent, how frequent and how much a customer dealt themselves, as of the day, and as of the first of the month for cut-points."""

from datetime import date

import ibis
from ibis import Table

from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.features.coverage import covered_from
from crm.features.definitions import feature_definitions
from crm.features.exact import money
from crm.features.own import own_activity


def dealing(work: Workspace, until: date) -> Table:
    """One row a customer whose relation had begun, as of the day of the run or as of the first day of its month.

    All NULL but the dates where the bank delivered no transactions by then.

    `observed_days` are the days within the window of which transactions of this customer can be known: not before the relation began
    and not before the feed did.
    """
    rules = feature_definitions()
    day = ibis.date(until)
    customers = work.table("customers")
    joined = customers.filter(customers.opened_on <= day).left_join(own_activity(work, until), "customer_id")
    found = joined.cross_join(covered_from(work))
    known = (found.transactions_from <= day).fill_null(False)
    begun = ibis.least(found.opened_on, found.first_on.fill_null(found.opened_on))
    watched_from = ibis.greatest(begun, ibis.date(rules.window_start(until)), found.transactions_from)
    dealt = found.select(
        "customer_id",
        "kind",
        "status",
        "opened_on",
        "first_on",
        "last_on",
        recency_days=day.delta(found.last_on, unit="day").cast("int64"),
        observed_days=ibis.ifelse(known, day.delta(watched_from, unit="day").cast("int64") + 1, None),
        active_days=ibis.ifelse(known, found.active_days.fill_null(0), None),
        entries=ibis.ifelse(known, found.entries.fill_null(0), None),
        monetary=ibis.ifelse(known, money(found.moved.fill_null(0)), None),
    )
    return dealt.mutate(
        # Per 30 days: who came last month is not behind who has been here for a year.
        frequency=rounded(dealt.active_days * 30 / dealt.observed_days, 6),
        short_observation=dealt.observed_days < rules.short_observation_days,
    )
