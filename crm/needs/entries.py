"""Entries that stand: no reversals, nothing that was taken back, and between accounts of one customer only where asked for."""

from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.rows import since


def standing(work: Workspace, *, days: int, own: bool = False) -> Table:
    """The entries of so many days up to the day of the run; with `own` also those between accounts of one customer."""
    entries = work.table("transactions")
    taken_back = (
        entries.filter(entries.reversal.fill_null(False), entries.reverses.notnull())
        .select("customer_id", transaction_id="reverses")
        .distinct()
    )
    kept = entries.filter(~entries.reversal.fill_null(False), entries.on > since(work.day, days))
    if not own:
        kept = kept.filter(~kept.own_transfer.fill_null(False))
    return kept.anti_join(taken_back, ["customer_id", "transaction_id"])
