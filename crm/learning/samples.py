"""The rows to learn from: a customer on a day, what was known then, what became of them, and who is kept for measuring."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from crm.learning.additive import Column
from crm.learning.cutting import Floats
from crm.learning.definitions import definitions
from crm.learning.leaks import LeftOut
from domain.errors import BadInput

_RULE = "rule_"


class NotEnoughHistory(BadInput):
    """There is too little to learn from, or to measure on."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not enough history: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of one time, each with its day. Columns that begin with `rule_` are verdicts of a rule, and no features."""

    days: list[date]
    customers: list[str]
    columns: dict[str, Column]
    labels: Floats

    def only(self, kept: NDArray[np.bool_]) -> "Part":
        """The rows that are kept."""
        return Part(
            days=[one for one, stays in zip(self.days, kept, strict=True) if stays],
            customers=[one for one, stays in zip(self.customers, kept, strict=True) if stays],
            columns={name: one[kept] for name, one in self.columns.items()},
            labels=self.labels[kept],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Rows of all days. `split` says how those to measure on were chosen: the latest day (`time`), or a share of `customers`."""

    customers: list[str]
    days: list[date]
    labels: Floats
    columns: dict[str, Column]
    rule: dict[str, Column]
    measured_on: NDArray[np.bool_]
    split: str
    labelled_by: str  # outcomes | attribute | contacts | silence
    horizon: int
    left_out: list[LeftOut]


def sampled(parts: Sequence[Part], *, left_out: list[LeftOut], labelled_by: str, horizon: int) -> Samples:
    """One table of all parts, oldest first. The last is for measuring, or a share of customers where that leaves too little."""
    customers = [one for part in parts for one in part.customers]
    days = [day for part in parts for day in part.days]
    labels = np.concatenate([part.labels for part in parts]) if parts else np.array([])
    columns = {name: _stacked(parts, name) for name in sorted({name for part in parts for name in part.columns})}
    last = len(parts[-1].customers) if len(parts) > 1 else len(customers)
    measured_on, split = np.arange(len(customers)) >= len(customers) - last, "time"
    if _too_few(labels[~measured_on], definitions().least) or _too_few(labels[measured_on], definitions().least_test):
        measured_on = np.array([parted(one, definitions().measured_on, salt="measured") for one in customers], dtype=bool)
        split = "customers"
    return Samples(
        customers=customers,
        days=days,
        labels=labels,
        columns={name: one for name, one in columns.items() if not name.startswith(_RULE)},
        rule={name: one for name, one in columns.items() if name.startswith(_RULE)},
        measured_on=measured_on,
        split=split,
        labelled_by=labelled_by,
        horizon=horizon,
        left_out=left_out,
    )


def parted(customer: str, share: float, *, salt: str) -> bool:
    """Whether a customer falls into a share of all, always the same one."""
    digest = hashlib.sha256(f"{salt}/{customer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def columns_of(table: pa.Table) -> dict[str, Column]:
    """The columns of an engine's answer, but for the customer, as numbers and words."""
    found: dict[str, Column] = {}
    for name in table.column_names:
        if name == "customer_id":
            continue
        values = table[name].to_pylist()
        if pa.types.is_string(table.schema.field(name).type) or pa.types.is_large_string(table.schema.field(name).type):
            found[name] = np.array(values, dtype=object)
        else:
            found[name] = np.array([np.nan if one is None else float(one) for one in values], dtype=np.float64)
    return found


def texts(table: pa.Table, name: str) -> list[str]:
    """A column of words that are never missing."""
    return [str(one) for one in table[name].to_pylist()]


def _stacked(parts: Sequence[Part], name: str) -> Column:
    """One feature of all days: words where any day has words, and missing on a day that did not have it."""
    pieces = [part.columns.get(name) for part in parts]
    if any(piece is not None and piece.dtype == object for piece in pieces):
        return np.concatenate(
            [_worded(piece) if piece is not None else np.full(len(part.customers), None) for piece, part in zip(pieces, parts, strict=True)]
        )
    return np.concatenate(
        [piece if piece is not None else np.full(len(part.customers), np.nan) for piece, part in zip(pieces, parts, strict=True)]
    )


def _worded(column: Column) -> Column:
    if column.dtype == object:
        return column
    return np.array([None if np.isnan(one) else f"{one:g}" for one in column], dtype=object)


def _too_few(labels: Floats, least: int) -> bool:
    return bool(labels.sum() < least or (1 - labels).sum() < least)
