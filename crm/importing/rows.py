"""Checked rows on their way to the book, and what their values mean."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from crm.importing.feeds import FEEDS
from crm.importing.schema import Type

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROWS = 2_000
_FEEDS = {feed.name: feed for feed in FEEDS}

Row = dict[str, Any]


def taken_rows(work: duckdb.DuckDBPyConnection, feed: str) -> Iterator[Row]:
    """The taken rows of a feed in the order of the file. Instants are microseconds since 1970."""
    columns = _FEEDS[feed].columns
    # Instants travel as microseconds: the driver would want a time zone library of its own.
    values = ", ".join(f'epoch_us("{column.name}")' if column.type is Type.INSTANT else f'"{column.name}"' for column in columns)
    cursor = work.cursor()
    cursor.execute(f"SELECT {values} FROM taken_{feed} ORDER BY g")
    names = [column.name for column in columns]
    while chunk := cursor.fetchmany(_ROWS):
        for values_of_row in chunk:
            yield dict(zip(names, values_of_row, strict=True))


def instant_of(micros: int) -> datetime:
    """The instant that a row says."""
    return _EPOCH + timedelta(microseconds=micros)


def instant_or_none(micros: int | None) -> datetime | None:
    """Likewise where a row may say none."""
    return None if micros is None else instant_of(micros)


def list_of(text: str | None) -> tuple[str, ...]:
    """The parts of a list, once each."""
    return tuple(dict.fromkeys(part.strip() for part in (text or "").split(";") if part.strip()))
