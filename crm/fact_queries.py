"""The look-ups of one customer as Ibis expressions: the same ones run on DuckDB, PostgreSQL or Spark.

The tables are those of a facts snapshot (`crm.importing.fact_tables`). Money stays DECIMAL, order is explicit. Import this file only
when facts are asked for: Ibis costs 0.2 s and 36 MB. It needs up to 40 ms for an expression, many times what DuckDB takes for the answer:
the last few hundred questions are kept, as the same few people are asked about again and again in a conversation.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import ibis

_MONEY = "decimal(15, 2)"
_KEPT = 256

_accounts = ibis.table(
    {
        "account_id": "string",
        "customer_id": "string",
        "kind": "string",
        "product_code": "string",
        "currency": "string",
        "closed_on": "date",
    },
    name="accounts",
)
_balances = ibis.table(
    {"account_id": "string", "customer_id": "string", "on": "date", "amount": _MONEY, "amount_cny": _MONEY}, name="balances"
)
_holdings = ibis.table(
    {"customer_id": "string", "product_code": "string", "on": "date", "currency": "string", "amount": _MONEY, "amount_cny": _MONEY},
    name="holdings",
)
_products = ibis.table({"product_code": "string", "name": "string", "kind": "string"}, name="products")
_transactions = ibis.table(
    {"customer_id": "string", "on": "date", "initiator": "string", "own_transfer": "boolean", "reversal": "boolean"}, name="transactions"
)


@lru_cache(_KEPT)
def assets_query(customer_id: str, *, day: date) -> str:
    """One row per product and currency: code, name, kind, currency, amount, amount in CNY, and CNY times days of the month so far.

    A balance or holding lasts from its day until the next row of the same account or product, an account at most until it is closed.
    """
    first, end = day.replace(day=1), day + timedelta(days=1)
    series = _deposits(customer_id, day).union(_positions(customer_id, day))
    following = series.on.lead().over(group_by=[series.kind, series.of], order_by=series.on)
    spans = series.mutate(until=ibis.least(following.fill_null(end), series.closed_on.fill_null(end), ibis.date(end)))
    lasting = spans.mutate(
        days=ibis.greatest(spans.until.delta(ibis.greatest(spans.on, ibis.date(first)), unit="day"), 0), now=spans.until == end
    )
    nothing = ibis.literal(0).cast(_MONEY)
    sums = lasting.group_by("product_code", "kind", "currency").aggregate(
        amount=lasting.amount.sum(where=lasting.now).fill_null(nothing),
        amount_cny=lasting.amount_cny.sum(where=lasting.now).fill_null(nothing),
        cny_days=(lasting.amount_cny * lasting.days).sum(),
    )
    named = sums.left_join(_products, "product_code")
    return _sql(
        named.select(
            sums.product_code,
            name=_products.name.fill_null(""),
            kind=_products.kind.fill_null(sums.kind),
            currency=sums.currency,
            amount=sums.amount,
            amount_cny=sums.amount_cny,
            cny_days=sums.cny_days,
        ).order_by(ibis.desc("amount_cny"), "product_code", "currency")
    )


@lru_cache(_KEPT)
def activity_query(customer_id: str, *, day: date, days: int) -> str:
    """One row: active days and entries within the window that ends on the day, and the last day of all."""
    table = _transactions
    own = table.filter(
        table.customer_id == customer_id, table.on <= day, table.initiator == "customer", ~table.own_transfer, ~table.reversal
    )
    within = own.on > day - timedelta(days=days)
    return _sql(own.aggregate(active_days=own.on.nunique(where=within), transactions=own.count(where=within), last_on=own.on.max()))


@lru_cache(_KEPT)
def has_account_query(customer_id: str) -> str:
    """A row if the customer has or had an account."""
    return _sql(_accounts.filter(_accounts.customer_id == customer_id).select("account_id").limit(1))


@lru_cache(1)
def has_transactions_query() -> str:
    """A row if the bank delivered any transaction."""
    return _sql(_transactions.select("customer_id").limit(1))


def _deposits(customer_id: str, day: date) -> Any:
    accounts = _accounts.filter(_accounts.customer_id == customer_id, _accounts.kind == "deposit").select(
        "account_id", "product_code", "currency", "closed_on"
    )
    balances = _balances.filter(_balances.customer_id == customer_id, _balances.on <= day)
    joined = balances.join(accounts, "account_id")
    return joined.select(
        "product_code", "currency", "on", "amount", "amount_cny", "closed_on", of=joined.account_id, kind=ibis.literal("deposit")
    )


def _positions(customer_id: str, day: date) -> Any:
    held = _holdings.filter(_holdings.customer_id == customer_id, _holdings.on <= day)
    return held.select(
        "product_code",
        "currency",
        "on",
        "amount",
        "amount_cny",
        closed_on=ibis.null("date"),
        of=held.product_code,
        kind=ibis.literal(""),
    )


def _sql(expression: Any) -> str:
    # Values become literals, quoted by Ibis: a customer id never is SQL.
    return str(ibis.to_sql(expression, dialect="duckdb"))
