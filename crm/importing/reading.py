"""One file of a delivery into a table of texts, streaming: nothing is judged here but whether the file can be read at all.

The table is `raw_<feed>` with every column of the contract as text (NULL where the file lacks it) and `g`, the place among the
well-formed rows, from 0.
"""

import csv
import io
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from crm.importing.schema import Feed, Type
from domain.errors import BadInput

_HEADER_BYTES = 1 << 16
_BLOCK_BYTES = 4 << 20
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", "，": "full-width commas"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """A row that has not as many cells as the header."""

    row: int
    cells: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """What was read. `malformed` rows are not in the table; `unknown` columns are left out."""

    feed: Feed
    rows: int
    malformed: tuple[Malformed, ...] = ()
    unknown: tuple[str, ...] = ()
    first_row: int = 2  # the header is row 1, as a spreadsheet shows it; Parquet has none and begins at 1

    def row(self, g: int) -> int:
        """The number in the file of the well-formed row at place `g`."""
        before = [bad.row - self.first_row - index for index, bad in enumerate(self.malformed)]
        return g + self.first_row + bisect_right(before, g)


def read_nothing(work: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Create the empty table of a feed that was not delivered."""
    columns = ", ".join(f'"{column.name}" VARCHAR' for column in feed.columns)
    work.execute(f"CREATE TABLE raw_{feed.name} (g BIGINT, {columns})")


def read_file(work: duckdb.DuckDBPyConnection, feed: Feed, path: Path) -> RawFile:
    """Read `.csv`, `.csv.gz` or `.parquet`. Raises BadInput for whatever makes the whole file unusable."""
    return _read_parquet(work, feed, path) if path.suffix == ".parquet" else _read_csv(work, feed, path)


def _read_csv(work: duckdb.DuckDBPyConnection, feed: Feed, path: Path) -> RawFile:
    import pyarrow as pa  # lazy: only an import reads files, and it costs 30 MB
    from pyarrow import csv as arrow_csv

    try:
        header = _header(path, pa)
        unknown = _unknown(feed, header, path.name)
        malformed: list[Malformed] = []

        def skip(bad: Any) -> str:
            malformed.append(Malformed(row=bad.number, cells=bad.actual_columns, expected=bad.expected_columns))
            return "skip"

        with _open(path, pa) as stream:
            reader = arrow_csv.open_csv(
                stream,
                read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
                parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
                convert_options=arrow_csv.ConvertOptions(
                    column_types={name: pa.string() for name in header}, strings_can_be_null=True, null_values=[""]
                ),
            )
            rows = _store(work, feed, _numbered(reader, header, pa), set(header))
    except pa.ArrowInvalid as fault:
        raise BadInput(_csv_fault(path.name, str(fault))) from None
    except (UnicodeDecodeError, duckdb.Error) as fault:
        # A fault of the stream reaches us through DuckDB, which pulls the batches.
        raise BadInput(_csv_fault(path.name, str(fault))) from None
    except OSError as fault:
        raise BadInput(f"{path.name} cannot be read to its end ({str(fault)[:80]}); was it copied whole?") from None
    return RawFile(feed=feed, rows=rows, malformed=tuple(malformed), unknown=unknown)


def _open(path: Path, pa: Any) -> Any:
    file = pa.OSFile(str(path), "rb")
    return pa.CompressedInputStream(file, "gzip") if path.name.endswith(".gz") else file


def _header(path: Path, pa: Any) -> list[str]:
    with _open(path, pa) as stream:
        start = stream.read(_HEADER_BYTES)
    line, newline, _ = start.partition(b"\n")
    if not newline and len(start) == _HEADER_BYTES:
        raise BadInput(f"{path.name} has no header line; the first line names the columns")
    return next(csv.reader(io.StringIO(line.decode("utf-8-sig").strip("\r"))), [])


def _unknown(feed: Feed, header: list[str], name: str) -> tuple[str, ...]:
    """Judge the header and return the columns that the contract does not know."""
    known = {column.name for column in feed.columns}
    if not any(header):
        raise BadInput(f"{name} has no header line; the first line names the columns")
    missing = [column.name for column in feed.columns if column.required and column.name not in header]
    if missing:
        for separator, word in _SEPARATORS.items():
            if len(header) == 1 and separator in header[0]:
                raise BadInput(f"{name} is separated by {word}; the contract wants commas")
        raise BadInput(f"{name} lacks the column {', '.join(missing)}; see docs/data-contract.md")
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise BadInput(f"{name} has the column {', '.join(twice)} twice")
    return tuple(column for column in header if column not in known)


def _numbered(reader: Any, header: list[str], pa: Any) -> Any:
    """The batches with `g` in front, as one stream: rows are never all in memory."""
    schema = pa.schema([("g", pa.int64()), *((name, pa.string()) for name in header)])

    def batches() -> Any:
        place = 0
        for batch in reader:
            numbers = pa.array(range(place, place + batch.num_rows), pa.int64())
            place += batch.num_rows
            yield pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _store(work: duckdb.DuckDBPyConnection, feed: Feed, stream: Any, present: set[str]) -> int:
    texts = ", ".join(
        f'"{column.name}"' if column.name in present else f'CAST(NULL AS VARCHAR) AS "{column.name}"' for column in feed.columns
    )
    work.register("incoming", stream)
    work.execute(f"CREATE TABLE raw_{feed.name} AS SELECT g, {texts} FROM incoming")
    work.unregister("incoming")
    return _count(work, feed)


def _csv_fault(name: str, fault: str) -> str:
    if "UTF8" in fault or "utf-8" in fault or "Invalid unicode" in fault:
        return f"{name} is not UTF-8 (perhaps GBK); save it as UTF-8"
    if "Truncated" in fault or "inflate" in fault:
        return f"{name} is cut off or not gzip; copy it again"
    return f"{name} cannot be read as CSV: {fault.splitlines()[0][:100]}"


_FITTING = {
    Type.MONEY: ("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "VARCHAR"),
    Type.RATE: ("DECIMAL", "BIGINT", "INTEGER", "VARCHAR"),
    Type.INTEGER: ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "VARCHAR"),
    Type.INSTANT: ("TIMESTAMP WITH TIME ZONE", "VARCHAR"),
    Type.DATE: ("DATE", "VARCHAR"),
    Type.BOOLEAN: ("BOOLEAN", "VARCHAR"),
    Type.ID: ("VARCHAR",),
    Type.TEXT: ("VARCHAR",),
    Type.LIST: ("VARCHAR",),
}


def _read_parquet(work: duckdb.DuckDBPyConnection, feed: Feed, path: Path) -> RawFile:
    try:
        described = work.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(path)}).fetchall()
        types = {str(row[0]): str(row[1]) for row in described}
        unknown = _unknown(feed, list(types), path.name)
        for column in feed.columns:
            stored = types.get(column.name)
            if stored is not None and stored != '"NULL"' and not stored.startswith(_FITTING[column.type]):
                raise BadInput(f"{path.name}: the column {column.name} is {stored}; write it as {_FITTING[column.type][0]}")
        texts = ", ".join(f'{_as_text(types.get(column.name), column.name)} AS "{column.name}"' for column in feed.columns)
        work.execute(
            f"CREATE TABLE raw_{feed.name} AS SELECT file_row_number AS g, {texts} FROM read_parquet($path, file_row_number = true)",
            {"path": str(path)},
        )
    except duckdb.Error as fault:
        raise BadInput(f"{path.name} cannot be read as Parquet: {str(fault).splitlines()[0][:100]}") from None
    return RawFile(feed=feed, rows=_count(work, feed), unknown=unknown, first_row=1)


def _as_text(stored: str | None, name: str) -> str:
    if stored is None:
        return "CAST(NULL AS VARCHAR)"
    if stored == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(\"{name}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%f') || 'Z'"
    return f'CAST("{name}" AS VARCHAR)'


def _count(work: duckdb.DuckDBPyConnection, feed: Feed) -> int:
    found = work.execute(f"SELECT count(*) FROM raw_{feed.name}").fetchone()
    assert found is not None
    return int(found[0])
