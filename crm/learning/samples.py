"""The rows to learn from: a customer on a day, what was known then, and what became of them.

Where there is history, days of the past are taken four weeks apart, and the last of them is kept for measuring: nothing is learned from a
day whose outcome was not yet known on that last day. Where there is none, the attributes that a bank brings are taken on their own days.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from crm.assessing.engine import duckdb_over
from crm.assessing.workspace import EngineWorkspace
from crm.learning.additive import Column, Floats
from crm.learning.attributes import pivoted
from crm.learning.definitions import Target, definitions
from crm.learning.leaks import LeftOut, Why, by_name
from crm.learning.observed import observed
from crm.learning.outcomes import bought, kinds_of, named, silent
from domain.errors import BadInput

_MEMORY, _THREADS = "3GB", 2
_RULE = "rule_"


class NotEnoughHistory(BadInput):
    """There is too little to learn from, or to measure on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Rows in the order of day and customer. `rule` has the verdicts of the rule on the same rows, where there is one."""

    customers: list[str]
    days: list[date]
    labels: Floats
    columns: dict[str, Column]
    rule: dict[str, Floats]
    measured_on: NDArray[np.bool_]
    learned_from: NDArray[np.bool_]
    split: str  # time | customers
    labelled_by: str  # outcomes | contacts | silence
    horizon: int
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The snapshot to learn from, as of a day."""

    folder: Path
    as_of: date

    def read(self, day: date) -> "_Reading":
        """The facts as of the day."""
        return _Reading(self.folder, day)


class _Reading:
    """A workspace of its own for every day: results of one day are not those of another."""

    def __init__(self, folder: Path, day: date) -> None:
        self._opened = duckdb_over(folder, memory=_MEMORY, threads=_THREADS)
        self._day = day

    def __enter__(self) -> EngineWorkspace:
        connection, tables = self._opened.__enter__()
        return EngineWorkspace(connection, tables, day=self._day)

    def __exit__(self, *why: object) -> None:
        self._opened.__exit__(None, None, None)


def gathered(source: Source, target: Target, *, kind: str | None, horizon: int | None, keep: Collection[str]) -> Samples:
    """All rows. Raises NotEnoughHistory with one line that says what is missing."""
    with source.read(source.as_of) as work:
        kinds = kinds_of(work, target, kind)
        told = _told(work, target, kinds)
        first_on = work.table("transactions").aggregate(on=work.table("transactions").on.min()).to_pyarrow()["on"][0].as_py()
        attribute_days = _attribute_days(work)
    days, ahead = _days(source.as_of, first_on, horizon, by_silence=told is None)
    if days:
        return _of_history(source, target, told, days=days, horizon=ahead, keep=keep)
    if told is not None and attribute_days:
        return _of_attributes(source, told, keep=keep)
    raise NotEnoughHistory(
        f"not enough history: {_span(first_on, source.as_of)} of transactions, {definitions().history_days + ahead} days are needed"
        + ("" if told is not None else f", and no outcomes of kind {'/'.join(target.kinds)}")
    )


def today(source: Source, names: Iterable[str]) -> tuple[list[str], dict[str, Column]]:
    """What is known of everybody on the last day, for the features of a model."""
    with source.read(source.as_of) as work:
        table = observed(work).order_by("customer_id").to_pyarrow()
        customers = _texts(table, "customer_id")
        attributes = _attributes(work, source.as_of)
        if attributes.num_rows and not len(customers):
            customers = sorted(set(_texts(attributes, "customer_id")))
        columns = _columns(table) | _lined_up(attributes, customers)
    unknown = np.full(len(customers), np.nan)
    return customers, {name: columns.get(name, unknown) for name in names}


def parted(customer: str, share: float, *, salt: str) -> bool:
    """Whether a customer falls into a share of all, always the same one."""
    digest = hashlib.sha256(f"{salt}/{customer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def _told(work: EngineWorkspace, target: Target, kinds: list[str]) -> pa.Table | None:
    """Customers and days of what happened, or None where only silence can tell."""
    if kinds:
        return named(work, kinds).to_pyarrow()
    if target.name == "churn":
        return None
    found = bought(work).to_pyarrow()
    if not found.num_rows:
        raise NotEnoughHistory(f"not enough history: no outcomes of kind {'/'.join(target.kinds)} and no contact that ended in a purchase")
    return found


def _days(as_of: date, first_on: date | None, horizon: int | None, *, by_silence: bool) -> tuple[list[date], int]:
    """Days to learn from, the last to measure on, and how far ahead is looked."""
    rules = definitions()
    history = (as_of - first_on).days if first_on else 0
    silence = rules.silence["silent_days" if history >= rules.silence["enough_history_days"] else "short_days"]
    ahead = horizon or (silence if by_silence else rules.horizon_days)
    days: list[date] = []
    day = as_of - timedelta(days=ahead)
    while first_on and day - first_on >= timedelta(days=rules.history_days):
        days.append(day)
        # Learned from is only what was known by the day that is measured on.
        day = day - timedelta(days=ahead if len(days) == 1 else rules.step_days)
        if len(days) > rules.cutoffs:
            break
    return sorted(days), ahead


def _of_history(source: Source, target: Target, told: pa.Table | None, *, days: list[date], horizon: int, keep: Collection[str]) -> Samples:
    parts, left_out = [], [*by_name(sorted(_names(source)), keep=keep)]
    forbidden = {one.name for one in left_out}
    for day in days:
        with source.read(day) as work:
            table = observed(work).order_by("customer_id").to_pyarrow()
            attributes = _attributes(work, day)
        labels = _labels(source, told, day=day, horizon=horizon)
        customers = _texts(table, "customer_id")
        columns = _columns(table)
        in_play = _in_play(columns, customers, told, day=day, by_silence=told is None, horizon=horizon)
        columns |= {name: one for name, one in _lined_up(attributes, customers).items() if name not in forbidden}
        parts.append((day, customers, columns, np.array([one in labels for one in customers], dtype=np.float64), in_play))
    known = {name for _, _, columns, _, _ in parts for name in columns}
    left_out += [LeftOut(name=name, why=Why.AFTER) for name in sorted(_names(source) - known - forbidden)]
    return _joined(parts, left_out=left_out, labelled_by="silence" if told is None else "outcomes", horizon=horizon)


def _joined(
    parts: list[tuple[date, list[str], dict[str, Column], Floats, NDArray[np.bool_]]],
    *,
    left_out: list[LeftOut],
    labelled_by: str,
    horizon: int,
) -> Samples:
    """One table of all days, and who is learned from and who is measured on."""
    names = sorted({name for _, _, columns, _, _ in parts for name in columns})
    customers = [one for _, ids, _, _, kept in parts for one, stays in zip(ids, kept, strict=True) if stays]
    days = [day for day, _, _, _, kept in parts for _ in range(int(kept.sum()))]
    labels = np.concatenate([labels[kept] for _, _, _, labels, kept in parts])
    joined: dict[str, Column] = {}
    for name in names:
        pieces = [columns.get(name) for _, _, columns, _, _ in parts]
        words = any(piece is not None and piece.dtype == object for piece in pieces)
        filled = [
            (
                piece[kept]
                if piece is not None
                else np.full(int(kept.sum()), None if words else np.nan, dtype=object if words else np.float64)
            )
            for piece, (_, _, _, _, kept) in zip(pieces, parts, strict=True)
        ]
        joined[name] = np.concatenate([_worded(one) if words else one for one in filled])
    last = max(days, default=date.min)
    measured_on = np.array([day == last for day in days])
    split = "time"
    if _too_few(labels[~measured_on], definitions().least) or _too_few(labels[measured_on], definitions().least_test):
        # One day is all there is: customers are kept apart instead, and nobody is learned from on another day.
        measured_on = np.array([parted(one, definitions().measured_on, salt="measured") for one in customers])
        split = "customers"
    return Samples(
        customers=customers,
        days=days,
        labels=labels,
        columns={name: one for name, one in joined.items() if not name.startswith(_RULE)},
        rule={name: one for name, one in joined.items() if name.startswith(_RULE)},
        measured_on=measured_on,
        learned_from=~measured_on,
        split=split,
        labelled_by=labelled_by,
        horizon=horizon,
        left_out=left_out,
    )


def _of_attributes(source: Source, told: pa.Table, *, keep: Collection[str]) -> Samples:
    """A row a customer, on the last day of their attributes that lies not after the outcome."""
    left_out = by_name(sorted(_names(source)), keep=keep)
    forbidden = {one.name for one in left_out}
    first = {}
    for customer, on in sorted(zip(_texts(told, "customer_id"), told["on"].to_pylist(), strict=True), key=lambda pair: pair[1]):
        first.setdefault(customer, on)
    with source.read(source.as_of) as work:
        until = ibis.memtable(pa.table({"customer_id": list(first), "until": pa.array(list(first.values()), pa.date32())}))
        rows = work.table("attributes")
        ended = rows.left_join(until, "customer_id").select("customer_id", "as_of", "name", "value", "until")
        before = ended.filter(ended.until.isnull() | (ended.as_of <= ended.until))
        latest = before.group_by("customer_id").aggregate(day=before.as_of.max()).order_by("day", "customer_id").to_pyarrow()
        values = before.group_by("customer_id", "name").aggregate(value=before.value.argmax(before.as_of)).to_pyarrow()
        people = _people_columns(work)
    customers, days = _texts(latest, "customer_id"), latest["day"].to_pylist()
    attributes = pivoted(values, customers)
    left_out = left_out + [LeftOut(name=name, why=Why.AFTER) for name in sorted(_names(source) - set(attributes))]
    columns = {name: one for name, one in attributes.items() if name not in forbidden} | {
        name: np.array([one.get(customer) for customer in customers], dtype=object if words else np.float64)
        for name, (one, words) in people.items()
        if name not in attributes
    }
    labels = np.array([customer in first for customer in customers], dtype=np.float64)
    boundary = sorted(days)[int((1 - definitions().measured_on) * len(days))] if days else source.as_of
    parts = [
        (
            day,
            [customers[place] for place in places],
            {name: one[places] for name, one in columns.items()},
            labels[places],
            np.full(len(places), True),
        )
        for day, places in (
            (min(days, default=boundary), [place for place, day in enumerate(days) if day < boundary]),
            (boundary, [place for place, day in enumerate(days) if day >= boundary]),
        )
        if places
    ]
    return _joined(parts, left_out=left_out, labelled_by="outcomes", horizon=(source.as_of - min(days, default=source.as_of)).days)


def _people_columns(work: EngineWorkspace) -> dict[str, tuple[dict[str, object], bool]]:
    """What the book says of people, by customer, and whether it is a word."""
    table = work.table("customers").select("customer_id", "kind", "education", "marital_status", "monthly_income").to_pyarrow()
    customers = _texts(table, "customer_id")
    income = [None if one is None else float(one) for one in table["monthly_income"].to_pylist()]
    found: dict[str, tuple[dict[str, object], bool]] = {
        name: (dict(zip(customers, table[name].to_pylist(), strict=True)), True) for name in ("kind", "education", "marital_status")
    }
    found["monthly_income"] = (dict(zip(customers, income, strict=True)), False)
    return found


def _in_play(
    columns: dict[str, Column], customers: list[str], told: pa.Table | None, *, day: date, by_silence: bool, horizon: int
) -> NDArray[np.bool_]:
    """Who can still leave or buy: not who was silent already, nor whose outcome was written down before."""
    if told is not None:
        over = {one for one, on in zip(_texts(told, "customer_id"), told["on"].to_pylist(), strict=True) if on <= day}
        return np.array([one not in over for one in customers])
    if not by_silence:
        return np.full(len(customers), True)
    silent_days = np.asarray(columns["silent_days"], dtype=np.float64)
    acted = np.asarray(columns["transactions_364"], dtype=np.float64) > 0
    return np.asarray(acted & (np.nan_to_num(silent_days, nan=np.inf) < horizon))


def _labels(source: Source, told: pa.Table | None, *, day: date, horizon: int) -> set[str]:
    until = day + timedelta(days=horizon)
    if told is None:
        with source.read(source.as_of) as work:
            return set(_texts(silent(work, since=day, days=horizon).to_pyarrow(), "customer_id"))
    return {one for one, on in zip(_texts(told, "customer_id"), told["on"].to_pylist(), strict=True) if day < on <= until}


def _attribute_days(work: EngineWorkspace) -> int:
    return int(work.table("attributes").as_of.nunique().to_pyarrow().as_py())


def _names(source: Source) -> set[str]:
    with source.read(source.as_of) as work:
        return set(_texts(work.table("attributes").select("name").distinct().to_pyarrow(), "name"))


def _attributes(work: EngineWorkspace, day: date) -> pa.Table:
    rows = work.table("attributes")
    known = rows.filter(rows.as_of <= ibis.date(day))
    return known.group_by("customer_id", "name").aggregate(value=known.value.argmax(known.as_of)).to_pyarrow()


def _lined_up(attributes: pa.Table, customers: list[str]) -> dict[str, Column]:
    wanted = pa.array(customers, pa.string())
    import pyarrow.compute as pc

    return pivoted(attributes.filter(pc.is_in(attributes["customer_id"], wanted)), customers)


def _columns(table: pa.Table) -> dict[str, Column]:
    """Columns of an engine as numbers and words."""
    found: dict[str, Column] = {}
    for name in table.column_names:
        if name == "customer_id":
            continue
        kind = table.schema.field(name).type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            found[name] = np.array(table[name].to_pylist(), dtype=object)
        else:
            found[name] = np.array([np.nan if one is None else float(one) for one in table[name].to_pylist()], dtype=np.float64)
    return found


def _worded(column: Column) -> Column:
    if column.dtype == object:
        return column
    return np.array([None if np.isnan(one) else f"{one:g}" for one in column], dtype=object)


def _too_few(labels: Floats, least: int) -> bool:
    return labels.sum() < least or (1 - labels).sum() < least


def _texts(table: pa.Table, name: str) -> list[str]:
    return [str(one) for one in table[name].to_pylist()]


def _span(first_on: date | None, as_of: date) -> str:
    return f"{(as_of - first_on).days} days" if first_on else "no day"
