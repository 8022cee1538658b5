"""The engines that stages can run on: DuckDB over the files of a snapshot as a rule, PostgreSQL or Spark when a URL says so.

An engine is opened over a snapshot and gives a workspace; whatever computed a result, one writer makes the file of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crm.assessing.shares import EVERYBODY, Share, Written, shares_between
from crm.assessing.tables import TABLE_NAMES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.parts import quoted, rows_of
from domain.errors import BadInput

if TYPE_CHECKING:
    import duckdb
    from ibis import Table
    from ibis.backends.duckdb import Backend

# What of a bank is judged at once on DuckDB: as much as fits into the memory of a run with room to spare.
CUSTOMERS_AT_ONCE = 250_000
ROWS_AT_ONCE = 40_000_000
_FORMAT = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"


class Engine(Protocol):
    """A snapshot, open on an engine."""

    def shares(self, wanted: int | None = None) -> Sequence[Share]:
        """The shares of the customers for whom stages are computed one after the other, as many as the facts ask for, or as wanted.

        One of everybody where the engine finds room for all of them by itself.
        """

    def workspace(self, day: date, share: Share = EVERYBODY, written: Written | None = None) -> EngineWorkspace:
        """Where stages compute as of the day for a share; one at a time. `written` tells what workspaces of the run before it left."""

    def write(self, result: "Table", order: Sequence[str], file: Path) -> int:
        """Write what a workspace kept as Parquet, in the order of these columns. Returns how many rows it has."""

    def stored(self, result: "Table", file: Path) -> "Table":
        """The result as later stages may read it now that it lies in the file."""


def opened(url: str, folder: Path, *, memory: str, threads: int, work: Path) -> AbstractContextManager[Engine]:
    """Open the snapshot in `folder` on the engine that the URL names: nothing for DuckDB, `postgresql://…`, or `spark`.

    `work` is a folder for what does not fit into memory. Raises BadInput for another URL, or where an engine is not installed.
    """
    if url in ("", "duckdb"):
        return _duckdb(folder, memory=memory, threads=threads, work=work)
    if url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
        from crm.assessing.on_postgresql import postgresql_over

        return postgresql_over(url, folder, work=work)
    if url == "spark" or url.startswith(("spark://", "local[")):
        from crm.assessing.on_spark import spark_over

        return spark_over(url, folder, memory=memory, threads=threads, work=work)
    raise BadInput(f"unknown engine '{url.partition(':')[0]}': say postgresql://…, spark, or nothing for DuckDB")


@contextmanager
def duckdb_over(folder: Path, *, memory: str, threads: int, spill: Path | None = None) -> Iterator[tuple["Backend", Mapping[str, "Table"]]]:
    """Open the tables of a snapshot in an in-memory DuckDB. What does not fit into `memory` goes to `spill`; without that it fails."""
    import ibis

    with duckdb_in_memory(memory=memory, threads=threads, spill=spill) as raw:
        found = {name: rows for name in TABLE_NAMES if (rows := rows_of(folder, name))}
        for name, rows in found.items():
            raw.execute(f"CREATE VIEW {name} AS SELECT * FROM {rows}")
        connection = ibis.duckdb.from_connection(raw)
        yield connection, {name: connection.table(name) for name in found}


@contextmanager
def duckdb_in_memory(*, memory: str, threads: int, spill: Path | None = None) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A DuckDB of its own that loads nothing from the network."""
    import duckdb

    raw = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(spill) if spill else "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
    )
    try:
        yield raw
    finally:
        raw.close()


def write_rows(writer: "duckdb.DuckDBPyConnection", rows: str, order: Sequence[str], file: Path) -> int:
    """Write what can be selected from as the file of a result. Returns how many rows."""
    ordered = ", ".join(f'"{column}"' for column in order)
    done = writer.execute(f"COPY (SELECT * FROM {rows} ORDER BY {ordered}) TO {quoted(file)} {_FORMAT}").fetchone()
    assert done is not None
    return int(done[0])


class _DuckDB:
    """Answers `Engine`."""

    def __init__(self, connection: "Backend", tables: Mapping[str, "Table"], shelf: Path) -> None:
        self._connection, self._tables, self._shelf = connection, tables, shelf

    def shares(self, wanted: int | None = None) -> Sequence[Share]:
        number = wanted or shares_needed(self._connection.con, self._tables)
        return shares_between(bounds(self._connection.con, self._tables, number)) if number > 1 else (EVERYBODY,)

    def workspace(self, day: date, share: Share = EVERYBODY, written: Written | None = None) -> EngineWorkspace:
        from crm.assessing.on_duckdb import DuckWorkspace

        return DuckWorkspace(self._connection, self._tables, day=day, share=share, written=written, shelf=self._shelf)

    def write(self, result: "Table", order: Sequence[str], file: Path) -> int:
        return write_rows(self._connection.con, result.get_name(), order, file)

    def stored(self, result: "Table", file: Path) -> "Table":
        """From the file: of a large bank the results do not fit into memory beside what stages need."""
        name, con = result.get_name(), self._connection.con
        con.execute(f"DROP TABLE {name}")
        con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet({quoted(file)})")
        return result


def shares_needed(connection: "duckdb.DuckDBPyConnection", tables: Iterable[str]) -> int:
    """Into how many shares the customers of these facts are cut. The same facts give the same."""
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables}
    rows = {name: int(count[0]) for name, count in counts.items() if count}
    return max(1, ceil(rows.get("customers", 0) / CUSTOMERS_AT_ONCE), ceil(sum(rows.values()) / ROWS_AT_ONCE))


def bounds(connection: "duckdb.DuckDBPyConnection", tables: Iterable[str], number: int) -> list[str]:
    """The ids at which so many shares meet, each with about as many customers and entries."""
    weighing = [f"SELECT customer_id FROM {name}" for name in ("customers", "transactions") if name in tables]
    if not weighing:
        return []
    found = connection.execute(
        f"""WITH each AS (SELECT customer_id, count(*) AS n FROM ({" UNION ALL ".join(weighing)}) GROUP BY customer_id),
        placed AS (
            SELECT customer_id, sum(n) OVER (ORDER BY customer_id) - n AS before, sum(n) OVER () AS whole FROM each
        )
        SELECT min(customer_id) FROM placed GROUP BY CAST(before * {number} // whole AS BIGINT) ORDER BY 1"""
    ).fetchall()
    return [str(row[0]) for row in found[1:]]


@contextmanager
def _duckdb(folder: Path, *, memory: str, threads: int, work: Path) -> Iterator[Engine]:
    shelf = work / "shared"
    shelf.mkdir()
    with duckdb_over(folder, memory=memory, threads=threads, spill=work) as (connection, tables):
        yield _DuckDB(connection, tables, shelf)
