"""Needs of one customer, from the last run."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crm.needs.charted import Charted, charted
from crm.needs.said import with_said
from domain.book import Consent, Customer, Product
from domain.ports import Insight


def needs_of(
    insight: Insight,
    customer: Customer,
    *,
    on: date,
    consents: Sequence[Consent],
    tags: Sequence[Mapping[str, Any]],
    on_sale: Sequence[Product],
    open_: bool,
) -> Charted | None:
    """The graph of a customer as of the last run, with what was said or taken back since; None where nobody was judged yet.

    `tags` are those of the book as a run would take them.
    """
    day = insight.latest(on)
    if day is None:
        return None
    known = {product.code: f"{product.name}{f' {product.risk}' if product.risk else ''}" for product in on_sale}
    offers = insight.rows("offers", on=on, order="category, product_code")
    rows = with_said(
        insight.of("evidence", customer.id, on=on),
        then=insight.of("tags", customer.id, on=on),
        now=tags,
        age=customer.age(day),
        day=day,
        today=on,
    )
    return charted(
        rows,
        consents,
        customer_id=customer.id,
        name=customer.name,
        kind=customer.kind,
        day=day,
        offers=tuple((row["category"], row["product_code"], known[row["product_code"]]) for row in offers if row["product_code"] in known),
        open_=open_,
    )
