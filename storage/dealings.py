"""The dealings of the book, read: relations, complaints, entitlements, recordings, the watchlist."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Table, bindparam, or_, select

from domain.dealings import Complaint, CustomerRelation, Entitlement, Recording, WatchlistEntry
from storage.dealing_tables import complaints, entitlements, recordings, relations, watchlist

_Row = TypeVar("_Row")

_relations = (
    select(relations)
    .where(or_(relations.c.customer_id == bindparam("id"), relations.c.related_id == bindparam("id")))
    .order_by(relations.c.id)
)
_watchlist = select(watchlist).order_by(watchlist.c.id)


def _of_customer(table: Table, *order: str) -> Executable:
    return select(table).where(table.c.customer_id == bindparam("id")).order_by(*(table.c[name] for name in order))


_complaints = _of_customer(complaints, "opened_at", "id")
_entitlements = _of_customer(entitlements, "granted_on", "id")
_recordings = _of_customer(recordings, "started_at", "id")


class SqlDealings:
    """`domain.dealings.DealingRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def relations(self, customer_id: str) -> Sequence[CustomerRelation]:
        return self._read(CustomerRelation, _relations, id=customer_id)

    def complaints(self, customer_id: str) -> Sequence[Complaint]:
        return self._read(Complaint, _complaints, id=customer_id)

    def entitlements(self, customer_id: str) -> Sequence[Entitlement]:
        return self._read(Entitlement, _entitlements, id=customer_id)

    def recordings(self, customer_id: str) -> Sequence[Recording]:
        return self._read(Recording, _recordings, id=customer_id)

    def watchlist(self) -> Sequence[WatchlistEntry]:
        return self._read(WatchlistEntry, _watchlist)

    def _read(self, kind: type[_Row], query: Executable, **values: str) -> list[_Row]:
        return [_value(kind, row) for row in self._connection.execute(query, values)]


def _value(kind: type[_Row], row: Any) -> _Row:
    found = {name: getattr(row, name) for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in found.items()})
