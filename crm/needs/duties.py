"""Evidence from contracts: deposits and loans that end soon, loans overdue, what is held, what weighs."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.definitions import read
from crm.needs.held import held_categories, latest_balances, loan_category, running_loans
from crm.needs.rows import row, since, together


def duty_rows(work: Workspace) -> Table:
    """Maturities, arrears, instalments and loans held."""
    return together([_deposits(work), *_loans(work), *_held(work), _burden(work)])


def _deposits(work: Workspace) -> Table:
    accounts = latest_balances(work)
    days = accounts.matures_on.delta(ibis.date(work.day), unit="day")
    due = accounts.filter(
        accounts.amount_cny > 0, accounts.matures_on >= ibis.date(work.day), days <= read("evidence")["maturing"]["deposit_days"]
    )
    each = due.group_by("customer_id").aggregate(n=due.count())
    return row(each, "deposit_matures", count=each.n)


def _loans(work: Workspace) -> list[Table]:
    loans = running_loans(work)
    days = loans.ends_on.delta(ibis.date(work.day), unit="day")
    due = loans.filter(loan_category(loans) == "business_loan", days <= read("evidence")["maturing"]["loan_days"])
    ending = due.group_by("customer_id").aggregate(n=due.count())
    late = work.table("loans")
    late = late.filter(late.status == "overdue")
    overdue = late.group_by("customer_id").aggregate(n=late.count())
    fresh = loans.filter(loan_category(loans) == "mortgage", loans.started_on > since(work.day, 365))
    new = fresh.group_by("customer_id").aggregate(last=fresh.started_on.max())
    return [
        row(ending, "business_loan_matures", count=ending.n),
        row(overdue, "loan_overdue", count=overdue.n),
        row(new, "new_mortgage", last_on=new["last"]),
    ]


def _held(work: Workspace) -> list[Table]:
    held = work.keep(held_categories(work))
    return [row(held.filter(held.category == category), f"has_{category}") for category in ("mortgage", "consumer_loan", "business_loan")]


def _burden(work: Workspace) -> Table:
    """Instalments of the last 90 days to the declared income. Unknown without an income."""
    loans = running_loans(work).select("loan_id", "customer_id")
    plan = work.table("repayments").inner_join(loans, "loan_id")
    recent = plan.filter(plan.due_on <= ibis.date(work.day), plan.due_on > since(work.day, 90))
    each = recent.group_by("customer_id").aggregate(due=recent.due_amount.sum(), last=recent.due_on.max())
    known = each.inner_join(work.table("customers").select("customer_id", "monthly_income"), "customer_id")
    heavy = known.filter(
        known.monthly_income > 0, known.due.cast("float64") > known.monthly_income.cast("float64") * 3 * read("evidence")["money"]["burden"]
    )
    return row(heavy, "burden_high", last_on=heavy["last"])
