"""From which day on each feed was delivered: before that day nothing is known, and a feed that is not here is missing, not zero."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace

_DAY_OF = {
    "accounts": "opened_on",
    "transactions": "on",
    "balances": "on",
    "holdings": "on",
    "app_events": "on",
    "contacts": "on",
    "complaints": "opened_on",
    "surveys": "asked_on",
}


def coverage(work: Workspace) -> Table:
    """One row a feed: the first and the last day of its rows, and how many there are. No row for a feed without any."""
    each = []
    for feed, day in _DAY_OF.items():
        rows = work.table(feed)
        found = rows.aggregate(first_on=rows[day].min(), last_on=rows[day].max(), rows=rows.count())
        each.append(found.mutate(feed=ibis.literal(feed)))
    every = ibis.union(each[0], *each[1:])
    return every.filter(every.rows > 0).select("feed", "first_on", "last_on", "rows")


def covered_from(work: Workspace) -> Table:
    """One row: the first day of accounts, transactions, assets (balances or holdings) and app_events; NULL where there are none."""
    known = work.result("coverage")
    assets = known.feed.isin(["balances", "holdings"])
    return known.aggregate(
        accounts_from=known.first_on.min(where=known.feed == "accounts"),
        transactions_from=known.first_on.min(where=known.feed == "transactions"),
        assets_from=known.first_on.min(where=assets),
        app_events_from=known.first_on.min(where=known.feed == "app_events"),
    )
