"""A new snapshot of the facts: what was taken now, over what the snapshot before held.

Rows meet by key; the row from the younger delivery stays, and of two of one bank day the one that came last. So the order in which
deliveries arrive does not matter, and a late one does not undo a correction.

A small table is written anew. A large one keeps its files: a day's rows are put beside them, and only a file of which rows were replaced
is written again. When the parts have grown many or large they become one file.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from crm.importing.fact_tables import FACT_TABLES, FactTable
from crm.importing.parts import files_of, part, quoted, reading
from crm.importing.reading import count

# One customer's rows lie in one or two groups of this many: a look-up reads those and no more.
_GROUP_ROWS = 20_480


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """When a table is given parts instead of being written anew."""

    rows: int = 500_000  # of the table; fewer are written in a second
    share: int = 8  # parts together are at most one in so many of the first file's rows
    parts: int = 6


def build_snapshot(
    work: duckdb.DuckDBPyConnection,
    as_of: date,
    *,
    before: Path | None,
    target: Path,
    batch: int,
    growth: Growth,
    built: Callable[[str], None],
) -> date | None:
    """Write every table into the new folder, each new row with its import; `built` hears of each.

    Returns the first day with a balance or holding.
    """
    target.mkdir()
    for table in FACT_TABLES:
        old = files_of(before, table.name) if before else []
        work.execute(f"CREATE VIEW new_{table.name} AS SELECT *, DATE '{as_of}' AS batch_as_of, {batch} AS batch FROM ({table.query})")
        _build(work, table, old, target, growth)
        built(table.name)
    found = work.execute(
        f"""SELECT min("on") FROM (SELECT "on" FROM {reading(*files_of(target, "balances"))}
        UNION ALL SELECT "on" FROM {reading(*files_of(target, "holdings"))})"""
    ).fetchall()
    first: date | None = found[0][0]
    return first


def _build(work: duckdb.DuckDBPyConnection, table: FactTable, old: list[Path], target: Path, growth: Growth) -> None:
    if not old:
        _write(work, table, f"SELECT * FROM new_{table.name}", part(target, table.name, 0))
        return
    fresh = count(work, f"taken_{table.feeds[0]}") if len(table.feeds) == 1 else count(work, f"new_{table.name}")
    if not fresh:
        for number, file in enumerate(old):
            _same(file, part(target, table.name, number))
        return
    sizes = [count(work, reading(file)) for file in old]
    few = sum(sizes) >= growth.rows and (sum(sizes[1:]) + fresh) * growth.share <= sizes[0]
    # Files of one table have the same columns: a newer version of the program writes all of them anew.
    if few and _columns(work, f"new_{table.name}") == _columns(work, reading(old[0])):
        _put_beside(work, table, old, target, growth)
    else:
        _write(work, table, _merged(table, f"new_{table.name}", reading(*old)), part(target, table.name, 0))


def _put_beside(work: duckdb.DuckDBPyConnection, table: FactTable, old: list[Path], target: Path, growth: Growth) -> None:
    rows = f"rows_{table.name}"
    work.execute(f"CREATE TEMP TABLE {rows} AS SELECT * FROM new_{table.name}")
    if len(old) > growth.parts:
        # Beside a large first file the parts are small: one of them takes the others up.
        first, *parts = old
        work.execute(f"CREATE TEMP TABLE gathered AS {_merged(table, rows, reading(*parts))}")
        work.execute(f"DROP TABLE {rows}")
        work.execute(f"ALTER TABLE gathered RENAME TO {rows}")
        old = [first]
    same = _same_key(table)
    work.execute(
        f"DELETE FROM {rows} AS new WHERE EXISTS (SELECT 1 FROM {reading(*old)} AS old WHERE {same} AND old.batch_as_of > new.batch_as_of)"
    )
    for number, file in enumerate(old):
        copy = part(target, table.name, number)
        if count(work, f"{reading(file)} AS old WHERE EXISTS (SELECT 1 FROM {rows} AS new WHERE {same})"):
            _copy(work, f"SELECT * FROM {reading(file)} AS old WHERE NOT EXISTS (SELECT 1 FROM {rows} AS new WHERE {same})", copy)
        else:
            _same(file, copy)
    _write(work, table, f"SELECT * FROM {rows}", part(target, table.name, len(old)))
    work.execute(f"DROP TABLE {rows}")


def _merged(table: FactTable, new: str, old: str) -> str:
    # Neither side repeats a key, so each row meets at most one other.
    same = _same_key(table)
    return f"""SELECT new.* FROM {new} AS new
        WHERE NOT EXISTS (SELECT 1 FROM {old} AS old WHERE {same} AND old.batch_as_of > new.batch_as_of)
        UNION ALL BY NAME
        SELECT old.* FROM {old} AS old
        WHERE NOT EXISTS (SELECT 1 FROM {new} AS new WHERE {same} AND new.batch_as_of >= old.batch_as_of)"""


def _same_key(table: FactTable) -> str:
    return " AND ".join(f'old."{name}" = new."{name}"' for name in table.key)


def _write(work: duckdb.DuckDBPyConnection, table: FactTable, rows: str, target: Path) -> None:
    order = ", ".join(f'"{name}"' for name in table.sort)
    _copy(work, f"SELECT * FROM ({rows}) ORDER BY {order}", target)


def _copy(work: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    work.execute(f"COPY ({rows}) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP_ROWS})")


def _columns(work: duckdb.DuckDBPyConnection, rows: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in work.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()]


def _same(before: Path, target: Path) -> None:
    try:
        os.link(before, target)
    except OSError:  # a file system without links
        shutil.copyfile(before, target)
