"""Write a whole bank into a folder."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.random import Generator

from sandbox.bank import house
from sandbox.bank.cast import as_cast, as_cast_company
from sandbox.bank.company import draw_company
from sandbox.bank.dealings import live
from sandbox.bank.files import BALANCES, TRANSACTIONS, ParquetFile, write_csv, write_manifest
from sandbox.bank.investing import holding_rows, invest
from sandbox.bank.ledger import Ledger
from sandbox.bank.names import BANK
from sandbox.bank.person import assessment_rows, consent_rows, draw_person
from sandbox.bank.trading import trade
from sandbox.bank.truth import draw_truth

Row = dict[str, object]

_CHILDREN = {"staff": 1, "persons": 2, "companies": 3}
_FILES = ("manifest.json", "balances.parquet", "transactions.parquet")
_TABLES = (
    "branches", "staff", "products", "persons", "companies", "accounts", "holdings", "risk_assessments", "consents", "staff_secrets",
)  # fmt: skip
_TRUTH = ("needs", "life_events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written, in rows per feed."""

    out: Path
    as_of: date
    rows: tuple[tuple[str, int], ...]


def generate(*, out: Path, as_of: date, customers: int = 200, companies: int = 12, months: int = 12, seed: int = 7) -> Summary:
    """Simulate `customers` persons and `companies` companies over the `months` calendar months up to `as_of`.

    The same arguments write the same bytes. The folder is made if missing; files of an earlier run in it are replaced, others stay.
    Raises ValueError with one line for a number that makes no bank.
    """
    if not 1 <= customers < 900_000 or not 0 <= companies < 100_000 or not 1 <= months <= 120:
        raise ValueError("a bank needs 1 to 899999 customers, 0 to 99999 companies and 1 to 120 months")
    out.mkdir(parents=True, exist_ok=True)
    for name in (*_FILES, *(f"{table}.csv" for table in _TABLES)):
        (out / name).unlink(missing_ok=True)
    shutil.rmtree(out / "truth", ignore_errors=True)
    (out / "truth").mkdir()
    tables: dict[str, list[Row]] = {name: [] for name in (*_TABLES, *_TRUTH)}
    tables["branches"] += house.branches()
    tables["staff"] += house.staff(as_of)
    tables["products"] += house.products(as_of)
    tables["staff_secrets"] += house.staff_secrets(_generator(seed, "staff", 0))
    first = _months_before(as_of, months)
    with ExitStack() as stack:
        balances = stack.enter_context(closing(ParquetFile(out / "balances.parquet", BALANCES)))
        transactions = stack.enter_context(closing(ParquetFile(out / "transactions.parquet", TRANSACTIONS)))
        ledgers = (*_persons(tables, customers, seed, first, as_of), *_companies(tables, companies, seed, first, as_of))
        for ledger in ledgers:
            ledger.number()
            tables["accounts"] += ledger.account_rows()
            for row in ledger.balance_rows():
                balances.add(row)
            for row in ledger.transaction_rows():
                transactions.add(row)
    rows = [(name, write_csv(out / f"{name}.csv", tables[name])) for name in _TABLES]
    for name in _TRUTH:
        write_csv(out / "truth" / f"{name}.csv", tables[name])
    write_manifest(out / "manifest.json", bank=BANK, as_of=as_of)
    return Summary(out=out, as_of=as_of, rows=(*rows, ("balances", balances.rows), ("transactions", transactions.rows)))


def _persons(tables: dict[str, list[Row]], count: int, seed: int, first: date, as_of: date) -> Iterator[Ledger]:
    for number in range(1, count + 1):
        draw = _generator(seed, "persons", number)
        person = as_cast(draw_person(draw, number, as_of=as_of), as_of)
        named = number <= 6  # the people of the documents do not leave
        truth = draw_truth(person, draw, as_of)
        ledger = Ledger(person.id, opened=person.opened_at, first=first, as_of=as_of)
        main = live(person, draw, ledger, stops_on=None if named else truth.stops_on)
        invests = person.wealth > 50_000 and (named or draw.random() < 0.5)
        pieces = int(draw.integers(1, 4))
        positions = invest(draw, ledger, main, yuan=person.wealth * 0.4, level=person.level, pieces=pieces) if invests else []
        _settle(ledger, int(person.wealth * draw.uniform(0.1, 0.5)) * 100)
        tables["persons"].append(person.row())
        tables["risk_assessments"] += assessment_rows(person, draw)
        tables["consents"] += consent_rows(person)
        tables["holdings"] += holding_rows(person.id, positions)
        tables["needs"] += ({"customer_id": person.id, "need": need, "strength": strength} for need, strength in truth.needs)
        tables["life_events"] += ({"customer_id": person.id, "event": event, "on": on} for event, on in truth.events)
        yield ledger


def _companies(tables: dict[str, list[Row]], count: int, seed: int, first: date, as_of: date) -> Iterator[Ledger]:
    for number in range(1, count + 1):
        draw = _generator(seed, "companies", number)
        company = as_cast_company(draw_company(draw, number, as_of=as_of), as_of)
        ledger = Ledger(company.id, opened=company.opened_at, first=first, as_of=as_of)
        main = trade(company, draw, ledger)
        invests = company.assessed_on is not None and draw.random() < 0.6
        positions = invest(draw, ledger, main, yuan=company.wealth * 0.3, level="C2", pieces=1) if invests else []
        _settle(ledger, int(company.wealth * 0.4) * 100)
        tables["companies"].append(company.row())
        if company.assessed_on:
            on = max(company.assessed_on, company.opened_at.date())
            tables["risk_assessments"].append({"customer_id": company.id, "level": company.level, "assessed_on": on})
        tables["holdings"] += holding_rows(company.id, positions)
        yield ledger


def _settle(ledger: Ledger, end: int) -> None:
    """Give each deposit a start that carries its entries, and then its interest."""
    for account in ledger.accounts:
        if account.kind == "deposit" and account.start == 0:
            ledger.fund(account, end if account.id.endswith("01") else 0)
    for account in ledger.accounts:
        if account.kind == "deposit":
            ledger.pay_interest(account, 0.05)


def _generator(seed: int, kind: str, number: int) -> Generator:
    return np.random.default_rng([seed, _CHILDREN[kind], number])


def _months_before(as_of: date, months: int) -> date:
    last = as_of.year * 12 + as_of.month - 1 - (months - 1)
    return date(last // 12, last % 12 + 1, 1)
