"""When each feed last said something, and how long it usually is silent: learned from the feed's own past.

At the close of every day we look how long nothing had come. The usual silence is what 95 of 100 closes of the last 90 days before the
feed's last day stayed within: minutes for payments, a weekend for a counter, a month for monthly balances. One definition fits all.
"""

from pathlib import Path

import duckdb

from crm.importing.feeds import FEEDS
from crm.importing.parts import quoted
from crm.importing.schema import Type
from crm.measuring.batch import Batch
from crm.measuring.definitions import feed_definitions
from crm.measuring.freshness_rows import FILE
from crm.measuring.small import present, table_rows, write_rows

COLUMNS = {
    "feed": "VARCHAR",
    "rows": "BIGINT",
    "first_at": "TIMESTAMP",  # on the bank's clock, as last_at
    "last_at": "TIMESTAMP",
    "dated": "BOOLEAN",  # the feed knows days only; last_at is then the end of the day
    "usual_silence_s": "BIGINT",
    "closes": "BIGINT",
}
_WINDOW_DAYS, _SHARE = 90, 0.95
# Persons and companies lie in one table.
_TABLES = {"persons": ("customers", "kind = 'person'"), "companies": ("customers", "kind = 'company'")}
_ZONE = "Asia/Shanghai"


def write_rhythm(work: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Measure every feed of the built snapshot that has rows; one that brought none is as it was measured before."""
    rows = []
    known = _measured_before(work, batch.before)
    for feed in FEEDS:
        if feed.name in known and not batch.had(feed.name):
            rows.append(known[feed.name])
            continue
        table, condition = _TABLES.get(feed.name, (feed.name, "true"))
        stored = table_rows(batch.built, table)
        if stored is None:
            continue
        moment = feed_definitions()[feed.name].moment
        dated = moment is not None and feed.column(moment).type is Type.DATE
        source = f"(SELECT * FROM {stored} WHERE {condition})"
        measured = _measured(work, source, moment, dated=dated)
        if measured[0]:
            rows.append(dict(zip(COLUMNS, (feed.name, *measured[:3], dated, *measured[3:]), strict=True)))
    write_rows(work, batch.built / FILE, COLUMNS, rows)


def _measured_before(work: duckdb.DuckDBPyConnection, before: Path | None) -> dict[str, dict[str, object]]:
    file = present(before, FILE)
    if file is None:
        return {}
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    found = work.execute(f"SELECT {names} FROM read_parquet({quoted(file)})").fetchall()
    return {str(row[0]): dict(zip(COLUMNS, row, strict=True)) for row in found}


def _measured(work: duckdb.DuckDBPyConnection, source: str, moment: str | None, *, dated: bool) -> tuple[object, ...]:
    counted = _one(work, f"SELECT count(*) FROM {source}")
    if moment is None or not counted[0]:  # most feeds of a small delivery: planning the question below takes longer than the rest
        return (*counted, None, None, None, 0)
    kind = "DATE" if dated else "TIMESTAMPTZ"
    column = f'"{moment}"'
    # Whole feeds are only counted; what costs time, the bank's clock and the days, is asked of the last months.
    return _one(
        work,
        f"""WITH span AS MATERIALIZED (
            SELECT count(*) AS rows, min({column}) AS first, max({column}) AS last FROM {source}
        ),
        bounds AS (SELECT rows, {_local("first", dated=dated)} AS first, {_local("last", dated=dated)} AS last,
            {_day("first", dated=dated)} AS first_day, {_day("last", dated=dated)} AS last_day FROM span),
        days AS (
            SELECT {_day(column, dated=dated)} AS day, {_local(f"max({column})", dated=dated)} AS last FROM {source}
            WHERE {column} >= (SELECT CAST(last AS {kind}) - INTERVAL {_WINDOW_DAYS + 1} DAY FROM span) GROUP BY 1
        ),
        earlier AS (
            SELECT max({column}) AS last FROM {source}
            WHERE {column} < (SELECT CAST(last AS {kind}) - INTERVAL {_WINDOW_DAYS + 1} DAY FROM span)
        ),
        closes AS (
            SELECT CAST(unnest(generate_series(
                greatest(first_day, CAST(last_day - INTERVAL {_WINDOW_DAYS} DAY AS DATE)), last_day - INTERVAL 1 DAY, INTERVAL 1 DAY
            )) AS DATE) AS day FROM bounds
        ),
        heard AS (
            SELECT day, last FROM days
            UNION ALL SELECT CAST(NULL AS DATE), {_local("last", dated=dated)} FROM earlier WHERE last IS NOT NULL
        ),
        silences AS (
            SELECT c.day, CAST(c.day + 1 AS TIMESTAMP) - max(h.last) AS silence
            FROM closes AS c JOIN heard AS h ON h.day IS NULL OR h.day <= c.day GROUP BY c.day
        )
        SELECT rows, first, last, (SELECT CAST(quantile_disc(epoch(silence), {_SHARE}) AS BIGINT) FROM silences),
            (SELECT count(*) FROM silences) FROM bounds""",
    )


def _local(name: str, *, dated: bool) -> str:
    """A moment on the bank's clock; of a day its end."""
    return f"CAST({name} + 1 AS TIMESTAMP)" if dated else f"{name} AT TIME ZONE '{_ZONE}'"


def _day(name: str, *, dated: bool) -> str:
    return name if dated else f"CAST({_local(name, dated=dated)} AS DATE)"


def _one(work: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    found: tuple[object, ...] = work.execute(query).fetchall()[0]
    return found
