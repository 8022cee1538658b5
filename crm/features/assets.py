"""Assets (AUM) by the data contract: deposits of accounts not closed plus holdings, in CNY; a row holds until the next one."""

from datetime import date, timedelta

import ibis
from ibis import Table
from ibis.expr.types import IntegerColumn, Value

from crm.assessing.workspace import Workspace
from crm.features.exact import cents


def spans(work: Workspace) -> Table:
    """One row a customer and stretch of days in which the worth of a deposit or holding stayed: `from_on` up to before `until_on`."""
    end = ibis.date(work.day + timedelta(days=1))
    series = _deposits(work).union(_holdings(work))
    following = series.on.lead().over(group_by=[series.kind, series.customer_id, series.of], order_by=series.on)
    until = ibis.least(following.fill_null(end), series.closed_on.fill_null(end), end)
    # An account that was closed before a later row of balance holds nothing from then on.
    lasting = series.mutate(until_on=until).filter(lambda one: one.until_on > one.on)
    return lasting.select("customer_id", "cents", from_on=lasting.on, until_on=lasting.until_on)


def days_within(stretches: Table, first: Value | date, after: Value | date) -> IntegerColumn:
    """How many days of each stretch lie from `first` up to before `after`."""
    begins = ibis.greatest(stretches.from_on, first)
    ends = ibis.least(stretches.until_on, after)
    return ibis.greatest(ends.delta(begins, unit="day"), 0)


def _deposits(work: Workspace) -> Table:
    accounts = work.table("accounts")
    deposits = accounts.filter(accounts.kind == "deposit").select("account_id", "closed_on")
    balances = work.table("balances")
    joined = balances.join(deposits, "account_id")
    return joined.select(
        "customer_id", "on", "closed_on", of=joined.account_id, cents=cents(joined.amount_cny), kind=ibis.literal("deposit")
    )


def _holdings(work: Workspace) -> Table:
    held = work.table("holdings")
    return held.select(
        "customer_id",
        "on",
        closed_on=ibis.null("date"),
        of=held.product_code,
        cents=cents(held.amount_cny),
        kind=ibis.literal("holding"),
    )
