"""What was measured of the snapshot that counts, read: feeds, scores with their change, links between ids, where rows came from."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compliance.days import BANK_ZONE
from crm.importing.parts import quoted
from crm.importing.snapshots import SnapshotManifest, read_manifest
from crm.measuring.freshness_rows import FILE as FEEDS_FILE
from crm.measuring.freshness_rows import read_freshness
from crm.measuring.identities import IdentityLink, read_links
from crm.measuring.lineage import COLUMNS as DELIVERY_COLUMNS
from crm.measuring.lineage import FILE as DELIVERIES_FILE
from crm.measuring.quality import FILE as QUALITY_FILE
from crm.measuring.small import present, table_rows
from domain.book import FeedFreshness
from domain.errors import BadInput

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the snapshot holds of a feed, of all deliveries together. `filled` is the percentage of rows with a value, by column."""

    feed: str
    rows: int
    first_at: datetime | None
    last_at: datetime | None
    filled: dict[str, float]
    freshness: FeedFreshness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """A score of a source's latest delivery that had the feed, and its change since the one before (None: the first).

    `source` is empty for what is measured on all deliveries together.
    """

    source: str
    feed: str
    column: str
    dimension: str
    n: int
    good: int
    score: float
    change: float | None
    batch: int
    as_of: date


class Health:
    """The measurements of one snapshot. `manifest` is None in a house that never imported."""

    def __init__(self, facts_folder: Path) -> None:
        import duckdb  # lazy: only who asks for measurements pays

        self.manifest: SnapshotManifest | None = read_manifest(facts_folder / "manifest.json")
        self._folder = facts_folder / "snapshots" / self.manifest.snapshot if self.manifest else None
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(config={"autoinstall_known_extensions": False})

    @property
    def measured(self) -> bool:
        """False for a snapshot of a version that did not measure: importing once more mends it."""
        return present(self._folder, FEEDS_FILE) is not None

    def close(self) -> None:
        """Give back what it holds."""
        self._connection.close()

    def __enter__(self) -> "Health":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def feeds(self) -> dict[str, FeedState]:
        """Every feed of which something was ever taken."""
        if self._folder is None or not self.measured:
            return {}
        filled: dict[str, dict[str, float]] = {}
        for feed, column, percent in self._read(QUALITY_FILE, _FILLED):
            filled.setdefault(feed, {})[column] = percent
        known = {feed: (rows, first, last) for feed, rows, first, last in self._read(FEEDS_FILE, _FEEDS)}
        # What stays in the book only, as the watchlist, is known by what was taken.
        taken = {feed: (rows, None, None) for feed, rows in self._read(DELIVERIES_FILE, _TAKEN) if rows}
        fresh = {one.feed: one for one in read_freshness(self._connection, self._folder)}
        return {
            feed: FeedState(
                feed=feed, rows=rows, first_at=_at(first), last_at=_at(last), filled=filled.get(feed, {}), freshness=fresh.get(feed)
            )
            for feed, (rows, first, last) in (taken | known).items()
        }

    def scores(self) -> tuple[ScoreLine, ...]:
        """The latest scores of every feed, the feed whole before its columns."""
        return tuple(ScoreLine(**dict(zip(_SCORE_COLUMNS, row, strict=True))) for row in self._read(QUALITY_FILE, _SCORES))

    def links(self) -> tuple[IdentityLink, ...]:
        """Ids that are or may be one person or company, as found at the import."""
        return read_links(self._connection, self._folder)

    def lineage(self, table: str, key: str) -> list[dict[str, Any]]:
        """The imports that the rows with this key came from. Raises BadInput for a table that the facts lack."""
        from crm.importing.fact_tables import FACT_TABLES

        fact = next((one for one in FACT_TABLES if one.name == table), None)
        source = table_rows(self._folder, table) if fact and self._folder else None
        if fact is None or source is None:
            known = "、".join(one.name for one in FACT_TABLES)
            raise BadInput(f"the facts have no table '{table[:40]}'; there are {known}")
        batches = self._connection.execute(
            f'SELECT DISTINCT batch, batch_as_of FROM {source} WHERE "{fact.key[0]}" = $key ORDER BY ALL', {"key": key}
        ).fetchall()
        feeds = ", ".join(f"'{feed}'" for feed in fact.feeds)
        found = []
        for batch, batch_as_of in batches:
            query = f"SELECT {', '.join(DELIVERY_COLUMNS)} FROM {{file}} WHERE batch = {int(batch or 0)} AND feed IN ({feeds})"
            deliveries = self._read(DELIVERIES_FILE, query) or [(batch, *[None] * (len(DELIVERY_COLUMNS) - 1))]
            found += [{**dict(zip(DELIVERY_COLUMNS, row, strict=True)), "as_of": batch_as_of} for row in deliveries]
        return found

    def _read(self, file: str, query: str) -> list[tuple[Any, ...]]:
        path = present(self._folder, file)
        if path is None:
            return []
        return self._connection.execute(query.replace("{file}", f"read_parquet({quoted(path)})")).fetchall()


def _at(local: datetime | None) -> datetime | None:
    return local and local.replace(tzinfo=BANK_ZONE)


_FILLED = """SELECT feed, "column", round(100.0 * sum(good) / sum(n), 1) FROM {file}
WHERE dimension = 'completeness' AND "column" <> '' GROUP BY ALL ORDER BY ALL"""
_FEEDS = "SELECT feed, rows, first_at, last_at FROM {file} ORDER BY feed"
_TAKEN = "SELECT feed, CAST(sum(taken) AS BIGINT) FROM {file} GROUP BY feed ORDER BY feed"
_SCORE_COLUMNS = ("source", "feed", "column", "dimension", "n", "good", "score", "change", "batch", "as_of")
_SCORES = """WITH history AS (
    SELECT *, row_number() OVER latest AS place, lead(score) OVER latest AS before FROM {file}
    WINDOW latest AS (PARTITION BY source, feed, "column", dimension ORDER BY batch DESC)
)
SELECT source, feed, "column", dimension, n, good, score, round(score - before, 1), batch, as_of
FROM history WHERE place = 1 ORDER BY feed, source, "column", dimension"""
