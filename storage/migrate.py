"""Brings a database to the newest shape. Alembic does the work; the scripts are in `migrations/versions`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.engine import Database

_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database) -> str:
    """Upgrade to the newest revision and return its name. Running it again changes nothing; two at once wait for each other."""
    newest = _config(database)
    head = ScriptDirectory.from_config(newest).get_current_head()
    assert head is not None
    if current_revision(database) != head:
        with database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7461002)")
            newest.attributes["connection"] = connection
            command.upgrade(newest, "head")
    return head


def current_revision(database: Database) -> str | None:
    """The revision that the database is at, or None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["database"] = database
    return config
