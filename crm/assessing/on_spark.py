"""Stages on Spark: it reads the Parquet files of a snapshot where they lie. Results are tables of a warehouse that ends with the run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from crm.assessing.engine import Engine, duckdb_in_memory, write_rows
from crm.assessing.shares import EVERYBODY, Share, Written
from crm.assessing.tables import TABLE_NAMES
from crm.assessing.workspace import EngineWorkspace
from crm.importing.parts import files_of, quoted
from domain.errors import BadInput

if TYPE_CHECKING:
    import duckdb
    from ibis import Table
    from ibis.backends.pyspark import Backend


#: Of a bank of so few bytes the rows are gone through sooner than code for them is compiled or work for them is parted.
_SMALL = 64_000_000
_AS_IT_STANDS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


class _SparkWorkspace(EngineWorkspace):
    """Spark has no temporary tables that are computed once; a table of the warehouse is."""

    def _computed(self, expression: "Table") -> "Table":
        from ibis.backends.pyspark.datatypes import PySparkType  # lazy: needs PySpark

        self._kept += 1
        name, view = f"kept_{self._kept}", f"asked_{self._kept}"
        self.connection.create_view(view, expression)
        # Spark is free in its types (1.0 is a decimal, a count a number of four bytes): kept are those that the stage says.
        types = ((column, PySparkType.from_ibis(one).simpleString()) for column, one in expression.schema().items())
        columns = ", ".join(f"CAST(`{column}` AS {one}) AS `{column}`" for column, one in types)
        self.connection.raw_sql(f"CREATE TABLE {name} USING parquet AS SELECT {columns} FROM {view}")
        return self.connection.table(name)


class _Spark:
    """Answers `Engine`."""

    def __init__(self, connection: "Backend", tables: Mapping[str, "Table"], writer: "duckdb.DuckDBPyConnection", warehouse: Path) -> None:
        self._connection, self._tables, self._writer, self._warehouse = connection, tables, writer, warehouse

    def shares(self, wanted: int | None = None) -> Sequence[Share]:  # noqa: ARG002  as it is for all engines
        """Everybody: the engine puts by on disk what it has no room for."""
        return (EVERYBODY,)

    def workspace(
        self,
        day: date,
        share: Share = EVERYBODY,
        written: Written | None = None,  # noqa: ARG002  as it is for all engines
    ) -> EngineWorkspace:
        return _SparkWorkspace(self._connection, self._tables, day=day, share=share, views=True)

    def write(self, result: "Table", order: Sequence[str], file: Path) -> int:
        rows = f"read_parquet({quoted(self._warehouse / result.get_name() / '*.parquet')})"
        return write_rows(self._writer, rows, order, file)

    def stored(self, result: "Table", file: Path) -> "Table":  # noqa: ARG002  as it is for all engines
        """As it stands: the engine keeps it itself."""
        return result


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
    if sum(file.stat().st_size for name in TABLE_NAMES for file in files_of(folder, name)) < _SMALL:
        options |= _AS_IT_STANDS
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
