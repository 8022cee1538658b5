"""Small Parquet files of a snapshot: rows of this import after those of the imports before."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.importing.parts import quoted, rows_of

if TYPE_CHECKING:
    import duckdb


def write_rows(
    work: "duckdb.DuckDBPyConnection", target: Path, columns: dict[str, str], rows: Sequence[dict[str, Any]], *, after: Path | None = None
) -> None:
    """Write the rows, behind those of the file `after` if there is one. `columns` gives names and SQL types."""
    named = ", ".join(f'CAST(unnest(CAST(? AS VARCHAR[])) AS {kind}) AS "{name}"' for name, kind in columns.items())
    own = work.cursor()  # an answer half read on the connection does not stand in the way
    try:
        old = f"SELECT {', '.join(_name(name) for name in columns)} FROM read_parquet({quoted(after)}) UNION ALL " if after else ""
        values = [[_plain(row[name]) for row in rows] for name in columns]
        own.execute(f"COPY ({old}SELECT {named}) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)", values)
    finally:
        own.close()


def present(folder: Path | None, name: str) -> Path | None:
    """The file of a snapshot, if the snapshot has it: those of older versions lack some."""
    path = folder and folder / name
    return path if path and path.is_file() else None


def _name(name: str) -> str:
    return f'"{name}"'


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


def table_rows(folder: Path | None, table: str) -> str | None:
    """A fact table of a snapshot as SQL to select from, or None where there is no snapshot or it lacks the table."""
    return rows_of(folder, table) if folder else None
