"""What became of customers after a day: the outcomes that the bank names, or what the files themselves show."""

import re
from datetime import date, timedelta

import ibis
from ibis import Table

from crm.activity.counting import own_entries
from crm.assessing.workspace import Workspace
from crm.learning.definitions import Target


def kinds_of(work: Workspace, target: Target, wanted: str | None) -> list[str]:
    """The kinds of outcome that are meant: the one asked for, or those that the target names."""
    outcomes = work.table("outcomes")
    present = sorted(str(kind) for kind in outcomes.select("kind").distinct().to_pyarrow()["kind"].to_pylist())
    if wanted is not None:
        return [kind for kind in present if kind == wanted]
    return [kind for kind in present if any(re.search(pattern, kind.lower()) for pattern in target.kinds)]


def named(work: Workspace, kinds: list[str]) -> Table:
    """`customer_id, on` of every outcome of these kinds."""
    outcomes = work.table("outcomes")
    return outcomes.filter(outcomes.kind.isin(kinds)).select("customer_id", "on")


def bought(work: Workspace) -> Table:
    """`customer_id, on` of every contact that ended in a purchase, for a bank that writes it down there."""
    contacts = work.table("contacts")
    return contacts.filter(contacts.outcome == "bought").select("customer_id", "on")


def silent(work: Workspace, *, since: date, days: int) -> Table:
    """Who closed every account, or did nothing by themselves, in the `days` after the day; `work` must see that far."""
    until = since + timedelta(days=days)
    entries, accounts = own_entries(work), work.table("accounts")
    acted = entries.filter(entries.on > ibis.date(since), entries.on <= ibis.date(until)).select("customer_id").distinct()
    before = entries.filter(entries.on <= ibis.date(since), entries.on > ibis.date(since - timedelta(days=days)))
    quiet = before.select("customer_id").distinct().anti_join(acted, "customer_id")
    open_at_end = accounts.closed_on.isnull() | (accounts.closed_on > ibis.date(until))
    ends = accounts.group_by("customer_id").aggregate(open=accounts.count(where=open_at_end), last=accounts.closed_on.max())
    closed = ends.filter(ends.open == 0, ends.last > ibis.date(since)).select("customer_id")
    return quiet.union(closed).distinct()
