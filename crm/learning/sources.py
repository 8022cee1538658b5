"""The facts to learn from, read as of any day. What was observed of a day is computed once, however many outcomes are learned."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from crm.assessing.engine import duckdb_over
from crm.learning.attributes import known_by
from crm.learning.definitions import definitions
from crm.learning.needed import needed
from crm.learning.observed import observed
from crm.learning.on_demand import OnDemandWorkspace
from crm.learning.samples import texts

_MEMORY, _THREADS = "3GB", 2


@dataclass(frozen=True, slots=True)
class Source:
    """A snapshot and its last day."""

    folder: Path
    as_of: date
    _observed: dict[date, tuple[pa.Table, pa.Table]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _needed: dict[tuple[date, tuple[str, ...]], pa.Table] = field(default_factory=dict)

    @contextmanager
    def read(self, day: date) -> Iterator[OnDemandWorkspace]:
        """The facts as of the day, in an engine of their own: results of one day are not those of another."""
        with duckdb_over(self.folder, memory=_MEMORY, threads=_THREADS) as (connection, tables):
            yield OnDemandWorkspace(connection, tables, day=day)

    def observed(self, day: date) -> tuple[pa.Table, pa.Table]:
        """What was observed of everybody by the day, in the order of customers, and the attributes known by then."""
        if day not in self._observed:
            with self.read(day) as work:
                self._observed[day] = (observed(work).order_by("customer_id").to_pyarrow(), known_by(work, day))
        return self._observed[day]

    def needed(self, day: date, kinds: list[str]) -> pa.Table:
        """What the need graph said on the day."""
        key = (day, tuple(kinds))
        if key not in self._needed:
            with self.read(day) as work:
                self._needed[key] = needed(work, kinds).order_by("customer_id").to_pyarrow()
        return self._needed[key]

    def leaving(self, day: date) -> dict[str, float]:
        """By what the rule put customers in order on the day, the most endangered first."""
        with self.read(day) as work:
            table = work.result("leaving_scores").select("customer_id", "score").to_pyarrow()
        return dict(zip(table["customer_id"].to_pylist(), map(float, table["score"].to_pylist()), strict=True))

    def attribute_names(self) -> set[str]:
        """The names of attributes that enough customers have. A bank may name one after an order: of few, nothing can be learned."""
        if not self._names:
            with self.read(self.as_of) as work:
                rows = work.table("attributes")
                held = rows.group_by("name").aggregate(customers=rows.customer_id.nunique())
                self._names.update(texts(held.filter(held.customers >= definitions().least).to_pyarrow(), "name"))
        return set(self._names)
