"""One file of a delivery as `raw_<feed>`, streaming: nothing is judged here but whether the file can be read at all.

`raw_<feed>` has every column of the contract (NULL where the file lacks it) and `g`, the place among the well-formed rows, from 0. Of a
CSV file it is a table of texts; of Parquet it is a view of the file itself, with the types that are stored there: nothing is copied.
"""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from crm.importing.faults import is_full, parquet_fault
from crm.importing.schema import Feed, Type
from domain.errors import BadInput

_HEADER_BYTES = 1 << 16
_BLOCK_BYTES = 4 << 20
_DECIMAL_DIGITS = 18  # with more, comparing with money would leave the decimals
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", "，": "full-width commas"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """A row that has not as many cells as the header."""

    row: int
    cells: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """What was read. `malformed` rows are not in `raw_<feed>`; `unknown` columns are left out; `stored` has the SQL type of each column."""

    feed: Feed
    rows: int
    malformed: tuple[Malformed, ...] = ()
    unknown: tuple[str, ...] = ()
    stored: dict[str, str] = field(default_factory=dict)  # VARCHAR where it says nothing
    first_row: int = 2  # the header is row 1, as a spreadsheet shows it; Parquet has none and begins at 1

    def numbering(self) -> Callable[[int], int]:
        """Tells the number in the file of the well-formed row at place `g`."""
        before = [bad.row - self.first_row - index for index, bad in enumerate(self.malformed)]
        return lambda g: g + self.first_row + bisect_right(before, g)


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
        # A fault of the stream reaches us through DuckDB, which pulls the batches; so does one of the disk that it writes to.
        if is_full(fault):
            raise
        raise BadInput(_csv_fault(path.name, str(fault))) from None
    except OSError as fault:
        if is_full(fault):
            raise
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
            numbers = pa.array(np.arange(place, place + batch.num_rows, dtype=np.int64))
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
    return count(work, f"raw_{feed.name}")


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
# Of these a value can be judged as it is; whatever else fits (lists, long decimals) is judged as the text that it prints as.
_JUDGED_AS_STORED = ("VARCHAR", "DATE", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "UINTEGER", "BIGINT", "TIMESTAMP WITH TIME ZONE")


def _read_parquet(work: duckdb.DuckDBPyConnection, feed: Feed, path: Path) -> RawFile:
    file = f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}', file_row_number = true)"
    try:
        described = work.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {file}").fetchall()
        types = {str(row[0]): str(row[1]) for row in described}
        unknown = _unknown(feed, list(types), path.name)
        for column in feed.columns:
            stored = types.get(column.name)
            if stored is not None and stored != '"NULL"' and not stored.startswith(_FITTING[column.type]):
                raise BadInput(f"{path.name}: the column {column.name} is {stored}; write it as {_FITTING[column.type][0]}")
        kept = {column.name: types[column.name] for column in feed.columns if _is_judged_as_stored(types.get(column.name, ""))}
        values = ", ".join(f'{_value(column.name, types, kept)} AS "{column.name}"' for column in feed.columns)
        work.execute(f"CREATE VIEW raw_{feed.name} AS SELECT file_row_number AS g, {values} FROM {file}")
        rows = count(work, f"raw_{feed.name}")
    except duckdb.Error as fault:
        raise BadInput(parquet_fault(path.name, fault)) from None
    return RawFile(feed=feed, rows=rows, unknown=unknown, stored=kept, first_row=1)


def _is_judged_as_stored(stored: str) -> bool:
    digits = re.fullmatch(r"DECIMAL\((\d+),\d+\)", stored)
    return stored in _JUDGED_AS_STORED or (digits is not None and int(digits[1]) <= _DECIMAL_DIGITS)


def _value(name: str, types: dict[str, str], kept: dict[str, str]) -> str:
    if name not in types:
        return "CAST(NULL AS VARCHAR)"
    return f'"{name}"' if name in kept else f'CAST("{name}" AS VARCHAR)'


def count(work: duckdb.DuckDBPyConnection, rows: str) -> int:
    """How many rows; `rows` is what follows FROM."""
    # Fetched to the end: a result that is half read would keep the connection from the next file.
    ((found,),) = work.execute(f"SELECT count(*) FROM {rows}").fetchall()
    return int(found)
