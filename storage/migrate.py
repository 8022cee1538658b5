"""Brings a database to the newest shape. Alembic does the work; the scripts are in `migrations/versions`, named by revision."""

from pathlib import Path

from sqlalchemy import inspect, text

from storage.engine import Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_461_002  # names the migration among the advisory locks of the database


def migrate(database: Database) -> str:
    """Upgrade to the newest revision and return its name. Running it again changes nothing; two at once wait for each other."""
    head = newest_revision()
    if current_revision(database) == head:
        return head
    # Alembic is imported only when there is something to do: a command that starts often does not pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head


def newest_revision() -> str:
    """The revision that the code expects."""
    return max(path.stem.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def current_revision(database: Database) -> str | None:
    """The revision that the database is at, or None when it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
