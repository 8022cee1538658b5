"""The facts as of a day, read from the Parquet snapshot that counts (see `crm.importing.snapshots`).

Each process reads through its own in-memory DuckDB, so an import can run beside it; a new manifest is seen at the next call.
A customer's rows lie together in the files, so a look-up touches one or two groups of rows whatever the size of the bank.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.importing.parts import rows_of
from crm.importing.snapshots import SnapshotManifest, read_manifest
from crm.measuring.freshness_rows import read_freshness
from crm.sizes import read_sizes
from crm.triggers.reading import events_of, lookers, pages_since
from domain.app_events import AppEvent, Looks, Watch
from domain.book import Activity, Assets, BankSizes, FeedFreshness, Holding

if TYPE_CHECKING:
    import duckdb

_CENT = Decimal("0.01")
_MEMORY = "128MB"

_TABLES = ("accounts", "app_events", "balances", "customers", "holdings", "products", "transactions")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """One snapshot, open. A call that began on it ends on it, also when a newer one was published meanwhile."""

    stamp: tuple[int, int, int]
    manifest: SnapshotManifest
    connection: "duckdb.DuckDBPyConnection"
    freshness: tuple[FeedFreshness, ...]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        # A cursor is a connection of its own to the same database: threads do not wait for each other.
        with self.connection.cursor() as cursor:
            return cursor.execute(query).fetchall()


class ParquetFacts:
    """`domain.ports.Facts` over the folder that an import publishes. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest_path = folder / "manifest.json"
        self._lock = threading.Lock()
        self._open: _Snapshot | None = None

    @property
    def as_of(self) -> date | None:
        snapshot = self._snapshot()
        return snapshot.manifest.as_of if snapshot else None

    def assets(self, customer_id: str, *, on: date) -> Assets | None:
        """Deposits and holdings on the day, or on the last day of the facts when that is earlier (`Assets.as_of`).

        `month_average` is the sum of the daily totals of the calendar month up to that day, divided by those days; None where the
        facts begin within the month. None for a customer of whom no balance and no holding is known by then.
        """
        from crm.fact_queries import assets_query  # lazy: Ibis

        snapshot = self._snapshot()
        if snapshot is None:
            return None
        day = min(on, snapshot.manifest.as_of)
        rows = snapshot.rows(assets_query(customer_id, day=day))
        if not rows:
            return None
        began = snapshot.manifest.first_on
        whole_month = began is not None and began <= day.replace(day=1)
        average = (Decimal(sum(row[6] for row in rows)) / day.day).quantize(_CENT, ROUND_HALF_UP)
        return Assets(
            customer_id=customer_id,
            as_of=day,
            aum=Decimal(sum(row[5] for row in rows)).quantize(_CENT),
            month_average=average if whole_month else None,
            holdings=tuple(
                Holding(product_code=code, product_name=name, kind=kind, amount=amount, currency=currency)
                for code, name, kind, currency, amount, *_ in rows
                if amount
            ),
        )

    def activity(self, customer_id: str, *, on: date, days: int) -> Activity | None:
        """The customer's own dealings in the `days` days that end on the day (or on the last day of the facts).

        What the bank booked, transfers between own accounts and reversals do not count. `last_on` may lie before the window. None for
        a customer without an account, and where the bank delivered no transactions at all.
        """
        from crm.fact_queries import activity_query, has_account_query, has_transactions_query  # lazy: Ibis

        snapshot = self._snapshot()
        if snapshot is None or not snapshot.rows(has_account_query(customer_id)) or not snapshot.rows(has_transactions_query()):
            return None
        day = min(on, snapshot.manifest.as_of)
        active_days, transactions, last_on = snapshot.rows(activity_query(customer_id, day=day, days=days))[0]
        return Activity(customer_id=customer_id, as_of=day, days=days, active_days=active_days, transactions=transactions, last_on=last_on)

    def freshness(self) -> Sequence[FeedFreshness]:
        """The last moment of every feed. Nothing where there are no facts or an older version wrote them."""
        snapshot = self._snapshot()
        return snapshot.freshness if snapshot else ()

    def events_of(self, customer_id: str, *, since: datetime) -> Sequence[AppEvent]:
        """A customer's rows lie together: one or two groups of rows are read."""
        with self._events() as cursor:
            return events_of(cursor, customer_id, since=since) if cursor else ()

    def pages_since(self, since: datetime) -> Sequence[tuple[str, str]]:
        with self._events() as cursor:
            return pages_since(cursor, since=since) if cursor else ()

    def lookers(self, watch: Watch) -> Mapping[str, Looks]:
        with self._events() as cursor:
            return lookers(cursor, watch) if cursor else {}

    @contextmanager
    def _events(self) -> Iterator["duckdb.DuckDBPyConnection | None"]:
        """Where events can be read; None where nothing was delivered."""
        snapshot = self._snapshot()
        if snapshot is None:
            yield None
            return
        with snapshot.connection.cursor() as cursor:
            yield cursor

    def sizes(self) -> BankSizes | None:
        """Counts over whole tables: a look for a person at a page, not for a turn."""
        snapshot = self._snapshot()
        if snapshot is None:
            return None
        with snapshot.connection.cursor() as cursor:
            return read_sizes(cursor, as_of=snapshot.manifest.as_of)

    def close(self) -> None:
        """Let go of the open snapshot. The next call opens it again."""
        with self._lock:
            if self._open:
                self._open.connection.close()
            self._open = None

    def _snapshot(self) -> _Snapshot | None:
        try:
            status = self._manifest_path.stat()
        except FileNotFoundError:
            return None
        stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
        with self._lock:
            if self._open is None or self._open.stamp != stamp:
                # The one before is closed when the last call on it has ended and let it go.
                self._open = self._load(stamp)
            return self._open

    def _load(self, stamp: tuple[int, int, int]) -> _Snapshot | None:
        import duckdb  # lazy: a command that asks for no facts does not pay for it

        manifest = read_manifest(self._manifest_path)
        if manifest is None:
            return None
        folder = self._folder / "snapshots" / manifest.snapshot
        connection = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "threads": 1,
                "temp_directory": "",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        for name in _TABLES:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {rows_of(folder, name)}")
        return _Snapshot(stamp=stamp, manifest=manifest, connection=connection, freshness=read_freshness(connection, folder))
