"""INSERT … ON CONFLICT DO UPDATE, built once per table and dialect."""

from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

DIALECTS: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}


@cache
def upsert(table: Table, dialect: str, key: tuple[str, ...], *, newest: str | None = None) -> Executable:
    """Return the statement that inserts a row or, where the key is there already, overwrites its other columns.

    With `newest` (the name of a date column) a row that is older than the stored one changes nothing.
    Runs on SQLite ≥ 3.35 and PostgreSQL.
    """
    statement: Any = DIALECTS[dialect].insert(table)
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in key and not (column.primary_key and column.autoincrement is True)
    }
    guard = statement.excluded[newest] >= table.c[newest] if newest else None
    result: Executable = statement.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=changed, where=guard)
    return result
