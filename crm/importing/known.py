"""What a row may refer to: everything that earlier deliveries brought and what was taken of this one, as `known_<feed>` tables."""

from pathlib import Path

import duckdb

from crm.importing.delivery import Delivery
from crm.importing.parts import rows_of
from crm.importing.schema import Feed

_COLUMNS = {
    "branches": ("branch_id",),
    "staff": ("staff_id",),
    "products": ("product_code",),
    "customers": ("customer_id", "kind"),
    "accounts": ("account_id", "customer_id", "kind", "currency"),
    "loans": ("loan_id", "customer_id"),
}
_TAKEN = {
    "branches": ("branches", "branch_id"),
    "staff": ("staff", "staff_id"),
    "products": ("products", "product_code"),
    "persons": ("customers", "customer_id, 'person'"),
    "companies": ("customers", "customer_id, 'company'"),
    "accounts": ("accounts", "account_id, customer_id, kind, currency"),
    "loans": ("loans", "loan_id, customer_id"),
}
# A bank may leave these out for good; without customers and accounts a row would belong to nobody.
_OPTIONAL = frozenset({"branches", "staff", "products"})


def create_known(work: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Begin with what the snapshot before knows."""
    for name, columns in _COLUMNS.items():
        named = ", ".join(["id VARCHAR", *(f"{column} VARCHAR" for column in columns[1:]), "provisional BOOLEAN"])
        work.execute(f"CREATE TABLE known_{name} ({named})")
        rows = rows_of(before, name) if before else None
        if rows:
            work.execute(f"INSERT INTO known_{name} SELECT {', '.join(columns)}, false FROM {rows}")
    work.execute("CREATE VIEW known_persons AS SELECT id FROM known_customers WHERE kind = 'person'")
    work.execute("CREATE VIEW known_companies AS SELECT id FROM known_customers WHERE kind = 'company'")


def expect_own(work: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Let the rows of a feed refer to each other, as a deputy to staff further down the file."""
    if any(column.refers == feed.name for column in feed.columns):
        work.execute(
            f"INSERT INTO known_{feed.name} SELECT DISTINCT trim({feed.key[0]}) AS own, true FROM raw_{feed.name} "
            f"WHERE own <> '' AND own NOT IN (SELECT id FROM known_{feed.name})"
        )


def add_known(work: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Add what was taken of the feed."""
    if feed.name not in _TAKEN:
        return
    name, values = _TAKEN[feed.name]
    key = feed.key[0]
    work.execute(f"DELETE FROM known_{name} WHERE provisional OR id IN (SELECT {key} FROM taken_{feed.name})")
    work.execute(f"INSERT INTO known_{name} SELECT {values}, false FROM taken_{feed.name}")


def unchecked_references(work: duckdb.DuckDBPyConnection, feed: Feed, delivery: Delivery) -> frozenset[str]:
    """The feeds that this one refers to, that the bank may leave out, and of which nothing was ever delivered."""
    wanted = {column.refers for column in feed.columns if column.refers in _OPTIONAL}
    return frozenset(name for name in wanted if name and name not in delivery.files and _empty(work, f"known_{name}"))


def _empty(work: duckdb.DuckDBPyConnection, table: str) -> bool:
    return not work.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()
