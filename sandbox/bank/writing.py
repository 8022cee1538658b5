"""The folder of a bank, written feed by feed and chunk by chunk: the same tables in the same order write the same bytes."""

import gzip
import json
import shutil
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from sandbox.bank.booked import Booked
from sandbox.bank.columns import cents
from sandbox.bank.contract import feeds, schema
from sandbox.contract import contract

__all__ = ["FORMATS", "Folder", "cents"]

FORMATS = ("parquet", "csv", "csv.gz")
# What grows with the months of the bank, not with its customers.
_BIG = frozenset({"balances", "holdings", "transactions", "repayments", "app_events", "contacts", "transfers", "responses", "ceilings"})
_GROUP = 200_000
_EAST = 8 * 3_600_000_000


class _File(Protocol):
    def write(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class Folder:
    """A folder that is being written. Entering it removes what an earlier bank left there; other files stay.

    A feed to which no row is added is no file. `format` forces one format for all feeds.
    """

    def __init__(self, out: Path, format: str | None = None) -> None:  # noqa: A002  the word of the command line
        if format is not None and format not in FORMATS:
            raise ValueError(f"a bank is written as {', '.join(FORMATS)}, not as {format}")
        self.out = out
        self.rows: dict[str, int] = {}
        self.booked: dict[bool, Booked] = {}  # of the chunk that is being written: entries of persons (False) and of companies (True)
        self._format = format
        self._files: dict[tuple[str, bool], _File] = {}

    def __enter__(self) -> Self:
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / "manifest.json").unlink(missing_ok=True)
        for name in feeds():
            for ending in FORMATS:
                (self.out / f"{name}.{ending}").unlink(missing_ok=True)
        shutil.rmtree(self.out / "truth", ignore_errors=True)
        (self.out / "truth").mkdir()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        for file in self._files.values():
            file.close()

    def add(self, feed: str, table: pa.Table, *, truth: bool = False) -> None:
        """Append rows. Columns may come in any order and those left out are empty; one that the contract does not know is a mistake."""
        wanted = schema(feed, truth=truth)
        if unknown := set(table.column_names) - set(wanted.names):
            raise ValueError(f"{feed} has no {', '.join(sorted(unknown))}")
        if table.num_rows == 0:
            return
        columns = [
            _as(table.column(field.name), field.type) if field.name in table.column_names else pa.nulls(table.num_rows, field.type)
            for field in wanted
        ]
        if (feed, truth) not in self._files:
            self._files[feed, truth] = self._open(feed, truth=truth)
        self._files[feed, truth].write(pa.table(columns, schema=wanted))
        self.rows[feed] = self.rows.get(feed, 0) + table.num_rows

    def manifest(self, *, bank: str, as_of: date) -> None:
        """Say what the folder is. Written last: a folder without it is no bank."""
        known = contract()
        body = {
            "contract": known["contract"],
            "bank": bank,
            "as_of": as_of.isoformat(),
            "time_zone": known["time_zone"],
            "source": "core",
            "sandbox": True,
        }
        (self.out / "manifest.json").write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _open(self, feed: str, *, truth: bool) -> _File:
        ending = self._format or ("parquet" if feed in _BIG else "csv")
        path = (self.out / "truth" if truth else self.out) / f"{feed}.{ending}"
        known = schema(feed, truth=truth)
        return _Parquet(path, known) if ending == "parquet" else _Csv(path, known, packed=ending.endswith("gz"))


class _Parquet:
    def __init__(self, path: Path, known: pa.Schema) -> None:
        # A key that is never the same twice gains nothing from a dictionary.
        plain = {"transaction_id", "event_id", "contact_id", "at", "outcome_at", "amount", "balance"}
        repeated = [field.name for field in known if field.name not in plain]
        self._writer = pq.ParquetWriter(path, known, compression="zstd", use_dictionary=repeated, store_decimal_as_integer=True)
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._rows >= _GROUP:
            self._flush()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=_GROUP)
        self._waiting, self._rows = [], 0


class _Csv:
    def __init__(self, path: Path, known: pa.Schema, *, packed: bool) -> None:
        self._raw: IO[bytes] = path.open("wb")
        # No name and no time in the header of the archive: they would differ from run to run.
        self._file = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=6) if packed else self._raw
        self._file.write((",".join(known.names) + "\n").encode())

    def write(self, table: pa.Table) -> None:
        shown = pa.table([_shown(column) for column in table.columns], names=table.column_names)
        quoted = any(_needs_quotes(column) for column in shown.columns)
        how = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed" if quoted else "none")
        sink = pa.BufferOutputStream()
        pyarrow.csv.write_csv(shown, sink, how)
        self._file.write(sink.getvalue())

    def close(self) -> None:
        if self._file is not self._raw:
            self._file.close()
        self._raw.close()


def _as(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == kind else column.cast(kind)


def _shown(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Instants are written with their offset; all else as the library does."""
    if not pa.types.is_timestamp(column.type):
        return column
    local = pc.add(column.cast(pa.int64()), _EAST).cast(pa.timestamp("us")).cast(pa.timestamp("s"), safe=False)
    return pc.binary_join_element_wise(pc.strftime(local, format="%Y-%m-%dT%H:%M:%S"), "+08:00", "")


def _needs_quotes(column: pa.ChunkedArray) -> bool:
    return pa.types.is_string(column.type) and bool(pc.any(pc.match_substring_regex(column, '[",\n\r]')).as_py())
