"""Read the files, write the folder."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from sandbox.berka import house, lending, money, people
from sandbox.berka.contract import Contract
from sandbox.berka.sound import check_source
from sandbox.berka.source import read_source

BANK = "Berka（捷克，1993–1998，匿名）"

_FEEDS = {
    "branches": house.BRANCHES,
    "staff": house.STAFF,
    "products": house.PRODUCTS,
    "persons": people.PERSONS,
    "relations": people.RELATIONS,
    "accounts": money.ACCOUNTS,
    "balances": money.BALANCES,
    "transactions": money.TRANSACTIONS,
    "loans": lending.LOANS,
    "repayments": lending.REPAYMENTS,
    "attributes": people.ATTRIBUTES,
}

_OWNERS = "SELECT account_id, printf('C%05d', min(client_id)) AS customer_id FROM disp WHERE type = 'OWNER' GROUP BY account_id"

# What several feeds are made of, in the order in which they are needed.
_STEPS = {
    "as_of": """SELECT max(day) AS day FROM (SELECT opened_on AS day FROM account UNION ALL SELECT issued_on FROM card
        UNION ALL SELECT granted_on FROM loan UNION ALL SELECT day FROM trans)""",
    "day_ends": money.DAY_ENDS,
    "monthly_credits": money.MONTHLY_CREDITS,
    "instalments": lending.INSTALMENTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written, in rows per feed."""

    out: Path
    as_of: date
    rows: tuple[tuple[str, int], ...]


def convert(*, source: Path, out: Path, cny_per_czk: Decimal) -> Summary:
    """Write the folder of the contract. `as_of` is the last day in any of the files.

    Feeds of an earlier run in the folder are replaced. The manifest comes last: a folder without one is no delivery. Raises ValueError
    with one line for files that are not those of docs/berka.md and for a rate that is not above zero.
    """
    if not cny_per_czk.is_finite() or not 0 < cny_per_czk < 1000:
        raise ValueError(f"{cny_per_czk} yuan for a crown is no rate")
    contract = Contract()
    with duckdb.connect(config=_CONFIG) as work:
        work.execute(f"SET TimeZone = '{contract.time_zone}'")
        read_source(work, source)
        work.execute(f"CREATE TABLE owners AS {_OWNERS}")
        check_source(work)
        out.mkdir(parents=True, exist_ok=True)
        for name in ("manifest.json", *(f"{feed}{ending}" for feed in contract.feeds for ending in contract.formats)):
            (out / name).unlink(missing_ok=True)
        try:
            _prepare(work, contract, cny_per_czk)
            rows = tuple((feed, _write(work, contract, feed, query, out)) for feed, query in _FEEDS.items())
            as_of = _day(work)
        except duckdb.Error as fault:
            raise ValueError(" ".join(str(fault).split())[:200]) from None
    said = {
        "contract": contract.version,
        "bank": BANK,
        "as_of": as_of.isoformat(),
        "time_zone": contract.time_zone,
        "source": "core",
        "sandbox": False,
    }
    (out / "manifest.json").write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Summary(out=out, as_of=as_of, rows=rows)


# One thread keeps the order of rows, and so the bytes, the same.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def _prepare(work: duckdb.DuckDBPyConnection, contract: Contract, cny_per_czk: Decimal) -> None:
    work.execute(f"CREATE MACRO cny(crowns) AS CAST(round(crowns * CAST({cny_per_czk:f} AS DECIMAL(12, 8)), 2) AS DECIMAL(15, 2))")
    work.execute("CREATE MACRO sign(type) AS CASE type WHEN 'PRIJEM' THEN 1 WHEN 'VYDAJ' THEN -1 WHEN 'VYBER' THEN -1 END")
    # The files know days, no hours: noon stands for all of them.
    work.execute(f"CREATE MACRO noon(day) AS (day + INTERVAL 12 HOUR) AT TIME ZONE '{contract.time_zone}'")
    for name, query in _STEPS.items():
        work.execute(f"CREATE TABLE {name} AS {query}")


def _write(work: duckdb.DuckDBPyConnection, contract: Contract, feed: str, query: str, out: Path) -> int:
    columns = work.sql(query).columns
    path = str(out / f"{feed}.parquet").replace("'", "''")
    written = work.execute(f"COPY ({contract.select(feed, query, columns)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
    return int(written[0]) if written else 0


def _day(work: duckdb.DuckDBPyConnection) -> date:
    found = work.execute("SELECT day FROM as_of").fetchone()
    if found is None or not isinstance(found[0], date):
        raise ValueError("the files hold no account, card, loan or entry")
    return found[0]
