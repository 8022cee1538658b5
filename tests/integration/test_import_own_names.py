"""Money sent to oneself at another bank: known by the name of the other side, which is not kept."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from crm.importing.parts import rows_of
from crm.importing.snapshots import FactsFolder
from tests.insight.kit import HandBank, take_in

_PAID = {"kind": "transfer", "counterparty_bank": "远岸银行"}


def _bank(as_of: date) -> HandBank:
    bank = HandBank(as_of=as_of)
    bank.person("C1", "陳 靜怡").person("C2", "欧阳明").person("C3", "欧阳明").company("K1", "云桥竹器（湖畔）有限公司")
    bank.paid("C1", as_of, counterparty="陈静怡", **_PAID)
    bank.paid("C1", as_of, counterparty="陈静怡女士", **_PAID)
    bank.paid("C2", as_of, counterparty=" 歐陽明 ", counterparty_account="622200001", **_PAID)
    bank.paid("C2", as_of, counterparty="欧阳明", counterparty_account="A-C3", **_PAID)
    bank.paid("K1", as_of, counterparty="云桥竹器(湖畔)有限公司", **_PAID)
    bank.paid("K1", as_of, counterparty="云桥竹器（湖畔）", **_PAID)
    bank.paid("K1", as_of, **_PAID)
    return bank


def _seen(data: Path) -> list[tuple[str | None, bool]]:
    facts = FactsFolder(data / "facts")
    current = facts.current()
    assert current
    rows = f"{rows_of(facts.snapshot(current.snapshot), 'transactions')}"
    return duckdb.execute(f"SELECT counterparty, own_name FROM {rows} ORDER BY transaction_id").fetchall()


@pytest.fixture
def expected() -> list[tuple[str | None, bool]]:
    return [
        ("本人", True),
        ("陈静怡女士", False),
        ("本人", True),
        ("欧阳明", False),  # a namesake with an account of this bank
        ("本人", True),
        ("云桥竹器（湖畔）", False),
        (None, False),
    ]


def test_the_own_name_is_known_in_any_spelling_and_not_kept(tmp_path: Path, expected: list[tuple[str | None, bool]]) -> None:
    take_in(_bank(date(2026, 11, 23)).write(tmp_path / "files"), tmp_path / "data")
    assert _seen(tmp_path / "data") == expected


def test_a_delivery_of_entries_alone_is_held_against_the_names_of_the_book(tmp_path: Path, expected: list[tuple[str | None, bool]]) -> None:
    people, entries = _bank(date(2026, 11, 22)), _bank(date(2026, 11, 23))
    del people.feeds["transactions"]
    entries.feeds = {"transactions": entries.feeds["transactions"]}
    take_in(people.write(tmp_path / "first"), tmp_path / "data")
    take_in(entries.write(tmp_path / "second"), tmp_path / "data")

    assert _seen(tmp_path / "data") == expected
