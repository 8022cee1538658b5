"""What a customer did themselves: the only transactions that tell of activity (B01-B03).

Not what the bank booked, not money moved between own accounts, and neither a reversal nor the entry that it takes back. A reversal that
does not name the entry leaves out only itself: guessing by amount would hit others.
"""

from datetime import date

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.definitions import feature_definitions
from crm.features.exact import cents


def own_entries(work: Workspace) -> Table:
    """The customers' own transactions; `taken_back_on` is the day on which one was reversed: until then it counted."""
    entries = work.table("transactions")
    reversal = entries.reversal.fill_null(False)
    own = entries.filter(entries.initiator == "customer", ~entries.own_transfer.fill_null(False), ~reversal)
    undone = entries.filter(reversal, entries.reverses.notnull())
    undone = undone.group_by(reverses=undone.reverses).aggregate(taken_back_on=undone.on.min())
    return own.left_join(undone, own.transaction_id == undone.reverses).select(*own.columns, "taken_back_on")


def own_days(work: Workspace) -> Table:
    """One row a customer and day with own transactions: how many, and `moved`, what stayed or left of the amounts, in cents of CNY.

    What came in and went out again within the day only passed through (B03): the difference counts.
    """
    days = _both(work)
    return days.filter(days.entries > 0).select("customer_id", "on", "entries", "moved")


def _at_first(work: Workspace) -> Table:
    """The same as it was known on the first day of the month."""
    days = _both(work)
    known = days.filter(days.entries_then > 0, days.on <= ibis.date(_first(work)))
    return known.select("customer_id", "on", entries=known.entries_then, moved=known.moved_then)


def _both(work: Workspace) -> Table:
    """Every entry is read once for both days."""
    return work.shared("own_days", lambda: _read(work))


def _read(work: Workspace) -> Table:
    entries = own_entries(work)
    now = entries.taken_back_on.isnull()
    then = now | (entries.taken_back_on > ibis.date(_first(work)))
    moved = cents(entries.amount_cny)
    return entries.group_by("customer_id", "on").aggregate(
        entries=entries.count(where=now),
        moved=moved.sum(where=now).fill_null(0).abs(),
        entries_then=entries.count(where=then),
        moved_then=moved.sum(where=then).fill_null(0).abs(),
    )


def own_activity(work: Workspace, *, at_first: bool = False) -> Table:
    """One row a customer who ever transacted: first and last day, and active days, entries and cents within the window.

    As of the day of the run, or as of the first day of its month.
    """
    days = _at_first(work) if at_first else own_days(work)
    within = days.on >= ibis.date(feature_definitions().window_start(_first(work) if at_first else work.day))
    return days.group_by("customer_id").aggregate(
        first_on=days.on.min(),
        last_on=days.on.max(),
        active_days=within.sum(),
        entries=days.entries.sum(where=within),
        moved=days.moved.sum(where=within),
    )


def _first(work: Workspace) -> date:
    return work.day.replace(day=1)
