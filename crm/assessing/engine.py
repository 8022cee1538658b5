"""DuckDB over the files of a snapshot, as an Ibis connection with its tables."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crm.assessing.tables import TABLE_NAMES
from crm.importing.parts import rows_of

if TYPE_CHECKING:
    from ibis import Table
    from ibis.backends.duckdb import Backend


@contextmanager
def duckdb_over(folder: Path, *, memory: str, threads: int, spill: Path | None = None) -> Iterator[tuple["Backend", Mapping[str, "Table"]]]:
    """Open the tables of a snapshot in an in-memory DuckDB. What does not fit into `memory` goes to `spill`; without that it fails."""
    import duckdb
    import ibis

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
        found = {name: rows for name in TABLE_NAMES if (rows := rows_of(folder, name))}
        for name, rows in found.items():
            raw.execute(f"CREATE VIEW {name} AS SELECT * FROM {rows}")
        connection = ibis.duckdb.from_connection(raw)
        yield connection, {name: connection.table(name) for name in found}
    finally:
        raw.close()
