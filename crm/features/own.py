"""What a customer did themselves: the only transactions that tell of activity (B01-B03).

Not what the bank booked, not money moved between own accounts, and neither a reversal nor the entry that it takes back. A reversal that
does not name the entry leaves out only itself: guessing by amount would hit others.
"""

from datetime import date

from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.definitions import feature_definitions
from crm.features.exact import cents


def own_entries(work: Workspace, until: date) -> Table:
    """The customers' own transactions up to the day, as known by then: a reversal of a later day has not happened yet."""
    entries = work.table("transactions")
    entries = entries.filter(entries.on <= until)
    taken_back = entries.filter(entries.reversal.fill_null(False), entries.reverses.notnull()).select(taken_back="reverses").distinct()
    own = entries.filter(entries.initiator == "customer", ~entries.own_transfer.fill_null(False), ~entries.reversal.fill_null(False))
    return own.anti_join(taken_back, own.transaction_id == taken_back.taken_back)


def own_days(work: Workspace, until: date) -> Table:
    """One row a customer and day with own transactions: how many, and the amount that stayed or left, in cents of CNY.

    What came in and went out again within the day only passed through (B03): the difference counts.
    """
    entries = own_entries(work, until)
    moved = cents(entries.amount_cny)
    return entries.group_by("customer_id", "on").aggregate(entries=entries.count(), moved=moved.sum().abs())


def own_activity(work: Workspace, until: date) -> Table:
    """One row a customer who ever transacted: first and last day, and active days, entries and cents within the window."""
    days = own_days(work, until)
    within = days.on >= feature_definitions().window_start(until)
    return days.group_by("customer_id").aggregate(
        first_on=days.on.min(),
        last_on=days.on.max(),
        active_days=within.sum(),
        entries=days.entries.sum(where=within),
        moved=days.moved.sum(where=within),
    )
