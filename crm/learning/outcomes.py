"""What became of customers: the outcomes that the bank names, purchases in its contacts, or what the entries themselves show."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
from ibis import Table

from crm.activity.counting import own_entries
from crm.assessing.workspace import Workspace
from crm.learning.definitions import Target, definitions
from crm.learning.samples import NotEnoughHistory, texts
from domain.errors import BadInput

_CHURN, _SHOWN = "churn", 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What happened to whom, and on which day. `judged`: by which day each customer was judged, where also those without it are named."""

    happened: tuple[tuple[str, date], ...]
    by: str  # outcomes | attribute | contacts
    judged: Mapping[str, date] | None = None
    label: str | None = None

    def first(self) -> dict[str, date]:
        """The first day of each."""
        return dict(sorted(self.happened, key=lambda one: one[1], reverse=True))


def present_kinds(work: Workspace) -> list[str]:
    """All kinds of outcome that the bank wrote down."""
    return sorted(texts(work.table("outcomes").select("kind").distinct().to_pyarrow(), "kind"))


def kinds_of(work: Workspace, target: Target, wanted: str | None) -> list[str]:
    """The kinds of outcome that are meant: the one asked for, or those that the target names.

    A bank that sells one thing may call its outcome as it likes: where nothing is named so, whatever is not a loss is a sale. What says
    that it did not happen (`not_churned`, `refused`) is no outcome.
    """
    present = present_kinds(work)
    if wanted is not None:
        if wanted not in present:
            raise NotEnoughHistory(f"no outcome is of the kind {wanted}; there are {'、'.join(present) or 'none at all'}")
        return [wanted]
    happened = [kind for kind in present if not _fits(kind, definitions().not_happened)]
    found = [kind for kind in happened if _fits(kind, target.kinds)]
    if found or target.name == _CHURN:
        return found
    return [kind for kind in happened if not _fits(kind, definitions().targets[_CHURN].kinds)]


def told(work: Workspace, target: Target, kinds: list[str]) -> Told | None:
    """What happened, or None where only silence can tell. A bank may write its sales down in contacts only."""
    if kinds:
        outcomes = work.table("outcomes")
        return Told(happened=_pairs(outcomes.filter(outcomes.kind.isin(kinds))), by="outcomes")
    if target.name == _CHURN:
        return None
    contacts = work.table("contacts")
    found = _pairs(contacts.filter(contacts.outcome == "bought"))
    if not found:
        raise NotEnoughHistory("there are neither outcomes nor contacts that ended in a purchase")
    return Told(happened=found, by="contacts")


def labelled(work: Workspace, label: str) -> Told:
    """Outcomes from an attribute, `NAME` or `NAME=VALUE`: those who had it, and the day by which each was judged.

    Raises BadInput where the attribute is not there, or says neither yes nor no and no value is given.
    """
    name, _, wanted = label.partition("=")
    rows = work.table("attributes")
    of_name = rows.filter(rows.name == name)
    found = of_name.select("customer_id", "as_of", "value").order_by("as_of", "customer_id").to_pyarrow()
    customers, days, values = texts(found, "customer_id"), found["as_of"].to_pylist(), [one.strip() for one in texts(found, "value")]
    present = sorted(set(values))
    positive = {wanted.strip()} if wanted else {value for value in present if value.lower() in definitions().positive}
    if not positive & set(present):
        shown = "、".join(present[:_SHOWN]) or "nothing: there is no attribute of this name"
        raise BadInput(f"which value of {name[:40]} is the outcome? Write --label '{name[:40]}=VALUE'; it holds {shown}")
    happened = tuple((customer, day) for customer, day, value in zip(customers, days, values, strict=True) if value in positive)
    return Told(happened=happened, by="attribute", judged=dict(zip(customers, days, strict=True)), label=name)


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


def _pairs(rows: Table) -> tuple[tuple[str, date], ...]:
    found = rows.select("customer_id", "on").order_by("customer_id", "on").to_pyarrow()
    return tuple(zip(texts(found, "customer_id"), found["on"].to_pylist(), strict=True))


def _fits(kind: str, patterns: tuple[str, ...]) -> bool:
    return any(re.search(pattern, kind.strip().lower()) for pattern in patterns)
