"""What every text that leaves needs of the book: the indexed product master and the bank's public numbers. Built once per import."""

import threading

from compliance.catalogue import Catalogue
from domain.ports import Records


class CachedMaster:
    """Answers `bot.screening.ProductMaster`. Rebuilt when the book's version changed; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: int | None = None
        self._catalogue = Catalogue.of(())
        self._numbers: frozenset[str] = frozenset()

    def catalogue(self, records: Records) -> Catalogue:
        """The products of the master, found by code and by name in free text."""
        self._refresh(records)
        return self._catalogue

    def public_numbers(self, records: Records) -> frozenset[str]:
        """Telephone numbers of branches and staff: those may be told to anybody."""
        self._refresh(records)
        return self._numbers

    def _refresh(self, records: Records) -> None:
        version = records.book.version()
        if version == self._version:
            return
        with self._lock:
            if version == self._version:
                return
            self._catalogue = Catalogue.of(records.book.products())
            phones = [branch.phone for branch in records.book.branches()] + [member.phone for member in records.book.people()]
            self._numbers = frozenset(phone for phone in phones if phone)
            self._version = version
