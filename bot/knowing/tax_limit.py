"""What a company's taxes say of its limit, from the last run and the consents of this moment."""

from collections.abc import Sequence
from datetime import date

from crm.needs.limits import TaxView, tax_view
from domain.book import Consent
from domain.ports import Insight


def tax_of(insight: Insight, customer_id: str, *, on: date, consents: Sequence[Consent]) -> TaxView | None:
    """None where no taxes are known, or may not be used any more."""
    words = sorted((word for word in consents if word.purpose == "tax"), key=lambda word: word.at)
    rows = insight.of("tax_growth", customer_id, on=on)
    if not rows or (words and not words[-1].granted):
        return None
    months = {row["month"] for row in insight.of("tax_months", customer_id, on=on) if row["tax"] is not None}
    overdue = any(row["evidence"] == "loan_overdue" for row in insight.of("evidence", customer_id, on=on))
    return tax_view(dict(rows[0]), months, overdue=overdue)
