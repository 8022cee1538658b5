"""Features on rows whose results are computed by hand (B01-B03, F02)."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm.features.stages import FEATURE_STAGES
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made

STAGES = FEATURE_STAGES


def _begun() -> HandBank:
    """A bank whose transactions and balances begin early enough to know the whole window."""
    bank = HandBank().person("OLD", "老客户").paid("OLD", date(2024, 1, 2))
    return _balance(bank, "A-OLD", date(2024, 1, 2), "0.00")


def _balance(bank: HandBank, account: str, on: date, amount: str, **columns: Any) -> HandBank:
    return bank.add("balances", account_id=account, on=on, balance=amount, **columns)


def _row(made: Made, customer_id: str) -> dict[str, Any]:
    (row,) = made.of("features", customer_id)
    return row


def _ago(days: int) -> date:
    return DAY - timedelta(days=days)


def test_only_what_customers_did_themselves_is_recent(tmp_path: Path) -> None:
    bank = _begun().person("P1", "甲").paid("P1", date(2026, 7, 1), "-30.00")
    for days in (1, 20, 40, 60, 80):
        bank.paid("P1", _ago(days), "1.25", initiator="bank", kind="interest")
        bank.paid("P1", _ago(days), "-2000.00", initiator="bank")  # a standing order
    bank.person("P2", "乙").paid("P2", _ago(3), "0.50", initiator="bank", kind="interest")
    made = bank.made(tmp_path, stages=STAGES)
    row = _row(made, "P1")
    assert (row["recency_days"], row["tx_12m"], row["active_days_12m"]) == ((DAY - date(2026, 7, 1)).days, 1, 1)
    assert row["monetary_12m"] == Decimal("30.00")
    never = _row(made, "P2")
    assert (never["recency_days"], never["tx_12m"], never["monetary_12m"]) == (None, 0, Decimal("0.00"))


def test_a_million_between_own_accounts_and_back_is_nothing(tmp_path: Path) -> None:
    bank = _begun()
    for customer in ("STILL", "MOVED"):
        bank.person(customer, customer).add("accounts", account_id=f"B-{customer}", customer_id=customer)
        bank.paid(customer, _ago(10), "-500.00").paid(customer, _ago(9), "700.00")
    # Told by the other account, told by the flag, reversed, and in and out of the bank within a day.
    bank.paid("MOVED", _ago(5), "-1000000.00", counterparty_account="B-MOVED")
    bank.paid("MOVED", _ago(5), "1000000.00", account_id="B-MOVED", own_transfer=True)
    bank.paid("MOVED", _ago(4), "-1000000.00", transaction_id="MISTAKEN")
    bank.paid("MOVED", _ago(2), "1000000.00", reversal=True, reverses="MISTAKEN")
    bank.paid("MOVED", _ago(9), "1000000.00").paid("MOVED", _ago(9), "-1000000.00", account_id="B-MOVED")
    made = bank.made(tmp_path, stages=STAGES)
    still, moved = _row(made, "STILL"), _row(made, "MOVED")
    assert still["monetary_12m"] == moved["monetary_12m"] == Decimal("1200.00")
    assert still["recency_days"] == moved["recency_days"] == 9
    assert still["active_days_12m"] == moved["active_days_12m"] == 2


def test_a_reversal_counts_from_the_day_on_which_it_was_made(tmp_path: Path) -> None:
    bank = _begun().person("P1", "甲").paid("P1", _ago(4), "-800.00", transaction_id="MISTAKEN")
    bank.paid("P1", _ago(2), "800.00", reversal=True, reverses="MISTAKEN")
    assert _row(bank.made(tmp_path / "before", day=_ago(3), stages=STAGES), "P1")["monetary_12m"] == Decimal("800.00")
    assert _row(bank.made(tmp_path / "after", stages=STAGES), "P1")["monetary_12m"] == 0


def test_the_window_of_twelve_months_is_of_the_calendar(tmp_path: Path) -> None:
    bank = _begun().person("P1", "甲")
    bank.paid("P1", date(2025, 11, 23), "-1.00")  # the last day outside
    bank.paid("P1", date(2025, 11, 24), "-2.00").paid("P1", DAY, "-4.00")
    row = _row(bank.made(tmp_path, stages=STAGES), "P1")
    assert (row["active_days_12m"], row["monetary_12m"], row["observed_days"]) == (2, Decimal("6.00"), 365)
    assert row["first_on"] == date(2025, 11, 23)


def test_who_came_forty_days_ago_is_not_behind(tmp_path: Path) -> None:
    bank = _begun().person("NEW", "新来的", opened_at=f"{_ago(39)}T10:00:00+08:00")
    for days in range(0, 40, 5):
        bank.paid("NEW", _ago(days))
    made = bank.made(tmp_path, stages=STAGES)
    row = _row(made, "NEW")
    assert (row["active_days_12m"], row["observed_days"], row["short_observation"]) == (8, 40, True)
    assert row["frequency_per_30d"] == 6.0
    assert _row(made, "OLD")["short_observation"] is False


def test_a_feed_that_was_never_delivered_is_missing_and_not_zero(tmp_path: Path) -> None:
    row = _row(HandBank().person("P1", "甲").made(tmp_path, stages=STAGES), "P1")
    unknown = ("recency_days", "tx_12m", "active_days_12m", "frequency_per_30d", "monetary_12m", "short_observation", "observed_days")
    assert {name: row[name] for name in unknown} == dict.fromkeys(unknown)
    assert {row[name] for name in ("aum", "aum_month_average", "logins_90d")} == {None}
    assert row["categories"] == 1  # the account itself is known


def test_assets_to_the_cent_as_computed_by_hand(tmp_path: Path) -> None:
    bank = _begun().add("products", product_code="W1", name="稳享", kind="wealth", risk="R2").person("P1", "甲")
    bank.add("accounts", account_id="USD", customer_id="P1", currency="USD")
    bank.add("accounts", account_id="SHUT", customer_id="P1", closed_on="2026-11-11")
    bank.add("accounts", account_id="CARD", customer_id="P1", kind="card")
    _balance(bank, "A-P1", date(2026, 9, 30), "10000.01")
    _balance(bank, "A-P1", date(2026, 11, 14), "20000.00")
    _balance(bank, "USD", date(2026, 10, 16), "100.00", balance_cny="712.35")
    _balance(bank, "SHUT", date(2026, 9, 30), "5000.00")
    _balance(bank, "CARD", date(2026, 9, 30), "-3000.00")  # owed: no assets
    bank.add("holdings", customer_id="P1", product_code="W1", on="2026-10-01", amount="3000.00")
    bank.add("holdings", customer_id="P1", product_code="W1", on="2026-11-20", amount="0.00")
    made = bank.made(tmp_path, stages=STAGES)
    row = _row(made, "P1")
    assert row["aum"] == Decimal("20712.35")
    # From 25 October to 23 November: 20 days of the first and 10 of the second balance, 30, 17 and 26 days of the others.
    total = Decimal("10000.01") * 20 + Decimal("20000.00") * 10 + Decimal("712.35") * 30 + Decimal(5000) * 17 + Decimal(3000) * 26
    assert row["aum_month_average"] == (total / 30).quantize(Decimal("0.01"))
    october = Decimal("10000.01") * 31 + Decimal("712.35") * 16 + Decimal(5000) * 31 + Decimal(3000) * 31
    november = Decimal("10000.01") * 13 + Decimal("20000.00") * 10 + Decimal("712.35") * 23 + Decimal(5000) * 10 + Decimal(3000) * 19
    assert {one["month"]: one["average"] for one in made.of("aum_months", "P1")} == {
        date(2026, 9, 1): Decimal("500.00"),  # 15000.01 on one day of thirty
        date(2026, 10, 1): (october / 31).quantize(Decimal("0.01")),
        date(2026, 11, 1): (november / 23).quantize(Decimal("0.01")),
    }


def test_a_cent_is_rounded_half_up_and_months_after_the_end_are_zero(tmp_path: Path) -> None:
    bank = _begun().person("HALF", "甲").person("GONE", "乙", account=False)
    _balance(bank, "A-HALF", date(2026, 10, 9), "0.15")  # on 15 of the 30 days up to 7 November: 0.075
    _balance(bank, "A-HALF", date(2026, 10, 24), "0.00")
    bank.add("accounts", account_id="SHUT", customer_id="GONE", closed_on="2026-09-01")
    _balance(bank, "SHUT", date(2026, 8, 1), "31.00")
    made = bank.made(tmp_path, day=date(2026, 11, 7), stages=STAGES)
    assert _row(made, "HALF")["aum_month_average"] == Decimal("0.08")
    assert {one["month"].month: one["average"] for one in made.of("aum_months", "GONE")} == {8: Decimal("31.00"), 9: 0, 10: 0, 11: 0}
    assert _row(made, "GONE")["aum"] == 0


def test_an_average_of_days_that_nobody_knows_is_missing(tmp_path: Path) -> None:
    bank = _balance(HandBank().person("P1", "甲"), "A-P1", date(2026, 11, 10), "100.00")
    made = bank.made(tmp_path, stages=STAGES)
    assert (_row(made, "P1")["aum"], _row(made, "P1")["aum_month_average"]) == (Decimal("100.00"), None)
    assert made.of("aum_months", "P1") == []


def test_three_deposits_are_one_category(tmp_path: Path) -> None:
    bank = _begun()
    for code, kind in {"D": "deposit", "F": "fund", "I": "insurance"}.items():
        bank.add("products", product_code=code, name=code, kind=kind, risk="R2")
    bank.add(
        "products", product_code="W", name="W", kind="wealth", risk="R2", category="pension"
    )  # where the master says more, that counts
    bank.person("P1", "甲")
    bank.add("accounts", account_id="P1-2", customer_id="P1", product_code="D")
    bank.add("accounts", account_id="P1-3", customer_id="P1", product_code="D")
    bank.add("accounts", account_id="P1-4", customer_id="P1", kind="card", closed_on=_ago(1))
    bank.person("P2", "乙")
    bank.add("accounts", account_id="P2-2", customer_id="P2", matures_on="2027-01-01")
    bank.add("accounts", account_id="P2-3", customer_id="P2", kind="loan")
    for code, amount in (("W", "100.00"), ("F", "0.00"), ("I", "5.00")):
        bank.add("holdings", customer_id="P2", product_code=code, on=_ago(9), amount=amount)
    loan = {"customer_id": "P2", "principal": 1000, "started_on": "2026-01-01", "ends_on": "2036-01-01"}
    bank.add("loans", loan_id="L1", kind="mortgage", account_id="P2-3", **loan)
    bank.add("loans", loan_id="L2", kind="business", status="settled", settled_on=_ago(3), **loan)
    made = bank.made(tmp_path, stages=STAGES)
    assert _row(made, "P1")["categories"] == 1
    assert _row(made, "P2")["categories"] == 5  # demand, term, pension, insurance, mortgage
