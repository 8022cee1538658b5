"""What was known of each customer on a day, as features: own behaviour in windows, what is held, who they are.

The same expressions for days of the past and for today. A feed that was never delivered gives no feature rather than zeros.
"""

from datetime import timedelta

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue, DateColumn

from crm.activity.counting import own_entries
from crm.activity.definitions import definitions as activity_definitions
from crm.activity.joining import joined
from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.learning.standing import latest_balance

_JUDGED = ("ratio", "adjusted", "certainty", "a1", "a0", "fires")
_WARNED = ("warning", "lost", "gaps", "long_gap", "silent_days")
_FAILURES = ("login_failed", "crash", "error", "abandon")


def observed(work: Workspace) -> Table:
    """A row per customer whose relation goes on. Columns that begin with `rule_` are the verdict of the rule, and no features."""
    activity, warnings = work.result("activity"), work.result("warnings")
    table = activity.select("customer_id", *_JUDGED).rename(rule_fires="fires", rule_a1="a1", rule_a0="a0")
    table = joined(table, warnings.select("customer_id", *_WARNED).rename(rule_warning="warning"), ["customer_id"])
    table = joined(table, work.result("outflow").select("customer_id", "usual"), ["customer_id"])
    table = joined(table, _people(work), ["customer_id"])
    for part, feed in (
        (_entries(work), "transactions"),
        (_app(work), "app_events"),
        (_complaints(work), "complaints"),
        (_contacts(work), "contacts"),
        (_accounts(work), "accounts"),
        (_held(work), "holdings"),
        (latest_balance(work.table("balances"), work), "balances"),
    ):
        table = _counted(work, table, part, feed)
    return table


def _counted(work: Workspace, table: Table, part: Table, feed: str) -> Table:
    """Join counts: nothing counted is zero where the feed was delivered, and unknown where it was not."""
    names = [name for name in part.columns if name != "customer_id"]
    delivered = work.table(feed).aggregate(delivered=work.table(feed).count() > 0)
    both = joined(table, part, ["customer_id"]).cross_join(delivered)
    filled = {name: ibis.ifelse(both.delivered, both[name].fill_null(0), None) for name in names}
    return both.mutate(**filled).drop("delivered")


def _within(work: Workspace, on: DateColumn, days: int) -> BooleanValue:
    return on > ibis.date(work.day - timedelta(days=days))


def _people(work: Workspace) -> Table:
    """Who they are, by what does not change with time."""
    people = work.table("customers")
    day = ibis.date(work.day)
    return people.select(
        "customer_id",
        "kind",
        "education",
        "marital_status",
        monthly_income=people.monthly_income.cast("float64"),
        tenure_days=day.delta(people.opened_on, unit="day").cast("float64"),
        age=rounded(day.delta(people.birth_date, unit="day").cast("float64") / 365.25, 1),
    )


def _entries(work: Workspace) -> Table:
    entries = own_entries(work)
    size = entries.amount_cny.cast("float64")
    return entries.group_by("customer_id").aggregate(
        transactions_28=entries.count(where=_within(work, entries.on, 28)),
        transactions_84=entries.count(where=_within(work, entries.on, 84)),
        transactions_364=entries.count(where=_within(work, entries.on, 364)),
        active_days_84=entries.on.nunique(where=_within(work, entries.on, 84)),
        inflow_84=size.sum(where=_within(work, entries.on, 84) & (size > 0)),
        outflow_84=(-size).sum(where=_within(work, entries.on, 84) & (size < 0)),
        spent_364=(-size).sum(where=_within(work, entries.on, 364) & (size < 0)),
    )


def _app(work: Workspace) -> Table:
    events = work.table("app_events")
    used, failed = events.kind.isin(activity_definitions().app_kinds), events.kind.isin(_FAILURES)
    return events.group_by("customer_id").aggregate(
        app_days_28=events.on.nunique(where=used & _within(work, events.on, 28)),
        app_days_84=events.on.nunique(where=used & _within(work, events.on, 84)),
        failures_84=events.count(where=failed & _within(work, events.on, 84)),
    )


def _complaints(work: Workspace) -> Table:
    table = work.table("complaints")
    return table.group_by("customer_id").aggregate(complaints_180=table.count(where=_within(work, table.opened_on, 180)))


def _contacts(work: Workspace) -> Table:
    table = work.table("contacts")
    return table.group_by("customer_id").aggregate(contacts_180=table.count(where=_within(work, table.on, 180)))


def _accounts(work: Workspace) -> Table:
    table, day = work.table("accounts"), ibis.date(work.day)
    still = table.closed_on.isnull() | (table.closed_on > day)
    due = still & (table.matures_on > day) & (table.matures_on <= ibis.date(work.day + timedelta(days=90)))
    return table.group_by("customer_id").aggregate(
        deposits=table.count(where=still & (table.kind == "deposit")),
        cards=table.count(where=still & (table.kind == "card")),
        loans=table.count(where=still & (table.kind == "loan")),
        open_accounts=table.count(where=still),
        matures_90=table.count(where=due),
    )


def _held(work: Workspace) -> Table:
    table = work.table("holdings")
    last = table.group_by("customer_id", "product_code").aggregate(amount=table.amount_cny.argmax(table.on))
    return last.group_by("customer_id").aggregate(holdings=last.count(where=last.amount > 0))
