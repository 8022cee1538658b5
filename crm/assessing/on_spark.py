"""Stages on Spark: it reads the Parquet files of a snapshot where they lie. Results are tables of a warehouse that ends with the run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
from ibis import Schema
from ibis.backends.sql.datatypes import DuckDBType

from crm.assessing.engine import Engine, duckdb_in_memory, write_rows
from crm.assessing.tables import TABLE_NAMES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.parts import files_of, quoted
from domain.errors import BadInput

if TYPE_CHECKING:
    import duckdb
    from ibis import Table
    from ibis.backends.pyspark import Backend


class _SparkWorkspace(EngineWorkspace):
    """Spark has no temporary tables that are computed once; a table of the warehouse is."""

    def __init__(self, connection: "Backend", tables: Mapping[str, "Table"], *, day: date) -> None:
        super().__init__(connection, tables, day=day)
        self.schemas: dict[str, Schema] = {}

    def keep(self, expression: "Table") -> "Table":
        self._kept += 1
        name = f"kept_{self._kept}"
        self.schemas[name] = expression.schema()
        return self.connection.create_table(name, expression)


class _Spark:
    """Answers `Engine`."""

    def __init__(self, connection: "Backend", tables: Mapping[str, "Table"], writer: "duckdb.DuckDBPyConnection", warehouse: Path) -> None:
        self._connection, self._tables, self._writer, self._warehouse = connection, tables, writer, warehouse
        self._schemas: dict[str, Schema] = {}

    def workspace(self, day: date) -> EngineWorkspace:
        workspace = _SparkWorkspace(self._connection, self._tables, day=day)
        self._schemas = workspace.schemas
        return workspace

    def write(self, result: "Table", order: Sequence[str], file: Path) -> int:
        # Spark is free in its types (a whole number of four bytes): the result has those that the stage says.
        types = ((name, DuckDBType.from_ibis(one).sql("duckdb")) for name, one in self._schemas[result.get_name()].items())
        columns = ", ".join(f'CAST("{name}" AS {one}) AS "{name}"' for name, one in types)
        rows = f"read_parquet({quoted(self._warehouse / result.get_name() / '*.parquet')})"
        return write_rows(self._writer, f"(SELECT {columns} FROM {rows})", order, file)


@contextmanager
def spark_over(url: str, folder: Path, *, memory: str, threads: int, work: Path) -> Iterator[Engine]:
    """Open the snapshot in `folder` on a Spark of this process, or of the master that the URL names. Raises BadInput without PySpark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise BadInput("PySpark is not installed: pip install 'pyspark>=4.0,<4.1', and a Java runtime of version 17") from None
    warehouse = work / "warehouse"
    options = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(warehouse),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": str(threads * 2),
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(work / "spark"),
    }
    builder = SparkSession.builder.master(f"local[{threads}]" if url == "spark" else url).appName("peiban assess")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        connection = ibis.pyspark.connect(session)
        tables = {}
        for name in TABLE_NAMES:
            if files := files_of(folder, name):
                session.read.parquet(*map(str, files)).createOrReplaceTempView(name)
                tables[name] = connection.table(name)
        with duckdb_in_memory(memory="1GB", threads=1, spill=work) as writer:
            yield _Spark(connection, tables, writer, warehouse)
    finally:
        session.stop()
