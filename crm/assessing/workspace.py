"""Where stages compute: the facts as tables of one engine, and what earlier stages left.

A stage sees tables by name and returns an expression; whether that runs on DuckDB, PostgreSQL or Spark, over a whole bank or over one
customer, it cannot tell.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import ibis
import pyarrow
from ibis import Schema, Table
from ibis.backends.sql import SQLBackend

from crm.assessing.shares import EVERYBODY, Share
from crm.assessing.tables import schema_of

# Joining selects into one costs Ibis a fifth of the time that it needs for an expression, and the engines do it anyway.
ibis.options.sql.fuse_selects = False


class Workspace(Protocol):
    """What a stage may read."""

    @property
    def day(self) -> date:
        """The day as of which everything is judged: nothing later may count. Tables of facts end there already."""

    def table(self, name: str) -> Table:
        """A table of facts (`crm.assessing.tables`) without the rows of later days. Empty where the bank delivered none."""

    def result(self, name: str) -> Table:
        """What an earlier stage left."""

    def keep(self, expression: Table) -> Table:
        """Compute an expression once, for a stage that uses it several times."""

    def shared(self, name: str, build: Callable[[], Table]) -> Table:
        """What several stages use and nobody reads later: computed by whoever asks first."""

    def worked_out(self, expression: Table, schema: Schema, rows: Callable[[pyarrow.Table], pyarrow.Table]) -> Table:
        """The few rows that Python makes of the few rows of an expression, where no engine can.

        The one way for a stage to see values. `rows` may depend on its argument only; the order of the rows is not that of `expression`.
        """


#: The column by which the rows of later days are left out. What is not here has no day: the latest delivery counts.
_DAY_OF = {
    "balances": "on",
    "holdings": "on",
    "transactions": "on",
    "app_events": "on",
    "contacts": "on",
    "complaints": "opened_on",
    "surveys": "asked_on",
    "entitlements": "granted_on",
    "recordings": "started_on",
    "risk_assessments": "assessed_on",
    "consents": "on",
    "registry": "as_of",
    "attributes": "as_of",
    "outcomes": "on",
    "assignments": "since",
    "loans": "started_on",
    "accounts": "opened_on",
    "customers": "opened_on",
    "transfers": "on",
    "tags": "on",
}


def day_column(name: str) -> str | None:
    """The column that says of which day a row of the table is. None where the latest delivery counts."""
    return _DAY_OF.get(name)


class EngineWorkspace:
    """A workspace over one Ibis connection. Answers `Workspace`.

    `tables` are those of the snapshot that the engine has. `only` narrows every table to one customer, `share` to some of them. `earlier`
    gives a result that was published for the whole bank, where only one customer is computed.
    With `views` the narrowed tables are named in the engine, so that each expression over them is that much smaller; only in a database of
    its own.
    """

    def __init__(
        self,
        connection: SQLBackend,
        tables: Mapping[str, Table],
        *,
        day: date,
        only: str | None = None,
        share: Share = EVERYBODY,
        earlier: Callable[[str], Table] | None = None,
        views: bool = False,
    ) -> None:
        self.connection = connection
        self.day = day
        self.only = only
        self.share = share
        self._tables = tables
        self._earlier = earlier
        self._views = views
        self._results: dict[str, Table] = {}
        self._shared: dict[str, Table] = {}
        self._seen: dict[str, Table] = {}
        self._kept = 0
        self._passing: list[str] = []  # what was kept and is no result and not shared

    def table(self, name: str) -> Table:
        if name not in self._seen:  # the same each time: an expression may take it twice
            self._seen[name] = self._table(name)
        return self._seen[name]

    def _table(self, name: str) -> Table:
        schema = schema_of(name)
        found = self._tables.get(name)
        if found is None:
            return self._seen_as(name, ibis.memtable(schema.to_pyarrow().empty_table()), own=False)
        present = [column for column in schema if column in found.columns]
        table = found.select(*present).mutate({column: ibis.null(schema[column]) for column in schema if column not in present})
        if name in _DAY_OF:
            table = table.filter(table[_DAY_OF[name]] <= ibis.date(self.day))
        own = self.only is not None and "customer_id" in schema
        if own:
            table = table.filter(table.customer_id == self.only)
        return self._seen_as(name, self.share.of(table.select(*schema)), own=own)

    def _seen_as(self, name: str, table: Table, *, own: bool) -> Table:
        """Let stages see a narrowed table. What is one customer's is little: taken out of the files once, not by every expression."""
        if own:
            return self._computed(table)
        return self.connection.create_view(f"seen_{name}", table, overwrite=True) if self._views else table

    def give(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Let stages see a table that no snapshot has."""
        columns = schema_of(name).to_pyarrow()
        self._tables = {**self._tables, name: ibis.memtable(pyarrow.Table.from_pylist([dict(row) for row in rows], schema=columns))}
        self._seen.pop(name, None)

    def result(self, name: str) -> Table:
        if name not in self._results and self._earlier is not None:
            return self._earlier(name)
        return self._results[name]

    def has(self, name: str) -> bool:
        """Whether the result of a stage is there already."""
        return name in self._results

    def judge(self, name: str, build: Callable[[Workspace], Table]) -> Table:
        """Compute the result of a stage by its definition, and let later stages see it."""
        return self.leave(name, build(self))

    def leave(self, name: str, expression: Table) -> Table:
        """Compute the result of a stage and let later stages see it."""
        self._results[name] = self._computed(expression)
        return self._results[name]

    def replace(self, name: str, result: Table) -> None:
        """The same result, read from elsewhere."""
        self._results[name] = result

    def tidy(self) -> None:
        """Let go of what was kept within stages: only where no stage is under way."""
        for passing in self._passing:
            self.connection.raw_sql(f"DROP TABLE {passing}")
        self._passing.clear()

    def close(self) -> None:
        """Make room for another workspace of the run. What was written stays."""
        self.tidy()

    def keep(self, expression: Table) -> Table:
        found = self._computed(expression)
        self._passing.append(found.get_name())
        return found

    def _computed(self, expression: Table) -> Table:
        self._kept += 1
        return self.connection.create_table(f"kept_{self._kept}", expression, temp=True)

    def shared(self, name: str, build: Callable[[], Table]) -> Table:
        if name not in self._shared:
            self._shared[name] = self._computed(build())
        return self._shared[name]

    def worked_out(self, expression: Table, schema: Schema, rows: Callable[[pyarrow.Table], pyarrow.Table]) -> Table:  # noqa: ARG002
        return ibis.memtable(rows(expression.to_pyarrow()))
