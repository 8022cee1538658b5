"""The book as the import writes it: set-based upserts by key in one transaction, and the list of applied deliveries.

Answers `crm.importing.sink.BookSink`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select
from sqlalchemy.exc import OperationalError

from domain.book import Account, Branch, Consent, Customer, ImportBatch, Product, RiskAssessment, StaffMember
from domain.dealings import Complaint, CustomerRelation, Entitlement, Recording, WatchlistEntry
from domain.errors import BadInput
from domain.identity import IdentityDecision, IdentityRow
from storage.book_tables import accounts, branches, consents, customers, import_batches, products, risk_assessments, staff
from storage.dealing_tables import complaints, entitlements, recordings, relations, watchlist
from storage.engine import Database
from storage.identities import SqlIdentities
from storage.stepups import SqlStepUps
from storage.tasks import SqlTasks
from storage.upsert import upsert

_CHUNK = 5_000  # rows in memory at a time
_FULL = ("disk is full", "disk I/O error", "No space left on device")

_latest = select(import_batches).order_by(import_batches.c.id.desc()).limit(1)
_of_digest = select(import_batches).where(import_batches.c.digest == bindparam("digest"))
_record = insert(import_batches)
_name_keys = select(customers.c.id, customers.c.name_key)

Row = dict[str, Any]


class SqlBookWriter:
    """One open transaction of an import. `as_of` is the bank day of the delivery: rows never give way to older ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest_batch(self) -> ImportBatch | None:
        return _batch(self._connection.execute(_latest).one_or_none())

    def batch(self, digest: str) -> ImportBatch | None:
        return _batch(self._connection.execute(_of_digest, {"digest": digest}).one_or_none())

    def put_branches(self, rows: Iterable[Branch], *, as_of: date) -> None:
        self._upsert(branches, ("id",), "as_of", ({**_fields(row), "as_of": as_of} for row in rows))

    def put_staff(self, rows: Iterable[StaffMember], *, as_of: date) -> None:
        self._upsert(staff, ("id",), "as_of", ({**_fields(row), "role": row.role.value, "as_of": as_of} for row in rows))

    def put_customers(self, rows: Iterable[tuple[Customer, str]], *, as_of: date) -> None:
        """Each customer comes with the key under which the name is searched."""
        values = ({**_fields(row), "segments": list(row.segments), "name_key": name_key, "as_of": as_of} for row, name_key in rows)
        self._upsert(customers, ("id",), "as_of", values)

    def put_accounts(self, rows: Iterable[Account], *, as_of: date) -> None:
        self._upsert(accounts, ("id",), "as_of", ({**_fields(row), "as_of": as_of} for row in rows))

    def put_products(self, rows: Iterable[Product]) -> None:
        self._upsert(products, ("code",), "as_of", map(_fields, rows))

    def put_risk_assessments(self, rows: Iterable[RiskAssessment]) -> None:
        self._upsert(risk_assessments, ("customer_id", "assessed_on"), None, map(_fields, rows))

    def put_consents(self, rows: Iterable[Consent]) -> None:
        self._upsert(consents, ("customer_id", "purpose", "at"), None, map(_fields, rows))

    def put_relations(self, rows: Iterable[CustomerRelation], *, as_of: date) -> None:
        self._put(relations, rows, as_of)

    def put_complaints(self, rows: Iterable[Complaint], *, as_of: date) -> None:
        self._put(complaints, rows, as_of)

    def put_entitlements(self, rows: Iterable[Entitlement], *, as_of: date) -> None:
        self._put(entitlements, rows, as_of)

    def put_recordings(self, rows: Iterable[Recording], *, as_of: date) -> None:
        values = ({**_fields(row), "segments": list(row.segments), "as_of": as_of} for row in rows)
        self._upsert(recordings, ("id",), "as_of", values)

    def put_watchlist(self, rows: Iterable[WatchlistEntry], *, as_of: date) -> None:
        self._put(watchlist, rows, as_of)

    def name_keys(self) -> Iterator[tuple[str, str]]:
        for row in self._connection.execute(_name_keys):
            yield row.id, row.name_key

    def identity_rows(self) -> Iterator[IdentityRow]:
        return SqlIdentities(self._connection).rows()

    def identity_decisions(self) -> Sequence[IdentityDecision]:
        return SqlIdentities(self._connection).decisions()

    def ask_identity(self, first_id: str, second_id: str, *, why: str, at: datetime, assignee: str | None) -> None:
        """The task of a pair that was decided is closed and stays so: its key is there."""
        SqlTasks(self._connection).open(
            key=f"identity:{first_id}:{second_id}",
            kind="identity",
            title=f"核对是否同一客户：{first_id} 与 {second_id}",
            detail=why,
            at=at,
            customer_id=first_id,
            assignee=assignee,
        )

    def enrol(self, staff_id: str, secret: str) -> None:
        """Give a second factor to somebody who has none; one that is there stays."""
        records = SqlStepUps(self._connection)
        if records.state(staff_id) is None:
            records.enrol(staff_id, secret, sandbox=True)

    def record_batch(self, batch: ImportBatch) -> None:
        """Remember the delivery as the latest, also when the same one was applied before."""
        self._connection.execute(import_batches.delete().where(import_batches.c.digest == batch.digest))
        self._connection.execute(_record, {**_fields(batch), "counts": dict(batch.counts)})

    def _put(self, table: Table, rows: Iterable[Any], as_of: date) -> None:
        self._upsert(table, ("id",), "as_of", ({**_fields(row), "as_of": as_of} for row in rows))

    def _upsert(self, table: Table, key: tuple[str, ...], newest: str | None, rows: Iterable[Row]) -> None:
        statement = upsert(table, self._connection.dialect.name, key, newest=newest)
        remaining = iter(rows)
        while chunk := list(islice(remaining, _CHUNK)):
            self._connection.execute(statement, chunk)


class SqlBookSink:
    """`crm.importing.sink.BookSink` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[SqlBookWriter]:
        with self._database.reading() as connection:
            yield SqlBookWriter(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlBookWriter]:
        """Commits when the block ends well and leaves nothing behind when it raises."""
        try:
            with self._database.writing() as connection:
                yield SqlBookWriter(connection)
        except OperationalError as fault:
            if not any(word in str(fault.orig) for word in _FULL):
                raise
            raise BadInput("the database has no room; nothing was changed. Make room and import the same folder again") from None


def _fields(value: Any) -> Row:
    # Unlike dataclasses.asdict this does not copy deeply, which costs more than the insert.
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _batch(row: Any) -> ImportBatch | None:
    if row is None:
        return None
    return ImportBatch(
        digest=row.digest,
        bank=row.bank,
        source=row.source,
        as_of=row.as_of,
        at=row.at,
        snapshot=row.snapshot,
        counts=tuple(sorted(row.counts.items())),
    )
