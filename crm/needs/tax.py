"""Taxes of two years side by side: a stage of months for what is missing, and one of growth."""

from typing import Any

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.consent import granted
from crm.needs.held import loan_category, open_accounts, running_loans
from crm.needs.rows import latest, rounded, since


def tax_months(work: Workspace) -> Table:
    """The known months of the last two years of every company that consents. `tax` is unknown where neither tax is known."""
    months = work.table("tax")
    months = months.filter(months.month <= ibis.date(work.day), months.month > since(work.day, 800)).semi_join(
        granted(work, "tax"), "customer_id"
    )
    paid = ibis.ifelse(
        months.vat.isnull() & months.income_tax.isnull(), ibis.null("decimal(15, 2)"), _known(months.vat) + _known(months.income_tax)
    )
    return months.select("customer_id", "month", "revenue", "grade", tax=paid.cast("decimal(15, 2)"), number=_number(months.month))


def tax_growth(work: Workspace) -> Table:
    """Growth of the last twelve months over the same months a year before, as far as both are known. Nothing where no pair is."""
    months = work.result("tax_months")
    known = months.filter(months.tax.notnull())
    ends = known.group_by("customer_id").aggregate(last_number=known.number.max(), last_month=known.month.max())
    recent = known.inner_join(ends, "customer_id")
    recent = recent.filter(recent.number > recent.last_number - 12)
    before = known.select(customer_id="customer_id", number=known.number + 12, tax_before="tax", revenue_before="revenue")
    pairs = recent.left_join(before, ["customer_id", "number"])
    each = pairs.group_by("customer_id").aggregate(
        last_month=pairs.last_month.max(),
        known=pairs.count(),
        compared=pairs.tax_before.count(),
        annual_tax=pairs.tax.sum(),
        annual_revenue=pairs.revenue.sum(),
        now=pairs.tax.sum(where=pairs.tax_before.notnull()).cast("float64"),
        then=pairs.tax_before.sum().cast("float64"),
        revenue_now=pairs.revenue.sum(where=pairs.revenue_before.notnull()).cast("float64"),
        revenue_then=pairs.revenue_before.sum(where=pairs.revenue.notnull()).cast("float64"),
    )
    graded = months.filter(months.grade.notnull())
    grade = latest(graded, by=("customer_id",), order=("month",)).select("customer_id", "grade")
    joined = each.left_join(grade, "customer_id").left_join(_limits(work), "customer_id")
    return joined.select(
        "customer_id",
        "last_month",
        "known",
        "compared",
        "annual_tax",
        "annual_revenue",
        "grade",
        "limit",
        growth=_growth(joined.now, joined.then),
        revenue_growth=_growth(joined.revenue_now, joined.revenue_then),
    )


def _growth(now: Any, then: Any) -> Any:
    return ibis.ifelse(then > 0, rounded(now / then.nullif(0.0) - 1), ibis.null("float64"))


def _known(amount: Any) -> Any:
    return amount.fill_null(ibis.literal(0).cast("decimal(15, 2)"))


def _number(month: Any) -> Any:
    return (month.year() * 12 + month.month()).cast("int64")


def _limits(work: Workspace) -> Table:
    """The business limit in force: the lines of open loan accounts, else what is lent. Nothing where there is neither."""
    accounts = open_accounts(work)
    lines = accounts.filter(accounts.kind == "loan", accounts.credit_limit > 0)
    by_line = lines.group_by("customer_id").aggregate(line=lines.credit_limit.sum())
    loans = running_loans(work)
    loans = loans.filter(loan_category(loans) == "business_loan", loans.currency.fill_null("CNY") == "CNY")
    by_loan = loans.group_by("customer_id").aggregate(lent=loans.principal.sum())
    both = by_line.outer_join(by_loan, "customer_id")
    return both.select(
        customer_id=ibis.coalesce(both.customer_id, both.customer_id_right),
        limit=ibis.coalesce(both.line, both.lent).cast("decimal(18, 2)"),
    )
