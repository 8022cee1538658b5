"""The nightly run at three sizes: seconds in all and of the stages that take long, and the most memory that the process ever had.

Each is the command `python -m bot assess` as a process of its own over files that were imported before. Beside it the RFM part is run once
by its expressions and once as SQL that was written by hand for DuckDB: what the expressions cost. Then a manager asks about customers.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bot.benchmark import import_files, viewing
from bot.benchmark.figures import Figure
from bot.benchmark.importing import WATCH
from config.settings import Settings

SIZES = (1_000_000, 4_000_000, 13_000_000)
_MANY = 20_000_000, 1_000_000  # transactions and customers
_SECONDS = 60  # for 13 million transactions of 50,000 customers, on two cores
_SECONDS_OF_MANY = 360
_MEMORY_MB = 6144
_TIMES = 1.5


def three_sizes(settings: Settings) -> list[Figure]:
    """Make files, import and judge them, throw all away; one size after the other, and last a bank of very many customers."""
    figures: list[Figure] = []
    for transactions in SIZES:
        said = f"assess of {transactions / 1e6:g} M transactions"
        figures += _of_size(settings, said, transactions=transactions, customers=None, wanted=_SECONDS)
    transactions, customers = _MANY
    said = f"assess of {customers / 1e6:g} M customers, {transactions / 1e6:g} M transactions"
    return figures + _of_size(settings, said, transactions=transactions, customers=customers, wanted=_SECONDS_OF_MANY)


def _of_size(settings: Settings, said: str, *, transactions: int, customers: int | None, wanted: float) -> list[Figure]:
    folder = settings.data / f"assess-{transactions}"
    import_files.make(folder / "bank", transactions=transactions, form="parquet", whole=True, customers=customers)
    _command(folder, "import", str(folder / "bank"))
    shutil.rmtree(folder / "bank")
    report, memory = _command(folder, "assess", "--json")
    judged = settings.model_copy(update={"data": folder / "data"})
    figures = [
        Figure(name=said, value=report["seconds"], unit="s", wanted=wanted),
        Figure(name=f"{said}, most memory", value=memory, unit="MB", wanted=_MEMORY_MB),
        *(
            Figure(name=f"{said}, {stage['name']}", value=stage["seconds"], unit="s", wanted=wanted / 2)
            for stage in report["stages"]
            if stage["seconds"] >= 1
        ),
        _against_sql(folder / "data", said),
        *viewing.profile_and_brief(judged, said.replace("assess", "bank", 1)),
        *viewing.event_to_task(judged, said.replace("assess", "bank", 1)),
    ]
    shutil.rmtree(folder)
    return figures


def _command(folder: Path, *arguments: str) -> tuple[dict[str, Any], float]:
    """What the command printed as JSON, if it did, and the most memory that it had, in MB."""
    environment = {**os.environ, "PEIBAN_DATA": str(folder / "data"), "PEIBAN_DATABASE_URL": "", "PEIBAN_LOG_LEVEL": "ERROR"}
    done = subprocess.run(  # noqa: S603  our own interpreter and module
        [sys.executable, "-c", WATCH, sys.executable, "-m", "bot", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the {arguments[0]} that was to be measured ended with {done.returncode}: {done.stderr[-500:]}")
    *said, memory = done.stdout.splitlines()
    return (json.loads(said[-1]) if arguments[-1] == "--json" else {}), int(memory) / 1024


def _against_sql(data: Path, said: str) -> Figure:
    once = [_both_ways(data) for _ in range(2)]  # the first reads the files into the cache of the system, the second counts
    expressions, by_hand = once[-1]
    return Figure(name=f"{said}, RFM against SQL by hand", value=expressions / by_hand, unit="times", wanted=_TIMES)


def _both_ways(data: Path) -> tuple[float, float]:
    """Seconds by the expressions of the stages, and by hand. Raises RuntimeError where they differ in what they say."""
    from crm.assessing.engine import duckdb_over
    from crm.assessing.on_duckdb import DuckWorkspace
    from crm.features.coverage import coverage
    from crm.features.dealing import dealing
    from crm.importing.snapshots import FactsFolder
    from crm.rfm.cuts import rfm_cuts, rfm_values
    from crm.rfm.stage import rfm

    facts = FactsFolder(data / "facts")
    current = facts.current()
    assert current is not None  # imported just now
    with duckdb_over(facts.snapshot(current.snapshot), memory="3GB", threads=2, spill=data) as (connection, tables):
        began = time.perf_counter()
        work = DuckWorkspace(connection, tables, day=current.as_of)
        work.leave("coverage", coverage(work))
        work.leave("features", dealing(work, work.day).rename(_AS_FEATURES))
        work.leave("rfm_values", rfm_values(work))
        work.leave("rfm_cuts", rfm_cuts(work))
        result = work.leave("rfm", rfm(work)).get_name()
        between = time.perf_counter()
        days = {"day": current.as_of, "first": current.as_of.replace(day=1)}
        connection.con.execute(f"CREATE TEMP TABLE by_hand AS {_BY_HAND}", days)
        ended = time.perf_counter()
        said = [
            connection.con.execute(f"SELECT r, f, m, count(*) FROM {table} GROUP BY ALL ORDER BY ALL").fetchall()
            for table in (result, "by_hand")
        ]
    if said[0] != said[1]:
        raise RuntimeError("the expressions and the SQL by hand give different scores")
    return between - began, ended - between


_AS_FEATURES = {"active_days_12m": "active_days", "frequency_per_30d": "frequency", "monetary_12m": "monetary"}
# Persons only, all observed for the whole window, as the made files are. As the stages do, it reads every transaction once, and an entry
# that was taken back counts up to the day before, for the day of the run and for the first of its month each.
_BY_HAND = """WITH undone AS (
    SELECT customer_id, reverses, min("on") AS taken_back_on FROM transactions WHERE reversal AND reverses IS NOT NULL GROUP BY ALL
), entries AS (
    SELECT t.customer_id, "on", amount_cny, coalesce(taken_back_on > $day, true) AS now, coalesce(taken_back_on > $first, true) AS earlier
    FROM transactions AS t LEFT JOIN undone ON t.customer_id = undone.customer_id AND transaction_id = undone.reverses
    WHERE initiator = 'customer' AND NOT own_transfer AND NOT reversal AND "on" <= $day
), own AS (
    SELECT customer_id, "on", bool_or(now) AS now, abs(sum(amount_cny) FILTER (now)) AS moved,
        bool_or(earlier) AS earlier, abs(sum(amount_cny) FILTER (earlier)) AS moved_then
    FROM entries GROUP BY ALL
), dealt AS (
    SELECT customer_id,
        date_diff('day', max("on") FILTER (earlier AND "on" <= $first), CAST($first AS DATE)) AS r_then,
        count(*) FILTER (earlier AND "on" <= $first AND "on" > CAST($first AS DATE) - INTERVAL 12 MONTH) AS f_then,
        sum(moved_then) FILTER (earlier AND "on" <= $first AND "on" > CAST($first AS DATE) - INTERVAL 12 MONTH) AS m_then,
        date_diff('day', max("on") FILTER (now), CAST($day AS DATE)) AS r_now,
        count(*) FILTER (now AND "on" > CAST($day AS DATE) - INTERVAL 12 MONTH) AS f_now,
        sum(moved) FILTER (now AND "on" > CAST($day AS DATE) - INTERVAL 12 MONTH) AS m_now
    FROM own GROUP BY ALL
), cuts AS (
    SELECT quantile_disc(r_then, [0.2, 0.4, 0.6, 0.8]) AS r, quantile_disc(f_then, [0.2, 0.4, 0.6, 0.8]) AS f,
        quantile_disc(m_then, [0.2, 0.4, 0.6, 0.8]) AS m
    FROM dealt WHERE f_then > 0
)
SELECT customer_id, 5 - len(list_filter(cuts.r, lambda q: coalesce(r_now, 99999) > q)) AS r,
    1 + len(list_filter(cuts.f, lambda q: coalesce(f_now, 0) > q)) AS f, 1 + len(list_filter(cuts.m, lambda q: coalesce(m_now, 0) > q)) AS m
FROM customers LEFT JOIN dealt USING (customer_id), cuts"""
