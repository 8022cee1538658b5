"""What an import asks of the database. `storage.book_import.SqlBookSink` answers."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from domain.book import Account, Branch, Consent, Customer, ImportBatch, Product, RiskAssessment, StaffMember


class BookWriter(Protocol):
    """One open transaction. Each `put` overwrites by key, but never a row from a younger delivery (`as_of`)."""

    def latest_batch(self) -> ImportBatch | None:
        """The delivery applied last."""

    def batch(self, digest: str) -> ImportBatch | None:
        """The delivery with that content, if it was applied."""

    def put_branches(self, rows: Iterable[Branch], *, as_of: date) -> None: ...

    def put_staff(self, rows: Iterable[StaffMember], *, as_of: date) -> None: ...

    def put_customers(self, rows: Iterable[tuple[Customer, str]], *, as_of: date) -> None:
        """Each customer comes with the key under which the name is searched."""

    def put_accounts(self, rows: Iterable[Account], *, as_of: date) -> None: ...

    def put_products(self, rows: Iterable[Product]) -> None: ...

    def put_risk_assessments(self, rows: Iterable[RiskAssessment]) -> None: ...

    def put_consents(self, rows: Iterable[Consent]) -> None: ...

    def enrol(self, staff_id: str, secret: str) -> None:
        """Give a second factor to somebody who has none; one that is there stays."""

    def record_batch(self, batch: ImportBatch) -> None:
        """Remember the delivery as the one applied last."""


class BookSink(Protocol):
    """The database. `writing` commits when its block ends well and leaves nothing behind when it raises."""

    def reading(self) -> AbstractContextManager[BookWriter]: ...

    def writing(self) -> AbstractContextManager[BookWriter]: ...
