"""Which of the banks that entries name is this one."""

import ibis
from ibis import Table

from crm.activity.joining import joined
from crm.assessing.workspace import Workspace


def build_our_names(work: Workspace) -> Table:
    """The names under which this bank itself stands as the bank of the other side: as it names itself, and where most accounts are ours."""
    entries, accounts = work.table("transactions"), work.table("accounts")
    named = entries.filter(entries.counterparty_bank.notnull(), entries.counterparty_account.notnull())
    ours = accounts.select(counterparty_account="account_id", ours=ibis.literal(True))
    told = joined(named.select("counterparty_bank", "counterparty_account"), ours, ["counterparty_account"])
    names = told.group_by("counterparty_bank").aggregate(known=told.count(where=told.ours.fill_null(False)), entries=told.count())
    mostly = names.filter(names.known * 2 >= names.entries).select("counterparty_bank")
    return mostly.union(work.table("deliveries").select(counterparty_bank="bank"), distinct=True)
