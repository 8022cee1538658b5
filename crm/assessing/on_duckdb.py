"""Stages on DuckDB, in a database of their own: what a stage compiled to before runs again as it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
from ibis import Schema, Table
from ibis.backends.duckdb import Backend
from ibis.expr.operations import DatabaseTable, InMemoryTable, Namespace

from crm.assessing.compiled import KEPT, Compiled, Read, Rows, Statement
from crm.assessing.shares import EVERYBODY, Share, Written
from crm.assessing.workspace import EngineWorkspace, Workspace
from crm.importing.parts import quoted

_PASSING = "(FORMAT parquet, COMPRESSION lz4_raw)"
_OWN = Namespace(catalog="temp", database="main")


class DuckWorkspace(EngineWorkspace):
    """A workspace in a DuckDB of its own.

    It sends its statements as text: Ibis's way copies every query and opens a cursor for it, a sixth of the time of a small bank.
    `written` tells of results that workspaces before it left. What stages share lies in files of the folder `shelf`, where there is one:
    beside what a stage needs it would fill the memory, and another workspace of the run for the same share finds it there.
    """

    def __init__(
        self,
        connection: Backend,
        tables: Mapping[str, Table],
        *,
        day: date,
        only: str | None = None,
        share: Share = EVERYBODY,
        earlier: Callable[[str], Table] | None = None,
        written: Written | None = None,
        shelf: Path | None = None,
    ) -> None:
        super().__init__(connection, tables, day=day, only=only, share=share, earlier=earlier)
        self._duckdb = connection
        self._written, self._shelf = written, shelf
        self._under_way: Compiled | None = None

    def table(self, name: str) -> Table:
        return self._told(("table", name), super().table(name))

    def result(self, name: str) -> Table:
        if not self.has(name) and self._written is not None:
            files, of_share = self._written(name)
            if files:
                self._results[name] = self._over(f"result_{name}", files, of_share=of_share)
        return self._told(("result", name), super().result(name))

    def judge(self, name: str, build: Callable[[Workspace], Table]) -> Table:
        known = KEPT.get(self.day, name, build)
        if known is not None and self._fits(known):
            self._results[name] = self._again(known)
        else:
            with self._compiling(name) as compiled:
                self._results[name] = self._compute(f"result_{name}", build(self), passing=False)
            KEPT.put(compiled, self.day, name, build)
        return self._results[name]

    def leave(self, name: str, expression: Table) -> Table:
        with self._compiling(name):  # an expression of which nobody knows from what it was built: for this once
            self._results[name] = self._compute(f"result_{name}", expression, passing=False)
        return self._results[name]

    def keep(self, expression: Table) -> Table:
        return self._compute(self._next(), expression)

    def worked_out(self, expression: Table, schema: Schema, rows: Rows) -> Table:
        return self._run(self._statement(self._next(), expression, schema, rows=rows))

    def shared(self, name: str, build: Callable[[], Table]) -> Table:
        if not self._is_shared(name):
            with self._compiling(f"shared_{name}") as compiled:
                self._shared[name] = self._compute(f"shared_{name}", build(), passing=False)
            KEPT.put(compiled, self.day, f"shared_{name}")
            self._shelve(name)
        return self._told(("shared", name), self._shared[name])

    def close(self) -> None:
        """Give the names back: what lies in files is only looked at under them."""
        super().close()
        for name in (*(f"result_{name}" for name in self._results), *(f"shared_{name}" for name in self._shared)):
            self._duckdb.con.execute(f"DROP VIEW {name}")

    def _told(self, read: Read, table: Table) -> Table:
        if self._under_way is not None:
            self._under_way.reads[read] = table.schema()
        return table

    def _fits(self, compiled: Compiled) -> bool:
        """Whether all that it reads is there with the same columns; what can be had is fetched."""
        return all((found := self._found(read)) is not None and found.schema() == schema for read, schema in compiled.reads.items())

    def _found(self, read: Read) -> Table | None:
        kind, name = read
        with self._compiling(name):  # it is not what is under way that reads this
            if kind == "table":
                return self.table(name)
            return self.result(name) if kind == "result" else self._shared_again(name)

    def _shared_again(self, name: str) -> Table | None:
        if not self._is_shared(name):
            known = KEPT.get(self.day, f"shared_{name}")
            if known is None or not self._fits(known):
                return None
            self._shared[name] = self._again(known)
            self._shelve(name)
        return self._shared[name]

    def _is_shared(self, name: str) -> bool:
        """Whether it is there; what another workspace put on the shelf is fetched."""
        if name not in self._shared and self._shelf is not None and (file := self._place(self._shelf, name)).is_file():
            self._shared[name] = self._over(f"shared_{name}", [file])
        return name in self._shared

    def _shelve(self, name: str) -> None:
        if self._shelf is None:
            return
        file, con = self._place(self._shelf, name), self._duckdb.con
        con.execute(f"COPY shared_{name} TO {quoted(file)} {_PASSING}")
        con.execute(f"DROP TABLE shared_{name}")
        self._shared[name] = self._over(f"shared_{name}", [file])

    def _place(self, shelf: Path, name: str) -> Path:
        return shelf / f"{name}.{'all' if self.share.is_everybody else self.share.number}.parquet"

    def _over(self, name: str, files: Sequence[Path], *, of_share: bool = True) -> Table:
        """Files under a name by which stages that were compiled before read them."""
        rows = self._duckdb.read_parquet([str(file) for file in files])
        query = self._duckdb.compiler.to_sqlglot(rows if of_share else self.share.of(rows)).sql("duckdb", copy=False)
        self._duckdb.con.execute(f"CREATE TEMP VIEW {name} AS {query}")
        return DatabaseTable(name, schema=rows.schema(), source=self._duckdb, namespace=_OWN).to_expr()

    def _again(self, compiled: Compiled) -> Table:
        with self._compiling(compiled.name):  # its statements are not those of what asked for it
            return [self._run(statement) for statement in compiled.statements][-1]

    @contextmanager
    def _compiling(self, name: str) -> Iterator[Compiled]:
        outer, self._under_way = self._under_way, Compiled(name)
        try:
            yield self._under_way
        finally:
            self._under_way = outer

    def _next(self) -> str:
        if self._under_way is None:
            self._kept += 1
            return f"kept_{self._kept}"
        return f"kept_{self._under_way.name}_{len(self._under_way.statements)}"

    def _computed(self, expression: Table) -> Table:
        return self._compute(self._next(), expression, passing=False)

    def _seen_as(self, name: str, table: Table, *, own: bool) -> Table:
        seen = self._statement(f"seen_{name}", table, table.schema(), passing=False)
        if own:
            return self._create(seen)
        self._list(seen)
        self._duckdb.con.execute(f"CREATE OR REPLACE TEMP VIEW {seen.name} AS {seen.query}")
        return self._at(seen)

    def _compute(self, name: str, expression: Table, *, passing: bool = True) -> Table:
        return self._run(self._statement(name, expression, expression.schema(), passing=passing))

    def _statement(self, name: str, expression: Table, schema: Schema, *, rows: Rows | None = None, passing: bool = True) -> Statement:
        query = self._duckdb.compiler.to_sqlglot(expression).sql("duckdb", copy=False)
        lists = expression.op().find(InMemoryTable)
        listed = tuple((str(one.name), one.data.to_pyarrow(one.schema)) for one in lists)
        columns = ", ".join(column.sql("duckdb") for column in schema.to_sqlglot_column_defs("duckdb"))
        return Statement(name=name, schema=schema, columns=columns, query=query, listed=listed, rows=rows, passing=passing)

    def _run(self, statement: Statement) -> Table:
        """Compute it, as part of what is under way."""
        table = self._create(statement)
        if self._under_way is not None:
            self._under_way.statements.append(statement)
        if statement.passing:
            self._passing.append(statement.name)
        return table

    def _create(self, statement: Statement) -> Table:
        self._list(statement)
        con = self._duckdb.con
        con.execute(f"CREATE TEMP TABLE {statement.name} ({statement.columns})")
        if statement.rows is None:
            con.execute(f"INSERT INTO {statement.name} {statement.query}")
        else:
            self._fill(statement.name, statement.rows(con.sql(statement.query).to_arrow_table()))
        return self._at(statement)

    def _fill(self, name: str, rows: pa.Table) -> None:
        con = self._duckdb.con
        con.register("worked_out", rows)
        con.execute(f"INSERT INTO {name} SELECT * FROM worked_out")
        con.unregister("worked_out")

    def _list(self, statement: Statement) -> None:
        for name, rows in statement.listed:
            self._duckdb.con.register(name, rows)

    def _at(self, statement: Statement) -> Table:
        return DatabaseTable(statement.name, schema=statement.schema, source=self._duckdb, namespace=_OWN).to_expr()
