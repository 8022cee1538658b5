"""Entries that later feeds of a chunk refer to: what was bought, transferred and paid by hand, by customer and moment."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sandbox.bank.arrays import Numbers

_KINDS = ("purchase", "transfer", "payment")


@dataclass(frozen=True, slots=True)
class Booked:
    """Outgoing entries by hand, sorted by customer and moment; `number` is the customer's, `kind` a word of the contract."""

    number: Numbers
    moment: Numbers  # seconds since 1970 UTC
    kind: NDArray[Any]
    abroad: NDArray[np.bool_]
    ids: NDArray[Any]

    def first(self, number: Numbers, since: Numbers, until: Numbers, which: NDArray[np.bool_]) -> Numbers:
        """The place of each customer's first entry of those (`which`) at or after `since` and before `until`, or -1."""
        places = np.flatnonzero(which)
        if not len(places):
            return np.full(len(number), -1)
        key = _key(self.number[places], self.moment[places])
        found = np.searchsorted(key, _key(number, since))
        place = places[np.minimum(found, len(places) - 1)]
        fits = (found < len(places)) & (self.number[place] == number) & (self.moment[place] < until)
        return np.where(fits, place, -1)


def booked(transactions: pa.Table) -> Booked:
    """Those of the entries that somebody made by hand and that were not taken back."""
    kind = transactions["kind"].cast(pa.string())
    wanted = pc.and_(pc.is_in(kind, pa.array(_KINDS)), pc.equal(transactions["initiator"].cast(pa.string()), "customer"))
    wanted = pc.and_(wanted, pc.and_(pc.less(transactions["amount"].cast(pa.float64()), 0), pc.invert(transactions["reversal"])))
    taken_back = pc.is_in(transactions["transaction_id"], transactions["reverses"].drop_null())
    rows = transactions.filter(pc.and_(wanted, pc.invert(taken_back)))
    number = pc.cast(pc.utf8_slice_codeunits(rows["account_id"], 1, 7), pa.int64()).to_numpy()
    moment = rows["at"].cast(pa.int64()).to_numpy() // 1_000_000
    order = np.argsort(_key(number, moment), kind="stable")
    return Booked(
        number=number[order],
        moment=moment[order],
        kind=rows["kind"].cast(pa.string()).to_numpy()[order],
        abroad=pc.is_valid(rows["country"]).to_numpy()[order],
        ids=rows["transaction_id"].to_numpy()[order],
    )


def _key(number: Numbers, moment: Numbers) -> Numbers:
    return np.asarray(number, dtype=np.int64) * (1 << 36) + np.asarray(moment, dtype=np.int64)
