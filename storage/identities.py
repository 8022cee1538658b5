"""Decisions on customers who may be the same, and what tells customers apart."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from domain.identity import IdentityDecision, IdentityRow
from storage.book_tables import customers
from storage.dealing_tables import identity_decisions
from storage.types import Instant
from storage.upsert import upsert

_DECISIONS = select(identity_decisions).order_by(identity_decisions.c.first_id, identity_decisions.c.second_id)
_ROWS = select(
    customers.c.id,
    customers.c.kind,
    customers.c.name,
    customers.c.birth_date,
    customers.c.id_number,
    customers.c.phone,
    customers.c.opened_at,
    customers.c.rm_id,
).order_by(customers.c.id)
_INSTANT = Instant()


class SqlIdentities:
    """`domain.identity.IdentityRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decide(self, decision: IdentityDecision) -> None:
        values = {name: getattr(decision, name) for name in decision.__dataclass_fields__}
        self._connection.execute(upsert(identity_decisions, self._connection.dialect.name, ("first_id", "second_id")), values)

    def decisions(self) -> Sequence[IdentityDecision]:
        return [
            IdentityDecision(first_id=row.first_id, second_id=row.second_id, same=row.same, decided_by=row.decided_by, at=row.at)
            for row in self._connection.execute(_DECISIONS)
        ]

    def rows(self) -> Iterator[IdentityRow]:
        for row in self._connection.execute(_ROWS):
            micros = _INSTANT.process_bind_param(row.opened_at, self._connection.dialect)
            yield IdentityRow(
                id=row.id,
                kind=row.kind,
                name=row.name,
                birth_date=row.birth_date.isoformat() if row.birth_date else "",
                id_number=row.id_number,
                phone=row.phone,
                opened_at=micros or 0,
                rm_id=row.rm_id,
            )
