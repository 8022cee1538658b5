"""Evidence from who was paid or paid in where the name alone tells what for: a developer, an estate."""

from typing import Any

from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.definitions import read
from crm.needs.entries import standing
from crm.needs.rows import row, since, together


def purpose_rows(work: Workspace) -> Table:
    """A signal for each of `purposes` of every customer."""
    purposes = read("evidence")["purposes"]
    entries = standing(work, days=max(body["days"] for body in purposes.values()))
    named = work.keep(entries.select("customer_id", "on", "amount_cny", said=entries.counterparty.fill_null("").lower()))
    return together([_meant(work, named, name, body) for name, body in purposes.items()])


def _meant(work: Workspace, entries: Table, name: str, body: dict[str, Any]) -> Table:
    moved = entries.amount_cny if body["way"] == "in" else -entries.amount_cny
    recent = entries.filter(moved >= body["amount"], entries.on > since(work.day, body["days"]))
    meant = recent.filter(recent.said.re_search(body["words"]), ~recent.said.re_search(body["not"]))
    each = meant.group_by("customer_id").aggregate(n=meant.count(), first=meant.on.min(), last=meant.on.max())
    return row(each, name, count=each.n, first_on=each["first"], last_on=each["last"])
