"""What classes are made of, one row a customer: earnings, stickiness, growth, months below the high threshold."""

from datetime import timedelta
from typing import Any

import ibis
from ibis import Table

from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.features.own import own_days
from crm.features.stage import months_before
from crm.segmentation.definitions import class_definitions

_DIGITS = 6


def class_measures(work: Workspace) -> Table:
    """Measures of every customer; NULL where the bank delivered nothing to measure by."""
    rules = class_definitions()
    found = work.result("features")
    for part in (_fees(work), _lent(work), _main(work), _slope(work), _quarters(work)):
        found = found.left_join(part, "customer_id").drop("customer_id_right")
    average = found.aum_month_average.cast("float64")
    earned = (
        average.fill_null(0) * rules["revenue"]["assets"]
        + found.lent.cast("float64").fill_null(0) * rules["revenue"]["lent"]
        + found.fees.cast("float64").fill_null(0)
    )
    known = average.notnull() | found.lent.notnull() | found.fees.notnull()
    activity = (found.recent_days + 1).cast("float64").ln() - (found.before_days + 1).cast("float64").ln()
    return found.select(
        "customer_id",
        "kind",
        assets=average,
        revenue=ibis.ifelse(known, rounded(earned, 2), None),
        stickiness=_stickiness(found),
        tenure_days=found.tenure_days,
        categories=found.categories,
        frequency=found.frequency_per_30d,
        main_account=found.main.fill_null(False),
        assets_slope=found.slope,
        activity_slope=ibis.ifelse(found.active_days_12m.notnull() & (found.tenure_days >= 2 * _span()), rounded(activity, _DIGITS), None),
        counted=(found.status == "active"),
    )


def _span() -> int:
    return int(class_definitions()["growth"]["span_days"])


def _stickiness(found: Table) -> Any:
    rules = class_definitions()["stickiness"]
    parts = {"tenure": found.tenure_days, "categories": found.categories, "active_days": found.frequency_per_30d}
    points = [
        ibis.least(value.cast("float64").fill_null(0) / rules[name]["full"], 1.0) * rules[name]["points"] for name, value in parts.items()
    ]
    main = ibis.ifelse(found.main.fill_null(False), float(rules["main_account"]["points"]), 0.0)
    known = found.categories.notnull() | found.active_days_12m.notnull()
    return ibis.ifelse(known, rounded(points[0] + points[1] + points[2] + main, 1), None)


def _fees(work: Workspace) -> Table:
    entries = work.table("transactions")
    fees = entries.filter(entries.kind == "fee", entries.amount_cny < 0, entries.on > ibis.date(work.day - timedelta(days=365)))
    return fees.group_by("customer_id").aggregate(fees=-fees.amount_cny.sum())


def _lent(work: Workspace) -> Table:
    loans = work.table("loans")
    day = ibis.date(work.day)
    running = loans.filter(loans.settled_on.isnull() | (loans.settled_on > day), loans.ends_on > day)
    return running.group_by("customer_id").aggregate(lent=running.principal.sum())


def _main(work: Workspace) -> Table:
    rules = class_definitions()["main_account"]
    entries = work.table("transactions")
    own = entries.filter(entries.kind.isin(rules["kinds"]), entries.on > ibis.date(work.day - timedelta(days=rules["days"])))
    return own.select("customer_id", main=ibis.literal(True)).distinct()


def _slope(work: Workspace) -> Table:
    """The monthly log slope of assets from the oldest to the newest of the last whole months; 1 yuan is added, so that nothing is log 0."""
    months = int(class_definitions()["growth"]["months"])
    table = work.result("aum_months")
    whole = table.filter(table.month < ibis.date(work.day.replace(day=1)))
    numbered = whole.mutate(number=months_before(work, whole))
    ends = numbered.group_by("customer_id").aggregate(
        newest=numbered.average.max(where=numbered.number == 0), oldest=numbered.average.max(where=numbered.number == months)
    )
    slope = ((ends.newest.cast("float64") + 1).ln() - (ends.oldest.cast("float64") + 1).ln()) / months
    return ends.select("customer_id", slope=rounded(slope, _DIGITS))


def _quarters(work: Workspace) -> Table:
    days, span = own_days(work, work.day), _span()
    now, before = (ibis.date(work.day - timedelta(days=back)) for back in (span, 2 * span))
    return days.group_by("customer_id").aggregate(
        recent_days=(days.on > now).sum(), before_days=((days.on > before) & (days.on <= now)).sum()
    )
