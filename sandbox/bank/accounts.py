"""The accounts of a chunk of customers: opened one sort after another, then numbered customer by customer."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.bank.columns import cents, days, identifiers, rates, texts, words

DEPOSIT, CARD, LOAN = range(3)
_KINDS = ("deposit", "card", "loan")
PRODUCTS = ("P-001", "P-101", "P-102", "P-201", "P-301", "P-302", "P-303", "P-304", "P-115")
CURRENT, TERM, LARGE_TERM, CREDIT_CARD, MORTGAGE, BUSINESS, CONSUMER, CAR, DOLLARS = range(9)
_RATES = (0.05, 1.10, 1.45, 18.25, 3.05, 3.45, 4.35, 3.90, 0.80)  # percent a year

Ints = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts in the order of their customers. `start` is the balance in cents before the first entry, -1 lets it follow from `end`."""

    owner: Ints  # place of the customer in the chunk
    code: Ints  # number of the customer and two digits
    kind: Ints
    product: Ints
    dollars: NDArray[np.bool_]
    opened: Ints
    closed: Ints
    matures: Ints
    limit: Ints
    renews: Ints  # -1 does not apply
    start: Ints
    end: Ints
    restriction: NDArray[Any]

    def table(self, ids: pa.Array) -> pa.Table:
        """The rows of the feed; `ids` are those of the customers."""
        rate = np.array(_RATES)[self.product]
        return pa.table(
            {
                "account_id": identifiers("A", (self.code, 8)),
                "customer_id": ids.take(pa.array(self.owner)),
                "kind": words(self.kind, _KINDS),
                "product_code": words(self.product, PRODUCTS),
                "currency": words(self.dollars.astype(np.int32), ("CNY", "USD")),
                "opened_on": days(self.opened),
                "closed_on": days(self.closed),
                "rate": rates(rate),
                "credit_limit": cents(self.limit, self.limit < 0),
                "restriction": texts(self.restriction),
                "renews": pa.array(self.renews == 1, pa.bool_(), mask=self.renews < 0),
                "matures_on": days(self.matures),
            }
        )


class Register:
    """Takes accounts sort by sort. What `add` returns finds them again once all are numbered."""

    _FIELDS = ("owner", "kind", "product", "opened", "closed", "matures", "limit", "renews", "start", "end", "dollars")

    def __init__(self, number: Ints) -> None:
        self._number = number
        self._parts: list[dict[str, Ints]] = []

    def add(
        self,
        owner: Ints,
        kind: int,
        product: Any,
        opened: Any,
        *,
        closed: Any = -1,
        matures: Any = -1,
        limit: Any = -1,
        renews: Any = -1,
        start: Any = -1,
        end: Any = 0,
        dollars: Any = False,
    ) -> int:
        """Open an account for each owner."""
        given = (owner, kind, product, opened, closed, matures, limit, renews, start, end, dollars)
        size = len(owner)
        self._parts.append({name: np.array(np.broadcast_to(value, size)) for name, value in zip(self._FIELDS, given, strict=True)})
        return len(self._parts) - 1

    def close(self) -> tuple[Accounts, list[Ints]]:
        """All accounts, and the places of those of each `add`."""
        whole = {name: np.concatenate([part[name] for part in self._parts]) for name in self._FIELDS}
        order = np.argsort(whole["owner"], kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        whole = {name: array[order] for name, array in whole.items()}
        owner = whole["owner"]
        first = np.searchsorted(owner, owner)
        nth = np.arange(len(owner)) - first + 1
        borders = np.cumsum([0, *(len(part["owner"]) for part in self._parts)])
        accounts = Accounts(
            code=self._number[owner].astype(np.int64) * 100 + nth,
            restriction=np.full(len(owner), "", dtype=object),
            **whole,
        )
        return accounts, [place[begin:end] for begin, end in pairwise(borders)]
