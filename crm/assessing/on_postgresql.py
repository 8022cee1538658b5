"""Stages on PostgreSQL: the tables of a snapshot stand in the schema `peiban_facts` under their names.

A snapshot is loaded there once, in one transaction, and marked with its name; the next run on the same facts finds it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import psycopg
from psycopg.sql import SQL, Identifier, Literal

from crm.assessing.engine import Engine, duckdb_in_memory, write_rows
from crm.assessing.shares import EVERYBODY, Share, Written
from crm.assessing.tables import TABLE_NAMES, schema_of
from crm.assessing.workspace import EngineWorkspace
from crm.importing.parts import quoted, rows_of
from domain.errors import BadInput

if TYPE_CHECKING:
    import duckdb
    from ibis import Table
    from ibis.backends.postgres import Backend

_SCHEMA = "peiban_facts"
_CHUNK = 1 << 20


class _PostgreSQL:
    """Answers `Engine`."""

    def __init__(self, connection: "Backend", writer: "duckdb.DuckDBPyConnection") -> None:
        self._connection, self._writer = connection, writer

    def shares(self, wanted: int | None = None) -> Sequence[Share]:  # noqa: ARG002  as it is for all engines
        """Everybody: the engine puts by on disk what it has no room for."""
        return (EVERYBODY,)

    def workspace(
        self,
        day: date,
        share: Share = EVERYBODY,
        written: Written | None = None,  # noqa: ARG002  as it is for all engines
    ) -> EngineWorkspace:
        tables = {name: self._connection.table(name, database=_SCHEMA) for name in TABLE_NAMES}
        return EngineWorkspace(self._connection, tables, day=day, share=share)

    def write(self, result: "Table", order: Sequence[str], file: Path) -> int:
        self._writer.register("result", result.to_pyarrow_batches(chunk_size=20_000))
        try:
            return write_rows(self._writer, "result", order, file)
        finally:
            self._writer.unregister("result")

    def stored(self, result: "Table", file: Path) -> "Table":  # noqa: ARG002  as it is for all engines
        """As it stands: the engine keeps it itself."""
        return result


@contextmanager
def postgresql_over(url: str, folder: Path, *, work: Path) -> Iterator[Engine]:
    """Open the snapshot in `folder` on the server; it is loaded if it is not there. Raises BadInput where the server cannot be reached."""
    try:
        raw = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
    except psycopg.OperationalError as error:
        raise BadInput(f"PostgreSQL does not answer: {str(error).splitlines()[0]}") from None
    with raw, duckdb_in_memory(memory="1GB", threads=1, spill=work) as writer:
        raw.execute("SET TIME ZONE 'UTC'")
        # First of all: with it Ibis teaches sqlglot its PostgreSQL, and sqlglot learns no more once it has written anything.
        connection = ibis.postgres.from_connection(raw)
        if _loaded(raw) != folder.name:
            _load(raw, folder, work)
        yield _PostgreSQL(connection, writer)


def _loaded(raw: psycopg.Connection) -> str | None:
    row = raw.execute("SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')", [_SCHEMA]).fetchone()
    return str(row[0]) if row and row[0] else None


def _load(raw: psycopg.Connection, folder: Path, work: Path) -> None:
    with raw.transaction(), duckdb_in_memory(memory="1GB", threads=1, spill=work) as reader:
        raw.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(_SCHEMA)))
        raw.execute(SQL("CREATE SCHEMA {}").format(Identifier(_SCHEMA)))
        for name in TABLE_NAMES:
            _load_table(raw, reader, folder, name, work)
        raw.execute(SQL("COMMENT ON SCHEMA {} IS {}").format(Identifier(_SCHEMA), Literal(folder.name)))
    raw.execute("ANALYZE")


def _load_table(raw: psycopg.Connection, reader: "duckdb.DuckDBPyConnection", folder: Path, name: str, work: Path) -> None:
    schema = schema_of(name)
    columns = schema.to_sqlglot_column_defs("postgres")
    table = SQL("{}.{}").format(Identifier(_SCHEMA), Identifier(name))
    raw.execute(SQL("CREATE TABLE {} ({})").format(table, SQL(", ".join(column.sql("postgres") for column in columns))))
    rows = rows_of(folder, name)
    if rows is None:
        return
    present = {row[0] for row in reader.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()}
    shared = [column for column in schema if column in present]
    listed = ", ".join(f'"{column}"' for column in shared)
    file = work / f"{name}.csv"
    reader.execute(f"COPY (SELECT {listed} FROM {rows}) TO {quoted(file)} (FORMAT csv, HEADER false)")
    into = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table, SQL(", ").join(map(Identifier, shared)))
    with file.open("rb") as read, raw.cursor() as cursor, cursor.copy(into) as copy:
        while chunk := read.read(_CHUNK):
            copy.write(chunk)
    file.unlink()
