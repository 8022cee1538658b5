"""Columns of the contract out of plain numpy arrays, without a Python object per value."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

INSTANT = pa.timestamp("us", tz="Asia/Shanghai")


def cents(values: NDArray[Any], missing: Flags | None = None, *, kind: pa.DataType | None = None) -> pa.Array:
    """Integers of cents as money: the point is moved, nothing is divided. `kind` moves it elsewhere, as for a rate."""
    whole = np.asarray(values, dtype=np.int64)
    wide = np.empty((len(whole), 2), dtype=np.int64)
    wide[:, 0] = whole
    wide[:, 1] = whole >> 63
    return pa.Array.from_buffers(kind or pa.decimal128(15, 2), len(whole), [_bits(missing), pa.py_buffer(wide)])


def rates(percent: NDArray[Any], missing: Flags | None = None) -> pa.Array:
    """Percentages with four decimals."""
    return cents(np.round(np.asarray(percent, dtype=np.float64) * 10_000).astype(np.int64), missing, kind=pa.decimal128(9, 4))


def instants(seconds: NDArray[Any]) -> pa.Array:
    """Seconds since 1970 UTC; -1 is missing."""
    whole = np.asarray(seconds, dtype=np.int64)
    return pa.Array.from_buffers(INSTANT, len(whole), [_bits(whole == -1), pa.py_buffer(whole * 1_000_000)])


def days(ordinals: NDArray[Any]) -> pa.Array:
    """Days since 1970; -1 is missing."""
    whole = np.ascontiguousarray(ordinals, dtype=np.int32)
    return pa.Array.from_buffers(pa.date32(), len(whole), [_bits(whole == -1), pa.py_buffer(whole)])


def words(places: NDArray[Any], pool: Sequence[str] | pa.Array) -> pa.Array:
    """The words at these places of the pool; a place below zero is missing."""
    whole = np.ascontiguousarray(places, dtype=np.int32)
    keys = pa.Array.from_buffers(pa.int32(), len(whole), [_bits(whole < 0), pa.py_buffer(whole)])
    return pa.DictionaryArray.from_arrays(keys, pa.array(pool, pa.string()))


def texts(values: NDArray[Any] | Sequence[Any]) -> pa.Array:
    """Text; an empty one is missing."""
    array = pa.array(np.asarray(values, dtype=object), pa.string())
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def identifiers(prefix: str, *parts: tuple[NDArray[Any], int], missing: Flags | None = None) -> pa.Array:
    """The prefix and then each number with its count of digits, as `C` and (7, 6) make `C000007`."""
    head = np.frombuffer(prefix.encode(), dtype=np.uint8)
    rows = len(parts[0][0])
    text = np.empty((rows, len(head) + sum(width for _, width in parts)), dtype=np.uint8)
    text[:, : len(head)] = head
    begin = len(head)
    for numbers, width in parts:
        rest = np.asarray(numbers, dtype=np.int64)
        for place in range(begin + width - 1, begin - 1, -1):
            rest, digit = np.divmod(rest, 10)
            text[:, place] = digit + 48
        begin += width
    offsets = np.arange(0, (rows + 1) * text.shape[1], text.shape[1], dtype=np.int32) if rows else np.zeros(1, dtype=np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text), _bits(missing))


def _bits(missing: Flags | None) -> pa.Buffer | None:
    if missing is None or not missing.any():
        return None
    return pa.py_buffer(np.packbits(~missing, bitorder="little"))
