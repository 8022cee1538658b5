"""The engine: SQLite (WAL, synchronous FULL, one writer, BEGIN IMMEDIATE) or PostgreSQL, by URL.

`synchronous=FULL` keeps acknowledged commits through a power cut, not only a process crash. A deferred transaction that reads and
then writes fails at once with "locked", whatever the busy time-out: so every writing transaction begins with BEGIN IMMEDIATE, and
within one process writers queue on a lock instead of polling the file.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import BadSettings

_BUSY_MS = 10_000


class Database:
    """An engine and the discipline of using it. `url` is a SQLAlchemy URL, `sqlite:///…` or `postgresql+psycopg://…`."""

    def __init__(self, url: str, *, pool_size: int = 12) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as fault:
            raise BadSettings("PEIBAN_DATABASE_URL is not a database URL; write sqlite:///file or postgresql+psycopg://…") from fault
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if not self.is_sqlite and parsed.get_backend_name() != "postgresql":
            raise BadSettings(f"database '{parsed.get_backend_name()}' is not supported; use sqlite or postgresql+psycopg")
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = _sqlite(parsed, pool_size=pool_size)
        else:
            self.engine = create_engine(parsed, pool_size=pool_size, max_overflow=8, pool_pre_ping=True)
        # PostgreSQL gives every statement a newer state unless asked; SQLite's transactions see one state by nature.
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = threading.Lock()
        # There is one writer, so its connection need not come and go, and what it has read stays good for its next transaction.
        self._kept: Connection | None = None
        self._waits_for_disk = True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one committed state and never blocks a writer."""
        with self._reader.connect() as connection, connection.begin() as transaction:
            if self.is_sqlite:
                _straight(connection, "BEGIN")
            yield connection
            transaction.rollback()

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that commits when the block ends well and leaves nothing behind when it raises.

        One that is not `durable` survives the death of the process, but on SQLite perhaps not a power cut: the disk is not waited for.
        """
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._writer, self._writing_connection() as connection:
            if durable is not self._waits_for_disk:
                _straight(connection, f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                self._waits_for_disk = durable
            with connection.begin():
                _straight(connection, "BEGIN IMMEDIATE")
                yield connection

    @contextmanager
    def _writing_connection(self) -> Iterator[Connection]:
        """The connection of the writer. One in which something broke is thrown away: nothing of its state may come back from the pool."""
        kept, self._kept = self._kept, None
        if kept is None:
            kept, self._waits_for_disk = self.engine.connect(), True
        try:
            yield kept
        except BaseException:
            kept.invalidate()
            kept.close()
            raise
        self._kept = kept

    def close(self) -> None:
        """Give every connection back to the operating system."""
        with self._writer:
            if self._kept is not None:
                self._kept.close()
                self._kept = None
        self.engine.dispose()


def _straight(connection: Connection, statement: str) -> None:
    # Straight to the driver: a statement of SQLAlchemy's would cost as much as one that reads.
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)


def _sqlite(url: URL, *, pool_size: int) -> Engine:
    waiting = {"timeout": _BUSY_MS / 1000, "check_same_thread": False}
    engine = create_engine(url, pool_size=pool_size, max_overflow=8, connect_args=waiting)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: the blocks above do.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_MS}",
        "foreign_keys=ON",
        "cache_size=-8000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
