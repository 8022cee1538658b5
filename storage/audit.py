"""The audit chain in the database. Appending is serialised: SQLite has one writer, PostgreSQL takes an advisory lock.

Records are gathered and hashed onto the chain as the last thing of their transaction (`flush`): the chain is held for as short as
possible, and nobody who holds it ever waits for a row that somebody else holds who waits for the chain.
"""

import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Connection, LargeBinary, Select, Text, bindparam, cast, func, insert, select, type_coerce

from domain.audit import GENESIS, AuditRecord, chain_hash
from storage.ledger_tables import audit
from storage.types import instant_of

_CHAIN_LOCK = 7_461_001  # any fixed number: it names the chain among the advisory locks of the database
_LAST = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_INSERT = insert(audit)
_OF = select(audit).where(audit.c.subject == bindparam("wanted")).order_by(audit.c.seq)
_TEXTS = ("actor", "action", "subject", "purpose", "detail", "hash")


def _raw(as_bytes: bool) -> Select[Any]:
    """Read the rows as they lie in the table, so that a damaged one is told by its number instead of failing while it is read."""
    texts = [cast(audit.c[name], LargeBinary if as_bytes else Text).label(name) for name in _TEXTS]
    ordered = select(audit.c.seq, type_coerce(audit.c.at, BigInteger).label("at"), *texts).order_by(audit.c.seq)
    return ordered.execution_options(yield_per=2000)


_RAW = {"sqlite": _raw(as_bytes=True), "postgresql": _raw(as_bytes=False)}


class SqlAudit:
    """`domain.ports.AuditRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gathered: list[AuditRecord] = []

    def append(self, record: AuditRecord) -> None:
        self._gathered.append(record)

    def flush(self) -> None:
        """Put what was gathered onto the chain."""
        if not self._gathered:
            return
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
        last = self._connection.execute(_LAST).one_or_none()
        length, previous = (0, GENESIS) if last is None else (last.seq, last.hash)
        rows = []
        for seq, record in enumerate(self._gathered, start=length + 1):
            previous = chain_hash(previous, seq, record)
            rows.append(
                {
                    "seq": seq,
                    "at": record.at,
                    "actor": record.actor,
                    "action": record.action,
                    "subject": record.subject,
                    "purpose": record.purpose,
                    "detail": [list(pair) for pair in record.detail],
                    "hash": previous,
                }
            )
        self._connection.execute(_INSERT, rows)
        self._gathered.clear()

    def verify(self) -> int | None:
        self.flush()
        previous, expected = GENESIS, 1
        with self._connection.execute(_RAW[self._connection.dialect.name]) as rows:
            for row in rows:
                try:
                    record, found = _record_of_raw(row)
                    whole = row.seq == expected and found == chain_hash(previous, expected, record)
                except (ValueError, TypeError, OverflowError):  # bytes that no writer of ours wrote
                    whole = False
                if not whole:
                    return expected
                previous, expected = found, expected + 1
        return None

    def of_subject(self, subject: str) -> Sequence[AuditRecord]:
        self.flush()
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


def _record_of_raw(row: Any) -> tuple[AuditRecord, str]:
    texts = {name: value.decode() if isinstance(value := getattr(row, name), bytes) else value for name in _TEXTS}
    detail = json.loads(texts["detail"])
    if json.dumps(detail) != texts["detail"]:
        raise ValueError("written by somebody else: the same meaning in other bytes")
    record = _record(SimpleNamespace(**texts | {"at": instant_of(row.at), "detail": detail}))
    return record, texts["hash"]
