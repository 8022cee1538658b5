"""A new snapshot of the facts: what was taken now, over what the snapshot before held.

Rows meet by key; the row from the younger delivery stays, and of two of one bank day the one that came last. So the order in which
deliveries arrive does not matter, and a late one does not undo a correction.
"""

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb

from crm.importing.fact_tables import FACT_TABLES, FactTable

# One customer's rows lie in one or two groups of this many: a look-up reads those and no more.
_GROUP_ROWS = 20_480


def build_snapshot(work: duckdb.DuckDBPyConnection, as_of: date, *, before: Path | None, target: Path, batch: int) -> date | None:
    """Write every table into the new folder, each new row with its import. Returns the first day with a balance or holding."""
    target.mkdir()
    for table in FACT_TABLES:
        old = before and before / f"{table.name}.parquet"
        _build(work, table, as_of, batch, old if old and old.is_file() else None, target / f"{table.name}.parquet")
    found = work.execute(
        'SELECT min("on") FROM (SELECT "on" FROM read_parquet($balances) UNION ALL SELECT "on" FROM read_parquet($holdings))',
        {"balances": str(target / "balances.parquet"), "holdings": str(target / "holdings.parquet")},
    ).fetchone()
    first: date | None = found[0] if found else None
    return first


def _build(work: duckdb.DuckDBPyConnection, table: FactTable, as_of: date, batch: int, before: Path | None, target: Path) -> None:
    work.execute(f"CREATE TABLE new_{table.name} AS SELECT *, DATE '{as_of}' AS batch_as_of, {batch} AS batch FROM ({table.query})")
    if before and work.execute(f"SELECT 1 FROM new_{table.name} LIMIT 1").fetchone() is None:
        _same(before, target)
        return
    rows = f"SELECT * FROM new_{table.name}"
    if before:
        # Neither side repeats a key, so each row meets at most one other.
        same = " AND ".join(f'old."{name}" = new."{name}"' for name in table.key)
        old = f"read_parquet('{_quoted(before)}')"
        rows = f"""SELECT new.* FROM new_{table.name} AS new
            WHERE NOT EXISTS (SELECT 1 FROM {old} AS old WHERE {same} AND old.batch_as_of > new.batch_as_of)
            UNION ALL BY NAME
            SELECT old.* FROM {old} AS old
            WHERE NOT EXISTS (SELECT 1 FROM new_{table.name} AS new WHERE {same} AND new.batch_as_of >= old.batch_as_of)"""
    order = ", ".join(f'"{name}"' for name in table.sort)
    work.execute(
        f"COPY (SELECT * FROM ({rows}) ORDER BY {order}) TO '{_quoted(target)}' "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP_ROWS})"
    )
    work.execute(f"DROP TABLE new_{table.name}")


def _same(before: Path, target: Path) -> None:
    try:
        os.link(before, target)
    except OSError:  # a file system without links
        shutil.copyfile(before, target)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
