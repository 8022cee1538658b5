"""Alembic's entry: runs the scripts on the connection that `storage.migrate` opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage import (  # noqa: F401  they hang themselves on the metadata
    book_tables,
    contact_tables,
    dealing_tables,
    ledger_tables,
    link_tables,
    mass_tables,
    policies,
    tags,
)
from storage.metadata import metadata


def _as_stored(kind: str, value: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column types into new scripts as what they are stored as: a script must not change when our code does."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return f"sa.{value.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,  # the transaction is storage.migrate's
    render_item=_as_stored,
)
context.run_migrations()
