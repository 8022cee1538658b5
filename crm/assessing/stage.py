"""A stage of the run: one table of results, from facts and the results of stages before."""

from collections.abc import Callable
from dataclasses import dataclass

from ibis import Table

from crm.assessing.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`build` returns the table that is published under `name`, one row a `key`; rows are written in the order of the key.

    A stage of the whole `population` (cut-points, medians of peers) has no customer in its key: where one customer is computed in a chat
    its published result is used, all other stages are computed again from that customer's rows by the same expression.
    `customer_id` comes first in the key of every other stage. One that is `mutual` makes the rows of a customer also of the rows of others
    (who is whose spouse): it always sees the whole bank, stages after it what it says of their customers.
    """

    name: str
    title: str  # Chinese, for the progress bar
    key: tuple[str, ...]
    build: Callable[[Workspace], Table]
    population: bool = False
    mutual: bool = False

    @property
    def at_once(self) -> bool:
        """Whether it is computed for all customers at once, however many there are."""
        return self.population or self.mutual
