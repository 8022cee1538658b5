"""The product categories that a customer holds, as penetration counts them (F02): three deposits of a kind are one."""

import ibis
from ibis import Table
from ibis.expr.types import StringColumn

from crm.assessing.workspace import Workspace

# Where the product master says no category: by the kind of product, account or loan.
_BY_PRODUCT_KIND = {
    "wealth": "wealth",
    "fund": "fund",
    "insurance": "insurance",
    "gold": "metal",
    "card": "credit_card",
    "deposit": "demand",
    "loan": "consumer_loan",
}
_BY_LOAN_KIND = {
    "mortgage": "mortgage",
    "consumer": "consumer_loan",
    "car": "consumer_loan",
    "business": "business_loan",
    "trade": "business_loan",
    "credit_line": "business_loan",
}


def held_categories(work: Workspace) -> Table:
    """One row a customer and category held on the day: open accounts, holdings that are worth something, loans not settled."""
    return ibis.union(_accounts(work), _holdings(work).select("customer_id", "category"), _loans(work), distinct=True)


def planned_categories(work: Workspace) -> Table:
    """One row a customer and category in which something is bought by a regular plan (定投)."""
    held = _holdings(work)
    return held.filter(held.plan.fill_null(False)).select("customer_id", "category").distinct()


def _accounts(work: Workspace) -> Table:
    accounts = work.table("accounts")
    # The account of a loan is counted by its loan, which says what it is for; where no loan is delivered, by its product.
    loans = work.table("loans")
    open_now = accounts.filter(accounts.closed_on.isnull() | (accounts.closed_on > ibis.date(work.day)))
    counted = open_now.anti_join(
        loans.filter(loans.account_id.notnull()).select("customer_id", "account_id"), ["customer_id", "account_id"]
    )
    known = _products(work)
    named = counted.left_join(known, counted.product_code == known.code)
    return named.select("customer_id", category=ibis.coalesce(named.category, _of_account(named)))


def _of_account(account: Table) -> StringColumn:
    deposit = ibis.ifelse(account.currency != "CNY", "fx", ibis.ifelse(account.matures_on.notnull(), "term", "demand"))
    return ibis.cases((account.kind == "deposit", deposit), (account.kind == "card", "credit_card"), else_="consumer_loan")


def _holdings(work: Workspace) -> Table:
    held = work.table("holdings")
    latest = held.group_by("customer_id", "product_code").aggregate(on=held.on.max())
    now = held.semi_join(latest, ["customer_id", "product_code", "on"])
    now = now.filter(now.amount > 0)
    known = _products(work)
    named = now.left_join(known, now.product_code == known.code)
    return named.select("customer_id", "plan", category=ibis.coalesce(named.category, ibis.literal("other")))


def _loans(work: Workspace) -> Table:
    loans = work.table("loans")
    running = loans.filter(
        loans.status.fill_null("current") != "written_off",
        loans.settled_on.isnull() | (loans.settled_on > ibis.date(work.day)),
        # A loan that was settled on a day that nobody wrote down is settled.
        (loans.status.fill_null("current") != "settled") | loans.settled_on.notnull(),
    )
    known = _products(work)
    named = running.left_join(known, running.product_code == known.code)
    of_kind = ibis.cases(*((named.kind == kind, category) for kind, category in _BY_LOAN_KIND.items()), else_="other")
    return named.select("customer_id", category=ibis.coalesce(named.category, of_kind))


def _products(work: Workspace) -> Table:
    products = work.table("products")
    of_kind = ibis.cases(
        (products.category.notnull(), products.category),
        ((products.kind == "deposit") & products.term_days.notnull(), "term"),
        *((products.kind == kind, category) for kind, category in _BY_PRODUCT_KIND.items()),
        else_="other",
    )
    return products.select(code=products.product_code, category=of_kind)
