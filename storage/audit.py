"""The audit chain in the database. Appending is serialised: SQLite has one writer, PostgreSQL takes an advisory lock."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from domain.audit import GENESIS, AuditRecord, chain_hash
from storage.ledger_tables import audit

_CHAIN_LOCK = 7_461_001  # any fixed number: it names the chain among the advisory locks of the database
_LAST = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_INSERT = insert(audit)
_OF = select(audit).where(audit.c.subject == bindparam("wanted")).order_by(audit.c.seq)


class SqlAudit:
    """`domain.ports.AuditRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, record: AuditRecord) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
        last = self._connection.execute(_LAST).one_or_none()
        seq, previous = (1, GENESIS) if last is None else (last.seq + 1, last.hash)
        values = {
            "seq": seq,
            "at": record.at,
            "actor": record.actor,
            "action": record.action,
            "subject": record.subject,
            "purpose": record.purpose,
            "detail": [list(pair) for pair in record.detail],
            "hash": chain_hash(previous, seq, record),
        }
        self._connection.execute(_INSERT, values)

    def verify(self) -> int | None:
        previous, expected = GENESIS, 1
        with self._connection.execute(select(audit).order_by(audit.c.seq).execution_options(yield_per=2000)) as rows:
            for row in rows:
                if row.seq != expected or row.hash != chain_hash(previous, row.seq, _record(row)):
                    return expected
                previous, expected = row.hash, expected + 1
        return None

    def of_subject(self, subject: str) -> Sequence[AuditRecord]:
        return [_record(row) for row in self._connection.execute(_OF, {"wanted": subject})]


def _record(row: Any) -> AuditRecord:
    return AuditRecord(
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        purpose=row.purpose,
        detail=tuple((name, value) for name, value in row.detail),
    )
