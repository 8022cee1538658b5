"""What the data contract lets through fits into the book: PostgreSQL refuses a text that is too long, SQLite takes it in silence."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import String

from compliance.days import BANK_ZONE
from crm.importing.feeds import FEEDS
from crm.importing.run import import_folder
from crm.importing.schema import Column
from sandbox.bank.command import generate
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.metadata import metadata
from tests.conftest import MORNING

_TABLES = {"persons": "customers", "companies": "customers"}
_NAMES = {"uscc": "id_number", "contact_phone": "phone", "product_code": "code"}


def _longest(column: Column) -> int:
    return max((len(value) for value in column.allowed), default=column.longest)


def test_every_text_of_the_contract_is_as_short_as_the_book_wants_it() -> None:
    compared, too_long = 0, []
    for feed in FEEDS:
        table = metadata.tables.get(_TABLES.get(feed.name, feed.name))
        for column in feed.columns if table is not None else ():
            assert table is not None
            key = column.name.removeprefix(f"{feed.name.rstrip('s')}_")
            stored = next((table.c[name] for name in (column.name, _NAMES.get(column.name, ""), key) if name in table.c), None)
            if stored is None or not isinstance(stored.type, String) or stored.type.length is None:
                continue
            compared += 1
            if _longest(column) > stored.type.length:
                too_long.append(f"{feed.name}.{column.name}: {_longest(column)} > {stored.type.length}")
    assert too_long == []
    assert compared > 60


@pytest.mark.slow
def test_a_whole_simulated_bank_is_taken_by_both_engines(database: Database, tmp_path: Path) -> None:
    generate(out=tmp_path / "bank", as_of=date(2026, 11, 23), customers=400, companies=20, months=3, seed=5)
    report = import_folder(
        tmp_path / "bank",
        book=SqlBookSink(database),
        facts_folder=tmp_path / "facts",
        at=MORNING.astimezone(BANK_ZONE),
        sandbox=True,
    )
    assert (report.rejected, report.known) == (0, False)
    assert len(report.feeds) > 25
