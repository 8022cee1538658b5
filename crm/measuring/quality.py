"""Scores per feed and column and import: complete, valid, unique, timely, consistent. What each means is in `quality.yaml`.

`quality.parquet` holds a row per import, source (empty: all of them), feed, column (empty: the feed whole) and dimension,
with `good` of `n` and a score of 0–100.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import duckdb

from compliance.days import BANK_ZONE
from crm.importing.feeds import FEEDS
from crm.importing.known import unchecked_references
from crm.importing.parts import quoted
from crm.importing.report import FeedReport
from crm.importing.schema import Feed
from crm.measuring.balances import compare_balances
from crm.measuring.batch import Batch
from crm.measuring.definitions import feed_definitions, read
from crm.measuring.freshness import allowance, silence
from crm.measuring.freshness_rows import read_freshness
from crm.measuring.small import present, write_rows

FILE = "quality.parquet"
COLUMNS = {
    "batch": "INTEGER",
    "as_of": "DATE",
    "source": "VARCHAR",
    "feed": "VARCHAR",
    "column": "VARCHAR",
    "dimension": "VARCHAR",
    "n": "BIGINT",
    "good": "BIGINT",
    "score": "DOUBLE",
}
_BLOCKS = 20
_REFERENCE = "unknown in "
_CONFLICT = "the same key as an earlier row"
_FEEDS = {feed.name: feed for feed in FEEDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`good` of `n` in one dimension. `column` is empty for the whole feed."""

    feed: str
    dimension: str
    n: int
    good: int
    column: str = ""
    of_all: bool = False  # of the snapshot, to which every source gave its part

    @property
    def score(self) -> float:
        """0–100 with one decimal."""
        return round(100 * self.good / self.n, 1)


def write_quality(work: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Score the delivery and add it to the history. Needs the feeds' rhythm of the same snapshot."""
    blamed = _blamed(work, batch)
    scores = [score for report in batch.reports for score in _of_feed(work, batch, report, blamed)]
    scores += _timeliness(work, batch)
    if batch.had("balances", "transactions"):
        steps = compare_balances(work, batch.built)
        scores += [Score(feed="balances", column="balance", dimension="consistency", n=steps.n, good=steps.good, of_all=True)]
    manifest = batch.delivery.manifest
    rows = [
        {
            "batch": batch.number,
            "as_of": manifest.as_of,
            "source": "" if score.of_all else manifest.source,
            "feed": score.feed,
            "column": score.column,
            "dimension": score.dimension,
            "n": score.n,
            "good": score.good,
            "score": score.score,
        }
        for score in scores
        if score.n
    ]
    write_rows(work, batch.built / FILE, COLUMNS, rows, after=present(batch.before, FILE))


Blamed = dict[tuple[str, str, str], int]  # rows by file, column and dimension


def _of_feed(work: duckdb.DuckDBPyConnection, batch: Batch, report: FeedReport, blamed: Blamed) -> Iterator[Score]:
    feed = _FEEDS[report.feed]
    mine = {(column, dimension): rows for (file, column, dimension), rows in blamed.items() if file == report.file}
    filled = _filled(work, feed, report)
    rightly_empty = feed_definitions()[feed.name].empty
    for column, count in filled.items():
        yield Score(feed=feed.name, column=column, dimension="completeness", n=report.taken, good=count)
        wrong = mine.get((column, "validity"), 0)
        yield Score(feed=feed.name, column=column, dimension="validity", n=report.rows, good=report.rows - wrong)
    counted = [count for column, count in filled.items() if column not in rightly_empty]
    yield Score(feed=feed.name, dimension="completeness", n=report.taken * len(counted), good=sum(counted))
    invalid = sum(rows for (_, dimension), rows in mine.items() if dimension == "validity")
    yield Score(feed=feed.name, dimension="validity", n=report.rows, good=report.rows - invalid)
    conflicts = sum(rows for (_, dimension), rows in mine.items() if dimension == "uniqueness")
    yield Score(feed=feed.name, dimension="uniqueness", n=report.rows, good=report.rows - report.repeated - conflicts)
    yield from _references(work, batch, feed, filled, mine)


def _references(
    work: duckdb.DuckDBPyConnection, batch: Batch, feed: Feed, filled: dict[str, int], mine: dict[tuple[str, str], int]
) -> Iterator[Score]:
    unchecked = unchecked_references(work, feed, batch.delivery)
    judged = [column.name for column in feed.columns if column.refers and column.refers not in unchecked]
    lost = {name: mine.get((name, "consistency"), 0) for name in judged}
    for name in judged:
        yield Score(feed=feed.name, column=name, dimension="consistency", n=filled[name] + lost[name], good=filled[name])
    found = sum(filled[name] for name in judged)
    yield Score(feed=feed.name, dimension="consistency", n=found + sum(lost.values()), good=found)


def _filled(work: duckdb.DuckDBPyConnection, feed: Feed, report: FeedReport) -> dict[str, int]:
    """How many taken rows have a value, by column: counted, or put up from blocks of rows all over a large feed."""
    names = [column.name for column in feed.columns]
    counted = (
        f"SELECT count(*), {', '.join(f'count({_quote(name)})' for name in names)} FROM taken_{feed.name} WHERE {_blocks(report.rows)}"
    )
    seen, *with_value = map(int, work.execute(counted).fetchall()[0])
    return {name: round(report.taken * count / seen) if seen else 0 for name, count in zip(names, with_value, strict=True)}


def _blocks(rows: int) -> str:
    """Which rows are counted. Of bounds DuckDB sees what it need not unpack; of every so many-th row it does not."""
    most = int(read("quality")["rows_counted"])
    if rows <= most:
        return "true"
    size = most // _BLOCKS
    firsts = (number * (rows - size) // (_BLOCKS - 1) for number in range(_BLOCKS))
    return " OR ".join(f"g BETWEEN {first} AND {first + size - 1}" for first in firsts)


def _blamed(work: duckdb.DuckDBPyConnection, batch: Batch) -> Blamed:
    rows = work.execute(
        f"""SELECT file, coalesce("column", ''), CASE WHEN reason LIKE '{_REFERENCE}%' THEN 'consistency'
            WHEN reason LIKE '{_CONFLICT}%' THEN 'uniqueness' ELSE 'validity' END, count(*)
        FROM read_csv({quoted(batch.rejects)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"') GROUP BY ALL"""
    ).fetchall()
    return {(file, column, dimension): count for file, column, dimension, count in rows}


def _timeliness(work: duckdb.DuckDBPyConnection, batch: Batch) -> Iterator[Score]:
    """100 while a feed was silent no longer than it may be at the close of the delivery's day, then less in proportion.

    `n` is the closes that its rhythm was learned from.
    """
    close = datetime.combine(batch.delivery.manifest.as_of + timedelta(days=1), time(0), tzinfo=BANK_ZONE)
    for feed in read_freshness(work, batch.built):
        if feed.usual_silence is not None:
            silent, allowed = silence(feed, close), allowance(feed)
            share = min(1.0, allowed / silent) if silent else 1.0
            yield Score(feed=feed.feed, dimension="timeliness", n=feed.closes, good=round(feed.closes * share), of_all=True)


def _quote(name: Any) -> str:
    return f'"{name}"'
