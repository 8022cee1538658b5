"""The stages of features: one row a customer, and their average assets by calendar month."""

from datetime import date, timedelta

import ibis
from ibis import Table
from ibis.expr.types import IntegerValue

from compliance.days import add_months
from crm.assessing.workspace import Workspace
from crm.features.assets import days_within, spans
from crm.features.categories import held_categories
from crm.features.coverage import covered_from
from crm.features.dealing import dealing
from crm.features.definitions import feature_definitions
from crm.features.exact import average, money


def features(work: Workspace) -> Table:
    """Every customer of the bank. What the bank did not deliver is NULL, and so are the assets of whom no balance or holding is known."""
    days = feature_definitions().average_days
    found = dealing(work, work.day).cross_join(covered_from(work))
    for part in (_assets(work), _categories(work), _logins(work)):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    whole = found.assets_from <= ibis.date(work.day - timedelta(days=days - 1))
    return found.select(
        "customer_id",
        "kind",
        "status",
        "opened_on",
        "first_on",
        "last_on",
        "recency_days",
        "observed_days",
        "short_observation",
        tenure_days=ibis.date(work.day).delta(found.opened_on, unit="day").cast("int64"),
        active_days_12m=found.active_days,
        tx_12m=found.entries,
        frequency_per_30d=found.frequency,
        monetary_12m=found.monetary,
        aum=money(found.aum_cents),
        aum_month_average=ibis.ifelse(whole, average(found.aum_cent_days, ibis.literal(days, "int64")), None),
        categories=ibis.ifelse(found.accounts_from.notnull(), found.categories.fill_null(0), None),
        logins_90d=ibis.ifelse(found.app_events_from.notnull(), found.logins.fill_null(0), None),
        version=ibis.literal(feature_definitions().version, "int64"),
    )


def aum_months(work: Workspace) -> Table:
    """The average of the daily totals of each calendar month up to the day, for months of which the facts know the first day.

    A row for each such month since the customer's first balance or holding: 0.00 after everything was closed, no row before.
    """
    stretches, months = spans(work), _months(work)
    met = stretches.join(months, [stretches.from_on < months.after, stretches.until_on > months.month])
    days = days_within(met, met.month, met.after)
    sums = met.group_by("customer_id", "month").aggregate(cent_days=(met.cents * days).sum())
    began = stretches.group_by("customer_id").aggregate(began=stretches.from_on.min())
    every = began.join(months, began.began < months.after).select("customer_id", "month", "after")
    found = every.left_join(sums, ["customer_id", "month"])
    length = found.after.delta(found.month, unit="day").cast("int64")
    return found.select("customer_id", "month", average=average(found.cent_days.fill_null(0), length))


def months_before(work: Workspace, months: Table) -> IntegerValue:
    """Which of a customer's whole months a row of `aum_months` is: 0 for the last one before the month of the day. None is left out."""
    return (work.day.year * 12 + work.day.month - 1 - months.month.year() * 12 - months.month.month()).cast("int64")


def _months(work: Workspace) -> Table:
    first = work.day.replace(day=1)
    starts: list[date] = [add_months(first, -back) for back in range(feature_definitions().average_months)]
    after = [min(add_months(start, 1), work.day + timedelta(days=1)) for start in starts]
    listed = ibis.memtable({"month": starts, "after": after}, schema=ibis.schema({"month": "date", "after": "date"}))
    joined = listed.cross_join(covered_from(work))
    return joined.filter(joined.assets_from <= joined.month).select("month", "after")


def _assets(work: Workspace) -> Table:
    stretches = spans(work)
    after = ibis.date(work.day + timedelta(days=1))
    days = days_within(stretches, ibis.date(work.day - timedelta(days=feature_definitions().average_days - 1)), after)
    return stretches.group_by("customer_id").aggregate(
        aum_cents=stretches.cents.sum(where=stretches.until_on == after).fill_null(0),
        aum_cent_days=(stretches.cents * days).sum(),
    )


def _categories(work: Workspace) -> Table:
    held = held_categories(work)
    return held.group_by("customer_id").aggregate(categories=held.count())


def _logins(work: Workspace) -> Table:
    events = work.table("app_events")
    since = ibis.date(work.day - timedelta(days=feature_definitions().login_days))
    logins = events.filter(events.kind == "login", events.on > since)
    return logins.group_by("customer_id").aggregate(logins=logins.count())
