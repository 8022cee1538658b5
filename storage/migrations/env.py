"""Alembic's entry: runs the scripts on the connection that `storage.migrate` opened."""

from alembic import context

from storage import book_tables, ledger_tables  # noqa: F401  the tables hang themselves on the metadata
from storage.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,  # the transaction is storage.migrate's
)
context.run_migrations()
