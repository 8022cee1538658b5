"""Assets (AUM) by the data contract: deposits of accounts not closed plus holdings, in CNY; a row holds until the next one."""

from datetime import date, timedelta

import ibis
from ibis import Table
from ibis.expr.types import IntegerColumn, Value

from crm.assessing.workspace import Workspace
from crm.features.exact import cents


def positions(work: Workspace) -> Table:
    """One row a deposit (`is_deposit`) or holding and day on which its worth was told: up to before which day it held.

    `of` is the account or the product. A row of an account that was closed before it ends before it begins. `opened_on` is the account's.
    """
    return work.shared("positions", lambda: _positions(work))


def _positions(work: Workspace) -> Table:
    end = ibis.date(work.day + timedelta(days=1))
    series = _deposits(work).union(_holdings(work))
    following = series.on.lead().over(group_by=[series.is_deposit, series.customer_id, series.of], order_by=series.on)
    until = ibis.least(following.fill_null(end), series.closed_on.fill_null(end), end)
    return series.mutate(until_on=until).drop("closed_on")


def spans(work: Workspace) -> Table:
    """One row a customer and stretch of days in which the worth of a deposit or holding stayed: `from_on` up to before `until_on`."""
    every = positions(work)
    # An account that was closed before a later row of balance holds nothing from then on.
    lasting = every.filter(every.until_on > every.on)
    return lasting.select("customer_id", "is_deposit", "cents", "opened_on", from_on=lasting.on, until_on=lasting.until_on)


def days_within(stretches: Table, first: Value | date, after: Value | date) -> IntegerColumn:
    """How many days of each stretch lie from `first` up to before `after`."""
    begins = ibis.greatest(stretches.from_on, first)
    ends = ibis.least(stretches.until_on, after)
    return ibis.greatest(ends.delta(begins, unit="day"), 0)


def _deposits(work: Workspace) -> Table:
    accounts = work.table("accounts")
    deposits = accounts.filter(accounts.kind == "deposit").select("account_id", "closed_on", "opened_on")
    balances = work.table("balances")
    joined = balances.join(deposits, "account_id")
    return joined.select(
        "customer_id",
        "on",
        "closed_on",
        "opened_on",
        of=joined.account_id,
        cents=cents(joined.amount_cny),
        is_deposit=ibis.literal(True),
    )


def _holdings(work: Workspace) -> Table:
    held = work.table("holdings")
    return held.select(
        "customer_id",
        "on",
        closed_on=ibis.null("date"),
        opened_on=ibis.null("date"),
        of=held.product_code,
        cents=cents(held.amount_cny),
        is_deposit=ibis.literal(False),
    )
