"""What every text that leaves needs of the book: the indexed product master and the bank's public numbers. Built once per import."""

import threading
from dataclasses import dataclass

from compliance.catalogue import Catalogue
from domain.ports import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """One version of it. `catalogue` finds products by code and by name in free text; `numbers` are those that may be told to anybody:
    telephone numbers of branches and staff."""

    catalogue: Catalogue
    numbers: frozenset[str]


class CachedMaster:
    """Answers `bot.screening.ProductMaster`. Rebuilt when the book's version changed; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[int, Master] | None = None

    def of(self, records: Records) -> Master:
        """The master as this transaction sees it."""
        version = records.book.version()
        known = self._known
        if known is None or known[0] != version:
            with self._lock:
                known = self._known
                if known is None or known[0] != version:
                    known = self._known = (version, _read(records))
        return known[1]


def _read(records: Records) -> Master:
    phones = [branch.phone for branch in records.book.branches()] + [member.phone for member in records.book.people()]
    return Master(catalogue=Catalogue.of(records.book.products()), numbers=frozenset(phone for phone in phones if phone))
