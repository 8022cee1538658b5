"""What a customer did themselves: the only transactions that tell of activity (B01-B03).

Not what the bank booked, not money moved between own accounts, and neither a reversal nor the entry that it takes back. A reversal that
does not name the entry leaves out only itself: guessing by amount would hit others.
"""

from datetime import date

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue

from crm.assessing.workspace import Workspace
from crm.features.definitions import feature_definitions
from crm.features.exact import cents


def own_days(work: Workspace, until: date) -> Table:
    """One row a customer and day with own transactions: how many, and `moved`, what stayed or left of the amounts, in cents of CNY.

    What came in and went out again within the day only passed through (B03): the difference counts. For the day of the run, or the first
    day of its month: every transaction is read once for both.
    """
    days = work.shared("own_days", lambda: _of_both_days(work))
    if until == work.day:
        return days.filter(days.entries > 0).select("customer_id", "on", "entries", "moved")
    assert until == _first(work), until
    known = days.filter(days.entries_then > 0, days.on <= ibis.date(until))
    return known.select("customer_id", "on", entries=known.entries_then, moved=known.moved_then)


def own_activity(work: Workspace, until: date) -> Table:
    """One row a customer who ever transacted: first and last day, and active days, entries and cents within the window. As `own_days`."""
    days = own_days(work, until)
    within = days.on >= ibis.date(feature_definitions().window_start(until))
    return days.group_by("customer_id").aggregate(
        first_on=days.on.min(),
        last_on=days.on.max(),
        active_days=within.sum(),
        entries=days.entries.sum(where=within),
        moved=days.moved.sum(where=within),
    )


def _of_both_days(work: Workspace) -> Table:
    entries = own_entries_ever(work)
    now, then = _counts(entries, work.day), _counts(entries, _first(work))
    moved = cents(entries.amount_cny)
    return entries.group_by("customer_id", "on").aggregate(
        entries=entries.count(where=now),
        moved=moved.sum(where=now).fill_null(0).abs(),
        entries_then=entries.count(where=then),
        moved_then=moved.sum(where=then).fill_null(0).abs(),
    )


def own_entries_ever(work: Workspace) -> Table:
    """The customers' own transactions; `taken_back_on` is the day on which one was reversed: up to the day before, it counts."""
    entries = work.table("transactions")
    reversal = entries.reversal.fill_null(False)
    own = entries.filter(entries.initiator == "customer", ~entries.own_transfer.fill_null(False), ~reversal)
    undone = entries.filter(reversal, entries.reverses.notnull())
    undone = undone.group_by("customer_id", undone=undone.reverses).aggregate(taken_back_on=undone.on.min())
    # Only entries of the same customer: what another's reversal names by mistake stays.
    of = [own.customer_id == undone.customer_id, own.transaction_id == undone.undone]
    return own.left_join(undone, of).select(*own.columns, "taken_back_on")


def _counts(entries: Table, until: date) -> BooleanValue:
    return entries.taken_back_on.isnull() | (entries.taken_back_on > ibis.date(until))


def _first(work: Workspace) -> date:
    return work.day.replace(day=1)
