"""Every contract test runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'contract.db'}")
        migrate(made)
        yield made
        made.close()
        return
    url = request.getfixturevalue("postgres_url")
    schema = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    root = Database(url)
    with root.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    made = Database(f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}")
    migrate(made)
    yield made
    made.close()
    with root.engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    root.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    """The store over that database."""
    return SqlStore(database)
