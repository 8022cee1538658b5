"""Whose own name the other side of an entry bears: money that a customer sends to an account of their own at another bank.

Names are compared inside the import's own database, without width, blanks, punctuation and Traditional spelling, and must then be the
same: a title behind a name makes it another. The snapshot keeps only that they are the same.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import duckdb

from crm.importing.book_rows import name_key
from crm.importing.rows import taken_rows

_BATCH = 20_000


def gather_own_names(work: duckdb.DuckDBPyConnection, held: Iterable[tuple[str, str]]) -> None:
    """Make `own_spellings` of the work database: the spellings of the other side that are the name of the customer.

    `held` are ids and name keys of the customers that the book knew before; who is in the delivery has the name that it says.
    """
    for table, of in (("name_keys", "customer_id"), ("held_keys", "customer_id"), ("spellings", "spelled")):
        work.execute(f"CREATE TABLE {table} ({of} VARCHAR, key VARCHAR)")
    work.execute(_OWN)
    if not work.execute("SELECT 1 FROM taken_transactions WHERE counterparty IS NOT NULL LIMIT 1").fetchall():
        return
    taken = ((row["customer_id"], name_key(row["name"])) for feed in ("persons", "companies") for row in taken_rows(work, feed))
    _fill(work, "name_keys", taken)
    _fill(work, "held_keys", held)
    _fill(work, "spellings", ((spelled, name_key(spelled)) for spelled in _spelled(work)))


def _spelled(work: duckdb.DuckDBPyConnection) -> Iterator[str]:
    cursor = work.cursor()
    cursor.execute("SELECT DISTINCT counterparty FROM taken_transactions WHERE counterparty IS NOT NULL")
    while chunk := cursor.fetchmany(_BATCH):
        yield from (row[0] for row in chunk)


def _fill(work: duckdb.DuckDBPyConnection, table: str, pairs: Iterable[tuple[str, str]]) -> None:
    rows = iter(pairs)
    while chunk := list(islice(rows, _BATCH)):
        columns = [list(column) for column in zip(*chunk, strict=True)]
        work.execute(f"INSERT INTO {table} SELECT unnest(CAST(? AS VARCHAR[])), unnest(CAST(? AS VARCHAR[]))", columns)


_OWN = """CREATE VIEW own_spellings AS
WITH names AS (
    SELECT customer_id, key FROM name_keys
    UNION ALL
    SELECT customer_id, key FROM held_keys WHERE customer_id NOT IN (SELECT customer_id FROM name_keys)
)
SELECT names.customer_id, spellings.spelled FROM names JOIN spellings ON spellings.key = names.key WHERE names.key <> ''"""
