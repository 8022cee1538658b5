"""The engines that stages can run on: DuckDB over the files of a snapshot as a rule, PostgreSQL or Spark when a URL says so.

An engine is opened over a snapshot and gives a workspace; whatever computed a result, one writer makes the file of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crm.assessing.tables import TABLE_NAMES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.parts import quoted, rows_of
from domain.errors import BadInput

if TYPE_CHECKING:
    import duckdb
    from ibis import Table
    from ibis.backends.duckdb import Backend

_FORMAT = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"


class Engine(Protocol):
    """A snapshot, open on an engine."""

    def workspace(self, day: date) -> EngineWorkspace:
        """Where stages compute as of the day."""

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

    def __init__(self, connection: "Backend", tables: Mapping[str, "Table"]) -> None:
        self._connection, self._tables = connection, tables

    def workspace(self, day: date) -> EngineWorkspace:
        from crm.assessing.on_duckdb import DuckWorkspace

        return DuckWorkspace(self._connection, self._tables, day=day)

    def write(self, result: "Table", order: Sequence[str], file: Path) -> int:
        return write_rows(self._connection.con, result.get_name(), order, file)

    def stored(self, result: "Table", file: Path) -> "Table":
        """From the file: of a large bank the results do not fit into memory beside what stages need."""
        name, con = result.get_name(), self._connection.con
        con.execute(f"DROP TABLE {name}")
        con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet({quoted(file)})")
        return result


@contextmanager
def _duckdb(folder: Path, *, memory: str, threads: int, work: Path) -> Iterator[Engine]:
    with duckdb_over(folder, memory=memory, threads=threads, spill=work) as (connection, tables):
        yield _DuckDB(connection, tables)
