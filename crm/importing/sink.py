"""What an import asks of the database. `storage.book_import.SqlBookSink` answers."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from domain.book import Account, Branch, Consent, Customer, ImportBatch, Product, RiskAssessment, StaffMember
from domain.dealings import Complaint, CustomerRelation, Entitlement, Recording, WatchlistEntry
from domain.identity import IdentityDecision, IdentityRow


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

    def put_relations(self, rows: Iterable[CustomerRelation], *, as_of: date) -> None: ...

    def put_complaints(self, rows: Iterable[Complaint], *, as_of: date) -> None: ...

    def put_entitlements(self, rows: Iterable[Entitlement], *, as_of: date) -> None: ...

    def put_recordings(self, rows: Iterable[Recording], *, as_of: date) -> None: ...

    def put_watchlist(self, rows: Iterable[WatchlistEntry], *, as_of: date) -> None: ...

    def name_keys(self) -> Iterable[tuple[str, str]]:
        """Id and name of every customer, the name in the form under which it is searched."""

    def identity_rows(self) -> Iterable[IdentityRow]:
        """What tells the customers of the book apart."""

    def identity_decisions(self) -> Sequence[IdentityDecision]:
        """What people decided on pairs that may be the same."""

    def ask_identity(self, first_id: str, second_id: str, *, why: str, at: datetime, assignee: str | None) -> None:
        """Open the task to look at a pair, once for ever."""

    def enrol(self, staff_id: str, secret: str) -> None:
        """Give a second factor to somebody who has none; one that is there stays."""

    def record_batch(self, batch: ImportBatch) -> None:
        """Remember the delivery as the one applied last."""


class BookSink(Protocol):
    """The database. `writing` commits when its block ends well and leaves nothing behind when it raises."""

    def reading(self) -> AbstractContextManager[BookWriter]: ...

    def writing(self) -> AbstractContextManager[BookWriter]: ...
