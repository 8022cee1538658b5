"""The facts as they were known some days before: the same expressions, an earlier day."""

from collections.abc import Callable
from datetime import date, timedelta

import ibis
import pyarrow as pa
from ibis import Schema, Table

from crm.assessing.workspace import Workspace, day_column


class Earlier:
    """A workspace `days_back` days before another. Answers `Workspace`."""

    def __init__(self, work: Workspace, days_back: int) -> None:
        self._work = work
        self._day = work.day - timedelta(days=days_back)

    @property
    def day(self) -> date:
        return self._day

    def table(self, name: str) -> Table:
        table, column = self._work.table(name), day_column(name)
        return table if column is None else table.filter(table[column] <= ibis.date(self._day))

    def result(self, name: str) -> Table:
        """As of the later day: only for what does not depend on it, such as from when on a feed is known."""
        return self._work.result(name)

    def keep(self, expression: Table) -> Table:
        return self._work.keep(expression)

    def shared(self, name: str, build: Callable[[], Table]) -> Table:
        return self._work.shared(f"{name}_{self._day:%Y%m%d}", build)

    def worked_out(self, expression: Table, schema: Schema, rows: Callable[[pa.Table], pa.Table]) -> Table:
        return self._work.worked_out(expression, schema, rows)
