"""The tables of a snapshot as Ibis sees them, so that a feed that a bank never delivered is an empty table and not an exception.

Import this file only when facts are judged: Ibis costs 0.2 s and 36 MB.
"""

from functools import cache

import ibis

from crm.importing.fact_tables import FACT_TABLES
from crm.importing.feeds import FEEDS
from crm.importing.schema import Type

_MONEY = "decimal(15, 2)"
_TYPES = {
    Type.ID: "string",
    Type.TEXT: "string",
    Type.LIST: "string",
    Type.DATE: "date",
    Type.INSTANT: "timestamp('UTC')",
    Type.MONEY: _MONEY,
    Type.RATE: "decimal(9, 4)",
    Type.INTEGER: "int64",
    Type.BOOLEAN: "boolean",
}
_SHAPED = {
    "deliveries": {"bank": "string"},
    "tags": {
        "customer_id": "string",
        "tag": "string",
        "source": "string",
        "confidence": "int64",
        "on": "date",
        "until": "date",
        "contested_on": "date",
        "denied_until": "date",
        "usable": "boolean",
    },
    "branches": {"branch_id": "string"},
    "staff": {"staff_id": "string", "role": "string", "branch_id": "string"},
    "products": {
        "product_code": "string",
        "name": "string",
        "kind": "string",
        "category": "string",
        "risk": "string",
        "rate": "decimal(9, 4)",
        "currency": "string",
        "term_days": "int64",
        "min_amount": _MONEY,
        "valid_from": "date",
        "valid_until": "date",
    },
    "customers": {
        "customer_id": "string",
        "kind": "string",
        "opened_at": "timestamp('UTC')",
        "status": "string",
        "rm_id": "string",
        "branch_id": "string",
        "gender": "string",
        "birth_date": "date",
        "industry": "string",
        "occupation": "string",
        "segments": "string",
        "opened_on": "date",
        "city": "string",
        "monthly_income": _MONEY,
        "marital_status": "string",
        "education": "string",
        "preferred_channel": "string",
        "identity_valid_until": "date",
        "identified_on": "date",
        "industry_code": "string",
        "founded_on": "date",
        "registered_capital": _MONEY,
        "employees": "int64",
        "annual_revenue": _MONEY,
    },
    "accounts": {
        "account_id": "string",
        "customer_id": "string",
        "kind": "string",
        "product_code": "string",
        "currency": "string",
        "opened_on": "date",
        "closed_on": "date",
        "matures_on": "date",
        "rate": "decimal(9, 4)",
        "credit_limit": _MONEY,
        "restriction": "string",
        "renews": "boolean",
    },
    "balances": {"account_id": "string", "customer_id": "string", "on": "date", "amount": _MONEY, "amount_cny": _MONEY},
    "holdings": {
        "customer_id": "string",
        "product_code": "string",
        "on": "date",
        "currency": "string",
        "amount": _MONEY,
        "amount_cny": _MONEY,
        "plan": "boolean",
    },
    "transactions": {
        "transaction_id": "string",
        "account_id": "string",
        "customer_id": "string",
        "at": "timestamp('UTC')",
        "on": "date",
        "amount": _MONEY,
        "amount_cny": _MONEY,
        "initiator": "string",
        "kind": "string",
        "channel": "string",
        "mcc": "string",
        "country": "string",
        "counterparty": "string",
        "counterparty_account": "string",
        "own_transfer": "boolean",
        "reversal": "boolean",
        "reverses": "string",
        "hour": "int64",
        "counterparty_bank": "string",
        "own_name": "boolean",
    },
}


@cache
def schema_of(name: str) -> ibis.Schema:
    """Columns and types of a table of the snapshot. Raises KeyError for a table that there is not."""
    if name in _SHAPED:
        return ibis.schema(_SHAPED[name])
    feed = next(feed for feed in FEEDS if feed.name == name)
    columns = {column.name: _TYPES[column.type] for column in feed.columns if not column.personal}
    for column in feed.columns:
        if column.type is Type.INSTANT and not column.personal:
            columns.setdefault(f"{column.name[:-2]}on", "date")
    if "at" in columns:
        columns["hour"] = "int64"
    return ibis.schema(columns)


#: A snapshot also says which bank its deliveries named. `tags` are of the book: the run is given them.
TABLE_NAMES = (*(table.name for table in FACT_TABLES), "deliveries")
