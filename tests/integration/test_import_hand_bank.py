"""A bank that somebody wrote by hand from docs/data-contract.md alone: five customers, no branches, no products."""

import gzip
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.integration.import_kit import HAND_BANK, TODAY, House, append, copy_of, manifest, rejects

pytestmark = pytest.mark.long(seconds=15)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def test_takes_every_row_and_says_what_it_could_not_check(house: House) -> None:
    report = house.load(HAND_BANK)

    assert (report.taken, report.rejected, report.rejects) == (30, 0, None)
    assert report.bank == "溪口合作银行"
    assert any("no branches are known" in note for note in report.notes)


def test_people_arrive_as_written(house: House) -> None:
    house.load(HAND_BANK)

    driver = house.ask(lambda book: book.customer("K1"))
    assert driver.name == "马小跳"
    assert driver.segments == ("育儿家庭", "自由职业")
    assert driver.opened_at == datetime(2025, 3, 8, 2, 15, tzinfo=UTC)
    company = house.ask(lambda book: book.customer("K5"))
    assert (company.kind, company.id_number, company.contact_name) == ("company", "91990000MA0A000996", "竹青")


def test_a_traditional_name_is_found_by_its_simplified_form(house: House) -> None:
    house.load(HAND_BANK)

    assert [c.id for c in house.ask(lambda book: book.named("温静"))] == ["K3"]
    assert [c.id for c in house.ask(lambda book: book.named("溫靜"))] == ["K3"]
    assert [c.id for c in house.ask(lambda book: book.named_like({"温静", "钱多", "小跳"}))] == ["K3", "K2"]
    assert house.ask(lambda book: book.named_like(set())) == []


def test_the_same_folder_twice_changes_nothing(house: House) -> None:
    first = house.load(HAND_BANK)
    before = house.seen()
    files = sorted(path.name for path in house.facts_folder.rglob("*.parquet"))

    second = house.load(HAND_BANK)

    assert second.known
    assert second.snapshot == first.snapshot
    assert house.seen() == before
    assert sorted(path.name for path in house.facts_folder.rglob("*.parquet")) == files


def test_a_compressed_feed_and_a_parquet_feed_say_the_same(house: House, tmp_path: Path) -> None:
    house.load(HAND_BANK)
    folder = copy_of(HAND_BANK, tmp_path / "other")
    (folder / "persons.csv.gz").write_bytes(gzip.compress((folder / "persons.csv").read_bytes()))
    (folder / "persons.csv").unlink()
    duckdb.connect().execute(
        f"""COPY (SELECT * REPLACE (CAST("on" AS DATE) AS "on", CAST(balance AS DECIMAL(18, 4)) AS balance)
        FROM read_csv('{folder}/balances.csv', all_varchar = true)) TO '{folder}/balances.parquet'"""
    )
    (folder / "balances.csv").unlink()
    other = House(tmp_path / "second")
    try:
        report = other.load(folder)

        assert report.rejected == 0
        assert other.seen() == house.seen()
    finally:
        other.close()


def test_blanks_a_byte_order_mark_windows_lines_and_moved_columns_do_not_matter(house: House, tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "other")
    (folder / "staff.csv").write_bytes(
        "\ufeffrole,name,staff_id,branch_id,hobby\r\nrm, 方一诺 ,W01,Z1,围棋\r\nmanager,石海,W02,Z1,\r\n".encode()
    )

    report = house.load(folder)

    assert house.ask(lambda book: book.staff("W01")).name == "方一诺"
    assert "staff.csv: the column hobby is not in the contract, left out" in report.notes


def test_a_row_may_name_a_deputy_further_down(house: House, tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "other")
    (folder / "staff.csv").write_text(
        "staff_id,name,role,branch_id,deputy_id,leave_from,leave_until\n"
        "W01,方一诺,rm,Z1,W02,2026-11-20,2026-12-01\nW02,石海,rm,Z1,,,\nW03,白露,rm,Z1,W09,,\n",
        encoding="utf-8",
    )

    report = house.load(folder)

    assert house.ask(lambda book: book.staff("W01")).deputy_id == "W02"
    assert [(row["row"], row["column"], row["value"]) for row in rejects(report)] == [("4", "deputy_id", "W09")]


def test_a_later_delivery_may_hold_only_what_changed(house: House, tmp_path: Path) -> None:
    house.load(HAND_BANK)
    folder = tmp_path / "later"
    folder.mkdir()
    manifest(folder, as_of="2026-11-25")
    (folder / "balances.csv").write_text("account_id,on,balance\nK1-1,2026-11-25,9000.00\n")
    (folder / "transactions.csv").write_text(
        "transaction_id,account_id,at,amount,initiator,kind\nt1,K1-1,2026-11-05T18:42:07+08:00,-26.50,customer,payment\n"
        "t8,K1-1,2026-11-24T10:00:00+08:00,6849.50,customer,transfer\n"
    )

    house.load(folder)

    assets = house.facts.assets("K1", on=date(2026, 11, 25))
    assert assets is not None
    assert assets.aum == Decimal("9500.00")
    activity = house.facts.activity("K1", on=date(2026, 11, 25), days=30)
    assert activity is not None
    assert activity.transactions == 3  # t1 came twice and counts once
    assert house.ask(lambda book: book.customer("K2")) is not None


def test_a_late_delivery_does_not_undo_a_younger_one(house: House, tmp_path: Path) -> None:
    young, old = tmp_path / "young", tmp_path / "old"
    for folder, day, name, amount in ((young, "2026-11-23", "新名字", "200.00"), (old, "2026-11-01", "旧名字", "100.00")):
        folder.mkdir()
        manifest(folder, as_of=day)
        (folder / "persons.csv").write_text(
            f"customer_id,name,branch_id,opened_at\nK1,{name},Z1,2020-01-01T09:00:00+08:00\n", encoding="utf-8"
        )
        (folder / "accounts.csv").write_text("account_id,customer_id,kind,opened_on\nA1,K1,deposit,2020-01-01\n")
        (folder / "balances.csv").write_text(f"account_id,on,balance\nA1,2026-10-31,{amount}\n")

    house.load(young)
    house.load(old)

    assert house.ask(lambda book: book.customer("K1")).name == "新名字"
    assets = house.facts.assets("K1", on=TODAY)
    assert assets is not None
    assert assets.aum == Decimal("200.00")
    assert house.facts.as_of == TODAY


def test_deliveries_meet_the_same_in_any_order(house: House, tmp_path: Path) -> None:
    later = copy_of(HAND_BANK, tmp_path / "later")
    manifest(later, as_of="2026-11-24")
    append(later, "balances.csv", "K5-1,2026-11-24,7.00,")
    other = House(tmp_path / "second")
    try:
        for folder in (HAND_BANK, later):
            house.load(folder)
        for folder in (later, HAND_BANK):
            other.load(folder)

        assert other.seen() == house.seen()
    finally:
        other.close()


def test_lost_facts_are_built_again_by_the_same_delivery(house: House) -> None:
    house.load(HAND_BANK)
    before = house.seen()
    shutil.rmtree(house.facts_folder)

    report = house.load(HAND_BANK)

    assert not report.known
    assert house.seen() == before
