"""Files of the data contract, byte for byte the same for the same values."""

import csv
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

BALANCES = pa.schema(
    [("account_id", pa.string()), ("on", pa.date32()), ("balance", pa.decimal128(15, 2)), ("balance_cny", pa.decimal128(15, 2))]
)
TRANSACTIONS = pa.schema(
    [
        ("transaction_id", pa.string()),
        ("account_id", pa.string()),
        ("at", pa.timestamp("us", tz="Asia/Shanghai")),
        ("amount", pa.decimal128(15, 2)),
        ("currency", pa.string()),
        ("amount_cny", pa.decimal128(15, 2)),
        ("initiator", pa.string()),
        ("kind", pa.string()),
        ("channel", pa.string()),
        ("counterparty", pa.string()),
        ("counterparty_account", pa.string()),
        ("own_transfer", pa.bool_()),
        ("reversal", pa.bool_()),
        ("reverses", pa.string()),
    ]
)


def write_csv(path: Path, rows: Iterable[dict[str, object]]) -> int:
    """Write rows that all have the same columns; None is an empty cell. Returns how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            if count == 0:
                writer = csv.DictWriter(file, list(row), lineterminator="\n")
                writer.writeheader()
            writer.writerow(row)
            count += 1
    if count == 0:
        path.unlink()  # a feed without rows is a missing feed
    return count


def write_manifest(path: Path, *, bank: str, as_of: date) -> None:
    """Say what the folder is."""
    body = {"contract": 1, "bank": bank, "as_of": as_of.isoformat(), "time_zone": "Asia/Shanghai", "source": "core", "sandbox": True}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


class ParquetFile:
    """A Parquet file that grows customer by customer and is written in groups of rows."""

    _GROUP = 50_000

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._columns: list[list[Any]] = [[] for _ in schema]
        self.rows = 0

    def add(self, row: tuple[Any, ...]) -> None:
        """Append a row in the order of the schema. Money is an integer of cents."""
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        self.rows += 1
        if len(self._columns[0]) >= self._GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        arrays = [_array(values, field.type) for values, field in zip(self._columns, self._schema, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._columns = [[] for _ in self._schema]


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if not pa.types.is_decimal(kind):
        return pa.array(values, kind)
    # Cents become a decimal by moving the point, not by a division.
    whole = b"".join((value or 0).to_bytes(16, "little", signed=True) for value in values)
    present = pa.array([value is not None for value in values], pa.bool_())
    return pa.Array.from_buffers(kind, len(values), [present.buffers()[1], pa.py_buffer(whole)])
