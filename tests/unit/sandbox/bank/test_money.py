"""Balances, entries and loans are shaped like those of real banks and add up."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from sandbox.bank.command import generate
from tests.unit.sandbox.bank.bank_files import AS_OF, csv_rows, parquet_rows


def test_balances_follow_from_the_entries_and_no_deposit_is_below_zero(bank: Path) -> None:
    accounts = {row["account_id"]: row for row in csv_rows(bank / "accounts.csv")}
    balances: dict[str, list[tuple[date, Decimal]]] = {}
    for row in parquet_rows(bank / "balances.parquet"):
        balances.setdefault(row["account_id"], []).append((row["on"], row["balance"]))
    moved: Counter[str] = Counter()
    first_day: dict[str, Decimal] = {}
    entries = {row["transaction_id"]: row for row in parquet_rows(bank / "transactions.parquet")}  # some come twice
    for row in entries.values():
        moved[row["account_id"]] += row["amount"]
        on = (row["at"] + timedelta(0)).date()
        if on == balances[row["account_id"]][0][0]:
            first_day[row["account_id"]] = first_day.get(row["account_id"], Decimal(0)) + row["amount"]

    for identity, days in balances.items():
        assert days == sorted(days, key=lambda day: day[0])
        start = days[0][1] - first_day.get(identity, Decimal(0))
        assert days[-1][1] == start + moved[identity]
        if accounts[identity]["kind"] == "deposit":
            assert min(balance for _, balance in days) >= 0


def test_dealings_are_shaped_like_those_of_real_banks(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=400, companies=0, months=6, seed=11)
    entries = parquet_rows(tmp_path / "transactions.parquet")
    by_hand = [row for row in entries if row["initiator"] == "customer"]
    monthly = Counter((row["account_id"][:7], row["at"].year, row["at"].month) for row in by_hand)
    counts = sorted(monthly.values())
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    spent = sorted(-row["amount"] for row in by_hand if row["amount"] < 0 and row["kind"] == "payment")
    recent = {row["account_id"][:7] for row in by_hand if row["at"].date() > AS_OF - timedelta(days=60) and not row["own_transfer"]}
    interest = [row for row in entries if row["kind"] == "interest"]
    night = sum(row["at"].hour in (2, 3, 4, 5) for row in by_hand) / len(by_hand)
    weekdays = Counter(row["at"].weekday() for row in by_hand)

    assert 5 <= counts[len(counts) // 2] <= 12  # measured 7.5
    assert variance / mean > 10  # far from Poisson; measured 83
    assert 30 <= spent[len(spent) // 2] <= 110  # measured 50
    assert 0.6 <= len(recent) / 400 <= 0.9  # measured: 20 % without an entry in two months
    assert 0.10 <= 1 - len(by_hand) / len(entries) <= 0.40  # measured 0.305
    assert {row["initiator"] for row in interest} == {"bank"}
    assert sum((row["at"] + timedelta(days=1)).day == 1 for row in interest) / len(interest) > 0.98  # but for time deposits that ran out
    assert night < 0.03
    assert all(0.11 <= weekdays[day] / len(by_hand) <= 0.18 for day in range(7))


def test_wealth_has_a_heavy_tail(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=400, companies=0, months=1, seed=5)
    latest: dict[str, Decimal] = {}
    for row in parquet_rows(tmp_path / "balances.parquet"):
        latest[row["account_id"]] = max(row["balance"], Decimal(0))
    holdings = {(row["customer_id"], row["product_code"]): row["amount"] for row in parquet_rows(tmp_path / "holdings.parquet")}
    assets: Counter[str] = Counter()
    for identity, balance in latest.items():
        assets[identity[1:7]] += balance
    for (identity, _), amount in holdings.items():
        assets[identity[1:]] += amount
    ranked = sorted(assets.values(), reverse=True)

    assert sum(ranked[: len(ranked) // 10]) > sum(ranked) * Decimal("0.4")


def test_rows_come_late_twice_and_out_of_order(bank: Path) -> None:
    entries = parquet_rows(bank / "transactions.parquet")
    late = [row for row in entries if row["received_at"]]
    ids = [row["transaction_id"] for row in entries]
    places = [(row["account_id"], row["at"]) for row in entries]
    first: dict[str, dict[str, Any]] = {}

    assert 0.003 < len(late) / len(entries) < 0.02
    assert all(row["received_at"] > row["at"] for row in late)
    assert 0 < len(ids) - len(set(ids)) < len(ids) * 0.005
    assert all(first.setdefault(row["transaction_id"], row) == row for row in entries)  # the same in each copy
    assert sum(one > two for one, two in pairwise(places)) > len(places) * 0.001


def test_entries_taken_back_and_own_transfers_are_what_they_say(bank: Path) -> None:
    holder = {row["account_id"]: row["customer_id"] for row in csv_rows(bank / "accounts.csv")}
    entries = {row["transaction_id"]: row for row in parquet_rows(bank / "transactions.parquet")}
    back = [row for row in entries.values() if row["reversal"]]
    own = [row for row in entries.values() if row["own_transfer"] and row["counterparty_account"] in holder]
    unsaid = [row for row in entries.values() if row["own_transfer"] is None and row["counterparty_account"] in holder]

    assert back
    assert all(entries[row["reverses"]]["amount"] == -row["amount"] and entries[row["reverses"]]["at"] < row["at"] for row in back)
    assert own
    assert all(holder[row["counterparty_account"]] == holder[row["account_id"]] for row in own)
    assert any(holder[row["counterparty_account"]] == holder[row["account_id"]] for row in unsaid)


def test_loans_are_paid_back_as_the_schedule_says(bank: Path) -> None:
    owed: dict[str, Decimal] = {}
    for row in sorted(parquet_rows(bank / "balances.parquet"), key=lambda row: row["on"]):
        owed[row["account_id"]] = row["balance"]
    loans = csv_rows(bank / "loans.csv")
    parts: Counter[str] = Counter()
    for row in parquet_rows(bank / "repayments.parquet"):
        if row["paid_on"]:
            assert row["paid_amount"] == row["due_amount"]
            parts[row["loan_id"]] += row["principal_part"]

    assert {loan["status"] for loan in loans} >= {"current", "settled"}
    assert any(loan["account_id"] for loan in loans)
    for loan in loans:
        if not loan["account_id"]:  # paid from elsewhere
            continue
        assert owed[loan["account_id"]] <= 0
        if loan["status"] == "settled":
            assert owed[loan["account_id"]] == 0
        if loan["started_on"] >= "2025-12-01":
            assert owed[loan["account_id"]] == parts[loan["loan_id"]] - Decimal(loan["principal"])


def test_both_sides_of_a_supply_chain_book_the_same_payment(tmp_path: Path) -> None:
    generate(out=tmp_path, as_of=AS_OF, customers=10, companies=60, months=3)
    entries = {row["transaction_id"]: row for row in parquet_rows(tmp_path / "transactions.parquet")}
    sides = Counter(
        (row["account_id"], row["counterparty_account"], row["at"], row["amount"])
        for row in entries.values()
        if row["account_id"].startswith("A9") and (row["counterparty_account"] or "").startswith("A9") and row["kind"] == "transfer"
    )
    core = [row["customer_id"] for row in csv_rows(tmp_path / "relations.csv") if row["kind"] == "supplier"]

    assert len(sides) > 50
    assert all(sides[other, one, at, -amount] == times for (one, other, at, amount), times in sides.items())
    assert Counter(core)["C900002"] >= 5
