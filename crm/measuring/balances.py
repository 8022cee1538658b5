"""Whether balances follow from the entries: the balance before plus what was booked since is the balance after."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from crm.measuring.definitions import read
from crm.measuring.small import table_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceSteps:
    """`good` of `n` steps from one balance to the next add up."""

    n: int
    good: int


def compare_balances(work: duckdb.DuckDBPyConnection, snapshot: Path) -> BalanceSteps:
    """Compare steps that lie within the days of which there are entries, of accounts that have entries."""
    balances, entries = (table_rows(snapshot, name) for name in ("balances", "transactions"))
    most = int(read("quality")["accounts_compared"])
    found = work.execute(
        f"""WITH covered AS (SELECT min("on") AS first, max("on") AS last FROM {entries}),
        picked AS (SELECT account_id FROM {balances} GROUP BY account_id ORDER BY md5(account_id), account_id LIMIT {most}),
        mine AS (SELECT account_id, "on", amount FROM {entries} SEMI JOIN picked USING (account_id)),
        steps AS (
            SELECT account_id, "on" AS until, amount, lag("on") OVER steps AS since, lag(amount) OVER steps AS before
            FROM {balances} SEMI JOIN picked USING (account_id) WINDOW steps AS (PARTITION BY account_id ORDER BY "on")
        ),
        moved AS (
            SELECT s.account_id, s.until, sum(m.amount) AS amount
            FROM mine AS m ASOF JOIN steps AS s ON m.account_id = s.account_id AND m."on" <= s.until GROUP BY ALL
        )
        SELECT count(*), count(*) FILTER (s.before + coalesce(m.amount, 0) = s.amount)
        FROM steps AS s CROSS JOIN covered AS c LEFT JOIN moved AS m ON m.account_id = s.account_id AND m.until = s.until
        WHERE s.since + 1 >= c.first AND s.until <= c.last AND s.account_id IN (SELECT account_id FROM mine)"""
    ).fetchall()[0]
    return BalanceSteps(n=int(found[0]), good=int(found[1]))
