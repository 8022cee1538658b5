"""Shares of the customers of a bank that is too large to be judged at once: windows, sorts and medians of a stage see one share only.

A share is a range of customer ids: in the files of a snapshot the rows of a customer lie together, so the rest is hardly read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ibis import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Customers with ids from `first` up to before `after`; None is no bound. Ids are compared byte by byte."""

    number: int = 0
    first: str | None = None
    after: str | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is outside."""
        return self.first is None and self.after is None

    def of(self, table: Table) -> Table:
        """The rows of its customers; the whole table where it says nothing of customers."""
        if "customer_id" not in table.columns:
            return table
        if self.first is not None:
            table = table.filter(table.customer_id >= self.first)
        return table if self.after is None else table.filter(table.customer_id < self.after)


EVERYBODY = Share()
#: The files of a result that was written, by the name of the stage; none where no stage left it. The flag says that they hold no other
#: customers than those of the share that asks.
Written = Callable[[str], tuple[Sequence[Path], bool]]


def shares_between(bounds: Sequence[str]) -> tuple[Share, ...]:
    """The shares that meet at these ids, which are in order and each once. No id is in two shares, and none is in no share."""
    ends = (None, *bounds, None)
    return tuple(Share(number=number, first=first, after=after) for number, (first, after) in enumerate(pairwise(ends)))
