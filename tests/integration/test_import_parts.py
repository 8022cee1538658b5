"""Deliveries on top of a large table: its files stay, parts are put beside them, and nobody who reads can tell."""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from crm.importing.parts import files_of, rows_of
from crm.importing.staging import Growth
from tests.integration.import_kit import HAND_BANK, TODAY, House, copy_of, manifest

pytestmark = pytest.mark.long(seconds=12)

_HEADER = "transaction_id,account_id,at,amount,initiator,kind,reversal"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Every table of a row or more counts as large."""
    house = House(_folder(tmp_path / "in parts"), growth=Growth(rows=1, share=1, parts=2))
    yield house
    house.close()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[House]:
    """Every table is written anew."""
    house = House(_folder(tmp_path / "whole"))
    yield house
    house.close()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _snapshot(house: House) -> Path:
    (newest,) = sorted(house.facts_folder.glob("snapshots/*"))[-1:]
    return newest


def _rows(house: House, table: str) -> list[tuple[str, ...]]:
    rows = rows_of(_snapshot(house), table)
    return duckdb.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {rows} ORDER BY ALL").fetchall()


def _day(folder: Path, as_of: str, *lines: str) -> Path:
    """A delivery of nothing but transactions."""
    folder.mkdir()
    manifest(folder, as_of=as_of)
    (folder / "transactions.csv").write_text("\n".join((_HEADER, *lines)) + "\n", encoding="utf-8")
    return folder


def test_a_day_is_put_beside_and_the_large_file_stays_as_it_is(house: House, tmp_path: Path) -> None:
    house.load(HAND_BANK)
    (large,) = files_of(_snapshot(house), "transactions")
    inode = large.stat().st_ino

    house.load(_day(tmp_path / "day", "2026-11-24", "n1,K5-1,2026-11-24T09:00:00+08:00,-5.00,customer,payment,false"))

    files = files_of(_snapshot(house), "transactions")
    assert [file.name for file in files] == ["transactions.parquet", "transactions.1.parquet"]
    assert files[0].stat().st_ino == inode
    activity = house.facts.activity("K5", on=house.facts.as_of or TODAY, days=1)
    assert activity is not None
    assert activity.transactions == 1


def test_a_late_row_that_is_known_counts_once_and_only_its_file_is_written_again(house: House, tmp_path: Path) -> None:
    house.load(HAND_BANK)
    before = _rows(house, "transactions")
    house.load(_day(tmp_path / "one", "2026-11-24", "n1,K5-1,2026-11-24T09:00:00+08:00,-5.00,customer,payment,false"))
    first = files_of(_snapshot(house), "transactions")[0].stat().st_ino

    again = "n1,K5-1,2026-11-24T09:00:00+08:00,-6.00,customer,payment,false"
    house.load(_day(tmp_path / "two", "2026-11-25", again, "n2,K5-1,2026-11-25T09:00:00+08:00,-7.00,customer,payment,false"))

    files = files_of(_snapshot(house), "transactions")
    assert len(_rows(house, "transactions")) == len(before) + 2
    assert [row[5] for row in _rows(house, "transactions") if row[0] == "n1"] == ["-6.00"]
    assert files[0].stat().st_ino == first


def test_whatever_comes_late_twice_or_out_of_order_the_parts_hold_what_one_file_would(house: House, plain: House, tmp_path: Path) -> None:
    dice = random.Random(20261123)
    parts: list[int] = []
    for number in range(9):
        keys = [f"x{dice.randrange(12)}" for _ in range(dice.randint(1, 4))]
        lines = [
            f"{key},K{dice.choice('15')}-1,2026-11-1{dice.randrange(9)}T09:00:00+08:00,{dice.randint(1, 99)}.00,customer,payment,false"
            for key in dict.fromkeys(keys)
        ]
        day = f"2026-11-2{dice.randrange(9)}"
        delivery = _day(tmp_path / str(number), day, *lines) if number else copy_of(HAND_BANK, tmp_path / "0")
        for one in (house, plain):
            one.load(delivery)
        assert _rows(house, "transactions") == _rows(plain, "transactions")
        parts.append(len(files_of(_snapshot(house), "transactions")))

    assert len(files_of(_snapshot(plain), "transactions")) == 1
    assert max(parts) == 3, "one file and two parts; then these are gathered"
    assert (3, 2) in pairwise(parts)
    assert house.seen() == plain.seen()


def test_parts_that_together_are_large_become_one_file(tmp_path: Path) -> None:
    house = House(tmp_path, growth=Growth(rows=1, share=4, parts=9))
    house.load(HAND_BANK)
    counts = []
    for day in (24, 25, 26):
        line = f"n{day},K5-1,2026-11-{day}T09:00:00+08:00,-5.00,customer,payment,false"
        house.load(_day(tmp_path / str(day), f"2026-11-{day}", line))
        counts.append(len(files_of(_snapshot(house), "transactions")))
    house.close()

    # Seven rows: one beside them is less than a quarter, two are not.
    assert counts == [2, 1, 2]
