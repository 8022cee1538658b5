"""The freshness of feeds as a snapshot keeps it. `crm.measuring.rhythm` writes the file."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from compliance.days import BANK_ZONE
from crm.importing.parts import quoted
from crm.measuring.small import present
from domain.book import FeedFreshness

if TYPE_CHECKING:
    import duckdb

FILE = "feeds.parquet"


def read_freshness(connection: "duckdb.DuckDBPyConnection", snapshot: Path) -> tuple[FeedFreshness, ...]:
    """The last moment of every feed of a snapshot that has one; none where the snapshot was not measured."""
    path = present(snapshot, FILE)
    if path is None:
        return ()
    rows = connection.execute(
        f"SELECT feed, last_at, usual_silence_s, closes, dated FROM read_parquet({quoted(path)}) WHERE last_at IS NOT NULL ORDER BY feed"
    ).fetchall()
    return tuple(
        FeedFreshness(
            feed=feed,
            last_at=last_at.replace(tzinfo=BANK_ZONE),
            usual_silence=None if usual is None else timedelta(seconds=usual),
            closes=closes,
            dated=dated,
        )
        for feed, last_at, usual, closes, dated in rows
    )
