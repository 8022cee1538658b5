"""When each feed last said something, and how long it usually is silent: learned from the feed's own past.

At the close of every day we look how long nothing had come. The usual silence is what 95 of 100 closes of the last 90 days before the
feed's last day stayed within: minutes for payments, a weekend for a counter, a month for monthly balances. One definition fits all.
"""

import duckdb

from crm.importing.feeds import FEEDS
from crm.importing.schema import Type
from crm.measuring.batch import Batch
from crm.measuring.definitions import feed_definitions
from crm.measuring.freshness_rows import FILE
from crm.measuring.small import table_rows, write_rows

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
    """Measure every feed of the built snapshot that has rows."""
    rows = []
    for feed in FEEDS:
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


def _measured(work: duckdb.DuckDBPyConnection, source: str, moment: str | None, *, dated: bool) -> tuple[object, ...]:
    if moment is None:
        return (*_one(work, f"SELECT count(*) FROM {source}"), None, None, None, 0)
    local = f'CAST("{moment}" + 1 AS TIMESTAMP)' if dated else f"\"{moment}\" AT TIME ZONE '{_ZONE}'"
    day = f'"{moment}"' if dated else f"CAST({local} AS DATE)"
    return _one(
        work,
        f"""WITH days AS (SELECT {day} AS day, count(*) AS rows, min({local}) AS first, max({local}) AS last FROM {source} GROUP BY 1),
        dated AS (SELECT * FROM days WHERE day IS NOT NULL),
        span AS (SELECT min(day) AS first_day, max(day) AS last_day FROM dated),
        closes AS (
            SELECT CAST(unnest(generate_series(first_day, last_day - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS DATE) AS day, last_day FROM span
        ),
        silences AS (
            SELECT c.day, c.last_day, CAST(c.day + 1 AS TIMESTAMP) - max(d.last) OVER (ORDER BY c.day) AS silence
            FROM closes AS c LEFT JOIN dated AS d ON d.day = c.day
        ),
        recent AS (SELECT epoch(silence) AS s FROM silences WHERE day >= last_day - {_WINDOW_DAYS})
        SELECT (SELECT sum(rows) FROM days), (SELECT min(first) FROM dated), (SELECT max(last) FROM dated),
            (SELECT CAST(quantile_disc(s, {_SHARE}) AS BIGINT) FROM recent), (SELECT count(*) FROM recent)""",
    )


def _one(work: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    found: tuple[object, ...] = work.execute(query).fetchall()[0]
    return found
