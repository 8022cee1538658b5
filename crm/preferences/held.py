"""Stretches of days in which a customer held something, with their worth: holdings, and term deposits as the accounts they are."""

from datetime import timedelta
from typing import Any

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.exact import cents
from crm.preferences.definitions import preference_definitions


def stretches(work: Workspace) -> Table:
    """customer_id, of, product_code, category, risk, style, cents, from_on up to before until_on. Nothing that is worth nothing."""
    end = ibis.date(work.day + timedelta(days=1))
    rows = _holdings(work).union(_term_deposits(work))
    following = rows.on.lead().over(group_by=[rows.customer_id, rows["of"]], order_by=rows.on)
    until = ibis.least(following.fill_null(end), rows.closed_on.fill_null(end), end)
    found = rows.mutate(until_on=until).filter(lambda one: (one.until_on > one.on) & (one.cents > 0))
    products = work.table("products")
    named = products.select("product_code", "category", "risk", style=_style(products.name))
    joined = found.inner_join(named, "product_code")
    return joined.select(
        "customer_id", "of", "product_code", "category", "risk", "style", "cents", from_on=joined.on, until_on=joined.until_on
    )


def spells(work: Workspace, held: Table) -> Table:
    """One row each time something was held without a break: from when until when, `open` while it goes on."""
    before = held.until_on.lag().over(group_by=[held.customer_id, held["of"]], order_by=held.from_on)
    begins = held.mutate(begins=ibis.ifelse(before.isnull() | (before < held.from_on), 1, 0))
    through = ibis.cumulative_window(group_by=[begins.customer_id, begins["of"]], order_by=begins.from_on)
    numbered = begins.mutate(number=begins.begins.sum().over(through))
    found = numbered.group_by("customer_id", "of", "category", "risk", "style", "number").aggregate(
        from_on=numbered.from_on.min(), until_on=numbered.until_on.max()
    )
    return found.mutate(open=found.until_on > ibis.date(work.day))


def _holdings(work: Workspace) -> Table:
    held = work.table("holdings")
    return held.select("customer_id", "product_code", "on", of=held.product_code, closed_on=ibis.null("date"), cents=cents(held.amount_cny))


def _term_deposits(work: Workspace) -> Table:
    products, accounts, balances = work.table("products"), work.table("accounts"), work.table("balances")
    wanted = products.filter(products.category.isin(preference_definitions()["deposit_categories"])).select("product_code")
    found = accounts.filter(accounts.kind == "deposit").inner_join(wanted, "product_code")
    term = found.select("account_id", "product_code", closed_on=found.closed_on)
    joined = balances.inner_join(term, "account_id")
    return joined.select(
        "customer_id", "product_code", "on", of=joined.account_id, closed_on=joined.closed_on, cents=cents(joined.amount_cny)
    )


def _style(name: Any) -> Any:
    styles = preference_definitions()["styles"]
    return ibis.cases(*((name.re_search(body["names"]), style) for style, body in styles.items()), else_=ibis.null("string"))
