"""Assets and activity of the hand-written bank, against sums done by hand."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crm.facts import ParquetFacts
from tests.integration.import_kit import HAND_BANK, TODAY, House, append, copy_of, manifest

pytestmark = pytest.mark.long(seconds=15)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    house.load(HAND_BANK)
    yield house
    house.close()


def test_assets_are_the_latest_deposits_and_holdings_and_no_debts(house: House) -> None:
    assets = house.facts.assets("K1", on=TODAY)

    assert assets is not None
    # 2150.50 and 500.00 in deposits; the fund was sold; the loan of 80000 is no asset.
    assert assets.aum == Decimal("2650.50")
    assert [(holding.kind, holding.amount) for holding in assets.holdings] == [("deposit", Decimal("2650.50"))]


def test_the_monthly_average_counts_every_day_of_the_month_so_far(house: House) -> None:
    assets = house.facts.assets("K1", on=TODAY)

    assert assets is not None
    # 10 days of 1000, 13 of 2150.50, 4 of 500, and 15 of a fund of 300: 44456.50 over 23 days.
    assert assets.month_average == Decimal("1932.89")


def test_foreign_money_counts_in_yuan_and_a_closed_account_not_at_all(house: House) -> None:
    assets = house.facts.assets("K3", on=TODAY)

    assert assets is not None
    assert assets.aum == Decimal("1712.34")
    assert {(holding.currency, holding.amount) for holding in assets.holdings} == {
        ("CNY", Decimal("1000.00")),
        ("USD", Decimal("100.00")),
    }
    # 23 days of 712.34, ten of 230.00 until the closing, two of 1000.00: 20683.82 over 23 days.
    assert assets.month_average == Decimal("899.30")


@pytest.mark.parametrize(
    ("on", "aum"),
    [
        (date(2026, 10, 30), None),
        (date(2026, 10, 31), "1300.00"),
        (date(2026, 11, 10), "1300.00"),
        (date(2026, 11, 11), "2450.50"),
        (date(2026, 11, 16), "2150.50"),
        (date(2026, 11, 20), "2650.50"),
    ],
)
def test_any_past_day_can_be_told_again(house: House, on: date, aum: str | None) -> None:
    assets = house.facts.assets("K1", on=on)

    assert (assets and assets.aum) == (aum and Decimal(aum))


def test_a_day_after_the_facts_is_told_as_of_their_last_day(house: House) -> None:
    assets = house.facts.assets("K1", on=TODAY + timedelta(days=40))
    activity = house.facts.activity("K1", on=TODAY + timedelta(days=40), days=30)

    assert assets is not None
    assert activity is not None
    assert assets.as_of == activity.as_of == TODAY


def test_no_average_is_told_for_a_month_that_the_facts_do_not_cover_whole(house: House) -> None:
    assets = house.facts.assets("K1", on=date(2026, 10, 31))

    assert assets is not None
    assert assets.month_average is None


def test_nothing_is_told_of_people_without_facts(house: House) -> None:
    assert house.facts.assets("K2", on=TODAY) is None
    assert house.facts.assets("nobody", on=TODAY) is None
    assert house.facts.assets("' OR 1 = 1 --", on=TODAY) is None
    assert house.facts.activity("' OR 1 = 1 --", on=TODAY, days=30) is None
    assert house.facts.activity("K2", on=TODAY, days=30) is None


def test_only_dealings_of_the_customers_own_count(house: House) -> None:
    activity = house.facts.activity("K1", on=TODAY, days=30)

    assert activity is not None
    # Two purchases. Not the transfer between own accounts (told from the other account), the interest, the money taken back.
    assert (activity.transactions, activity.active_days) == (2, 2)
    # Booked at 16:30 UTC on the 20th: the 21st in China.
    assert activity.last_on == date(2026, 11, 21)


def test_the_window_ends_on_the_day_and_the_last_dealing_may_lie_before_it(house: House) -> None:
    activity = house.facts.activity("K5", on=TODAY, days=30)

    assert activity is not None
    assert (activity.transactions, activity.last_on) == (0, date(2026, 10, 8))
    day_itself = house.facts.activity("K1", on=date(2026, 11, 21), days=1)
    assert day_itself is not None
    assert day_itself.transactions == 1


def test_a_new_snapshot_is_seen_at_the_next_call_and_old_calls_go_on(house: House, tmp_path: Path) -> None:
    assert house.facts.as_of == TODAY
    faults: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                found = house.facts.assets("K5", on=TODAY)
                assert found is not None
                assert found.aum in (Decimal("1000000.00"), Decimal("7.00"))
        except BaseException as fault:
            faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    later = copy_of(HAND_BANK, tmp_path / "later")
    append(later, "balances.csv", "K5-1,2026-11-23,7.00,")
    house.load(later)
    stop.set()
    for reader in readers:
        reader.join()

    assert faults == []
    assets = house.facts.assets("K5", on=TODAY)
    assert assets is not None
    assert assets.aum == Decimal("7.00")


def test_without_an_import_there_are_no_facts(tmp_path: Path) -> None:
    facts = ParquetFacts(tmp_path / "none")

    assert facts.as_of is None
    assert facts.assets("K1", on=TODAY) is None
    assert facts.activity("K1", on=TODAY, days=30) is None


def test_a_bank_without_transactions_tells_no_activity(tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "bank")
    (folder / "transactions.csv").unlink()
    manifest(folder)
    house = House(tmp_path)
    try:
        house.load(folder)

        assert house.facts.activity("K1", on=TODAY, days=30) is None
        assert house.facts.assets("K1", on=TODAY) is not None
    finally:
        house.close()
