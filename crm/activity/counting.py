"""What counts as activity, by customer and day, and summed up by weeks that end on the day of judgement.

The bank's own entries, own transfers and reversals never count, nor does a contact in which the customer took no part.
"""

import ibis
from ibis import Table

from crm.activity.definitions import definitions
from crm.assessing.workspace import Workspace


def own_entries(work: Workspace) -> Table:
    """The entries that customers caused."""
    table = work.table("transactions")
    return table.filter(table.initiator == "customer", ~table.own_transfer.fill_null(False), ~table.reversal.fill_null(False))


def sent_away(work: Workspace) -> Table:
    """What customers sent to other banks; `own` where it went to an account of their own there, by what the bank says or by the name."""
    table, words = work.table("transactions"), definitions().own_names
    sent = table.filter(table.initiator == "customer", table.kind == "transfer", table.amount_cny < 0, ~table.reversal.fill_null(False))
    away = sent.filter(sent.counterparty_bank.notnull()).anti_join(work.result("our_names"), "counterparty_bank")
    named = ibis.or_(*(away.counterparty.contains(word) for word in words)).fill_null(False)
    return away.mutate(own=named | away.own_name.fill_null(False) | away.own_transfer.fill_null(False))


def active_days(work: Workspace) -> Table:
    """As `_active_days`, which reads every entry and event: once for all who ask."""
    return work.shared("active_days", lambda: _active_days(work))


def _active_days(work: Workspace) -> Table:
    """A row per customer and active day: entries, logins (at most one), contacts, and their weight in hundredths of an action."""
    rules = definitions()
    entries, app, contacts = own_entries(work), work.table("app_events"), work.table("contacts")
    took_part = contacts.outcome.isin(rules.contact_outcomes).fill_null(False) | (contacts.direction == "in")
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    events = (
        entries.select("customer_id", "on", transactions=one, logins=zero, contacts=zero)
        .union(app.filter(app.kind.isin(rules.app_kinds)).select("customer_id", "on", transactions=zero, logins=one, contacts=zero))
        .union(contacts.filter(took_part).select("customer_id", "on", transactions=zero, logins=zero, contacts=one))
    )
    days = events.group_by("customer_id", "on").aggregate(
        transactions=events.transactions.sum(), logins=events.logins.max(), contacts=events.contacts.sum()
    )
    weight = days.transactions * rules.transaction + days.logins * rules.login + days.contacts * rules.contact
    return days.mutate(units=weight.cast("int64"))


def build_weeks(work: Workspace) -> Table:
    """A row per customer and week with any activity; week 0 ends on the day of judgement."""
    days = active_days(work)
    numbered = days.mutate(week=(ibis.date(work.day).delta(days.on, unit="day") // 7).cast("int64"))
    within = numbered.filter(numbered.week < definitions().weeks)
    return within.group_by("customer_id", "week").aggregate(
        units=within.units.sum().cast("int64"),
        transactions=within.transactions.sum().cast("int64"),
        logins=within.logins.sum().cast("int64"),
        contacts=within.contacts.sum().cast("int64"),
        days=within.count().cast("int64"),
        first_on=within.on.min(),
    )


def build_coverage(work: Workspace) -> Table:
    """A row: the first day of the feeds that tell of activity. What lies before it is not known, rather than nothing."""
    first = [work.table(name).aggregate(first_on=work.table(name).on.min()) for name in ("transactions", "app_events")]
    known = first[0].cross_join(first[1].rename(app_first_on="first_on"))
    # Entries weigh most: where there are any, they say from when on a baseline is known.
    return known.select(what=ibis.literal("activity"), first_on=known.first_on.coalesce(known.app_first_on))
