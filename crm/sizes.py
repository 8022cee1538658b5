"""How large the bank is that a snapshot tells of: a few counts over whole tables."""

from datetime import date
from typing import TYPE_CHECKING

from domain.book import BankSizes

if TYPE_CHECKING:
    import duckdb

_COUNTS = """SELECT
    (SELECT count(*) FROM customers WHERE kind = 'person' AND status = 'active'),
    (SELECT count(*) FROM customers WHERE kind = 'company' AND status = 'active'),
    (SELECT count(*) FROM accounts WHERE closed_on IS NULL OR closed_on > $day),
    (SELECT count(*) FROM transactions WHERE "on" <= $day AND "on" > CAST($day AS DATE) - INTERVAL 12 MONTH)"""


def read_sizes(connection: "duckdb.DuckDBPyConnection", *, as_of: date) -> BankSizes:
    """Count over the views of a snapshot. Takes one reading of a column of every transaction."""
    counts = connection.execute(_COUNTS, {"day": as_of}).fetchone()
    assert counts is not None
    persons, companies, accounts, transactions = counts
    return BankSizes(as_of=as_of, persons=persons, companies=companies, accounts=accounts, transactions=transactions)
