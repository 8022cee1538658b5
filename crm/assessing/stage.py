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
    """

    name: str
    title: str  # Chinese, for the progress bar
    key: tuple[str, ...]
    build: Callable[[Workspace], Table]
    population: bool = False
