"""What customers have of us: latest balances and holdings, categories held, purchases, refusals."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.rows import latest, since, together

#: How loans and accounts are called as categories where the product master does not say.
_LOANS = {
    "mortgage": "mortgage",
    "consumer": "consumer_loan",
    "car": "consumer_loan",
    "business": "business_loan",
    "trade": "business_loan",
    "credit_line": "business_loan",
}
_RUNNING = ("current", "overdue")


def latest_balances(work: Workspace) -> Table:
    """The last balance of every deposit account not closed, with its day of maturity."""
    balances = work.table("balances")
    newest = latest(balances, by=("account_id",), order=("on",))
    accounts = open_accounts(work)
    deposits = accounts.filter(accounts.kind == "deposit").select("account_id", "matures_on")
    return newest.inner_join(deposits, "account_id").select("customer_id", "account_id", "on", "amount_cny", "matures_on")


def open_accounts(work: Workspace) -> Table:
    """Accounts not closed by the day."""
    accounts = work.table("accounts")
    return accounts.filter(accounts.closed_on.isnull() | (accounts.closed_on > ibis.date(work.day)))


def held_products(work: Workspace) -> Table:
    """The last holding of every product that is not sold out."""
    newest = latest(work.table("holdings"), by=("customer_id", "product_code"), order=("on",))
    return newest.filter(newest.amount > 0)


def running_loans(work: Workspace) -> Table:
    """Loans that are not settled. One without a word on it is held to run until its last day."""
    loans = work.table("loans")
    return loans.filter(
        loans.status.fill_null("current").isin(_RUNNING),
        loans.ends_on >= ibis.date(work.day),
        loans.settled_on.isnull() | (loans.settled_on > ibis.date(work.day)),
    )


def loan_category(loans: Table) -> ibis.expr.types.Value:
    """The category of a loan by its kind."""
    return ibis.cases(*[(loans.kind == kind, category) for kind, category in _LOANS.items()], else_="other")


def held_categories(work: Workspace) -> Table:
    """customer_id, category: once each, of accounts, holdings and loans."""
    products = work.table("products").select("product_code", "category")
    accounts = open_accounts(work)
    by_product = accounts.inner_join(products, "product_code").select("customer_id", "category")
    cards = accounts.filter(accounts.kind == "card").select("customer_id", category=ibis.literal("credit_card"))
    invested = held_products(work).inner_join(products, "product_code").select("customer_id", "category")
    loans = running_loans(work)
    lent = loans.select("customer_id", category=loan_category(loans))
    found = together([by_product, cards, invested, lent])
    return found.filter(found.category.notnull()).distinct()


def purchases(work: Workspace) -> Table:
    """What was bought and when, a day, category and customer a row: told as an outcome, or seen as something opened, lent or first held."""
    products = work.table("products").select("product_code", "category")
    outcomes = work.table("outcomes")
    bought = outcomes.filter(outcomes.kind.re_search("^(bought|signed):"))
    told = bought.select("customer_id", "on", category=bought.kind.re_replace("^(bought|signed):", ""))
    accounts = work.table("accounts").inner_join(products, "product_code")
    opened = accounts.select("customer_id", on="opened_on", category="category")
    loans = work.table("loans")
    lent = loans.select("customer_id", on="started_on", category=loan_category(loans))
    holdings = work.table("holdings")
    positive = holdings.filter(holdings.amount > 0)
    first = positive.group_by("customer_id", "product_code").aggregate(on=positive.on.min())
    held = first.inner_join(products, "product_code").select("customer_id", "on", "category")
    everything = together([told, opened, lent, held])
    return everything.filter(everything.category.notnull()).distinct()


def declined(work: Workspace, days: int) -> Table:
    """customer_id, category: offers refused within the days."""
    products = work.table("products").select("product_code", "category")
    contacts = work.table("contacts")
    day = contacts.outcome_on.fill_null(contacts.on)
    refused = contacts.filter(
        contacts.outcome == "refused", contacts.product_code.notnull(), day > since(work.day, days), day <= ibis.date(work.day)
    )
    return refused.inner_join(products, "product_code").select("customer_id", "category").distinct()


def offers(work: Workspace) -> Table:
    """The products on sale on the day, by category."""
    products = work.table("products")
    day = ibis.date(work.day)
    sold = products.filter(
        products.category.notnull(),
        products.valid_from.isnull() | (products.valid_from <= day),
        products.valid_until.isnull() | (products.valid_until > day),
    )
    return sold.select("category", "product_code")
