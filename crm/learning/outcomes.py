"""What became of customers: the outcomes that the bank names, purchases in its contacts, or what the entries themselves show."""

import re
from datetime import date, timedelta

import ibis
import pyarrow as pa
from ibis import Table

from crm.activity.counting import own_entries
from crm.assessing.workspace import Workspace
from crm.learning.definitions import Target, definitions
from crm.learning.samples import NotEnoughHistory

_CHURN = "churn"


def kinds_of(work: Workspace, target: Target, wanted: str | None) -> list[str]:
    """The kinds of outcome that are meant: the one asked for, or those that the target names.

    A bank that sells one thing may call its outcome as it likes: where nothing is named so, whatever is not a loss is a sale.
    """
    outcomes = work.table("outcomes")
    present = sorted(str(kind) for kind in outcomes.select("kind").distinct().to_pyarrow()["kind"].to_pylist())
    if wanted is not None:
        if wanted not in present:
            raise NotEnoughHistory(f"no outcome is of the kind {wanted}; there are {'、'.join(present) or 'none at all'}")
        return [wanted]
    found = [kind for kind in present if _is_of(kind, target)]
    if found or target.name == _CHURN:
        return found
    return [kind for kind in present if not _is_of(kind, definitions().targets[_CHURN])]


def told(work: Workspace, target: Target, kinds: list[str]) -> pa.Table | None:
    """`customer_id, on` of what happened, or None where only silence can tell. A bank may write its sales down in contacts only."""
    if kinds:
        outcomes = work.table("outcomes")
        return outcomes.filter(outcomes.kind.isin(kinds)).select("customer_id", "on").to_pyarrow()
    if target.name == _CHURN:
        return None
    contacts = work.table("contacts")
    found = contacts.filter(contacts.outcome == "bought").select("customer_id", "on").to_pyarrow()
    if not found.num_rows:
        raise NotEnoughHistory("there are neither outcomes nor contacts that ended in a purchase")
    return found


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


def _is_of(kind: str, target: Target) -> bool:
    return any(re.search(pattern, kind.lower()) for pattern in target.kinds)
