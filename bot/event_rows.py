"""Rows of the feed `app_events` as a bank's front end sends them, checked against the data contract (docs/data-contract.md)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.importing.feeds.dealings import APP_EVENTS
from crm.importing.schema import Column, Type
from domain.app_events import AppEvent

_COLUMNS = {column.name: column for column in APP_EVENTS.columns}
_READ = tuple(_COLUMNS[name] for name in ("event_id", "customer_id", "kind", "page", "item"))
_AHEAD = timedelta(minutes=5)  # clocks of two houses are never quite one


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that is not taken: its place in what was sent, from 0, the column to blame, and why."""

    row: int
    column: str
    reason: str


def checked(rows: Sequence[object], *, known: Collection[str], now: datetime) -> tuple[list[AppEvent], list[RefusedRow]]:
    """The rows that keep the contract, and the others. `known` are the customers of the book; columns that no trigger reads are let be."""
    taken, refused = [], []
    for number, row in enumerate(rows):
        fault = _fault(row, known, now)
        if fault:
            refused.append(RefusedRow(row=number, column=fault[0], reason=fault[1]))
        else:
            assert isinstance(row, Mapping)
            text = {column.name: _text(row, column.name) for column in _READ}
            taken.append(AppEvent(at=datetime.fromisoformat(_text(row, "at")), **text))
    return taken, refused


def _fault(row: object, known: Collection[str], now: datetime) -> tuple[str, str] | None:
    if not isinstance(row, Mapping):
        return "", "not an object"
    faults = (_wrong(row, column) for column in _READ)
    found = next(((column.name, wrong) for column, wrong in zip(_READ, faults, strict=True) if wrong), None)
    if found:
        return found
    try:
        at = datetime.fromisoformat(_text(row, "at"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return "at", "not an instant with offset, as 2026-11-23T09:30:00+08:00"
    if at > now + _AHEAD:
        return "at", "in the future"
    return None if _text(row, "customer_id") in known else ("customer_id", "unknown in customers")


def _wrong(row: Mapping[object, object], column: Column) -> str:
    value = row.get(column.name)
    if value is not None and not isinstance(value, str):
        return "not text"
    text = _text(row, column.name)
    if column.required and not text:
        return "missing"
    if column.allowed and text not in column.allowed:
        return f"not one of {', '.join(column.allowed)}"
    if len(text) > column.longest:
        return f"longer than {column.longest} characters"
    unfit = column.type is Type.ID and any(sign.isspace() for sign in text)
    return "an id without blanks and control characters is needed" if unfit or not text.isprintable() else ""


def _text(row: Mapping[object, object], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
