"""Entries that stand: no reversals, nothing that was taken back, nothing between accounts of one customer."""

from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.rows import since


def standing(work: Workspace, *, days: int) -> Table:
    """The entries of so many days up to the day of the run."""
    entries = work.table("transactions")
    taken_back = entries.filter(entries.reversal.fill_null(False), entries.reverses.notnull()).select(transaction_id="reverses").distinct()
    kept = entries.filter(~entries.reversal.fill_null(False), ~entries.own_transfer.fill_null(False), entries.on > since(work.day, days))
    return kept.anti_join(taken_back, "transaction_id")
