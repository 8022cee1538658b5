"""Evidence that is counted, and what must not be: gifts and milk tea (F11), habits, refusals, what is held, other days."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyotp
import pytest

from compliance.days import BANK_ZONE
from tests.insight.kit import NEEDS, TODAY, HandBank, Made

_OVER_FIVE_WEEKS = [TODAY - timedelta(days=days) for days in (2, 9, 15, 22, 29, 36)]


def _bought(bank: HandBank, customer_id: str, days: Iterable[date], **columns: str) -> None:
    for on in days:
        bank.paid(customer_id, on, **columns)


@pytest.fixture(scope="module")
def shoppers(tmp_path_factory: pytest.TempPathFactory) -> Made:
    bank = HandBank()
    bank.add("products", product_code="P-201", name="亲子信用卡", kind="card", category="credit_card")
    for number, name in enumerate(
        (
            "买母婴",
            "送礼一次",
            "爱喝奶茶",
            "一天六单",
            "一直在买",
            "没有商户类别",
            "已退货",
            "刚婉拒",
            "已有卡",
            "无授权",
            "看车",
            "买建材",
            "得遗产",
            "修水管",
        ),
        1,
    ):
        bank.person(f"C{number}", name, birth_date="1994-03-01")
    _bought(bank, "C1", _OVER_FIVE_WEEKS, mcc="5641", counterparty="宝贝之家")
    _bought(bank, "C11", _OVER_FIVE_WEEKS[1:2], mcc="5511", counterparty="远山汽车")
    _bought(bank, "C12", _OVER_FIVE_WEEKS[:4], counterparty="大江瓷砖批发")
    bank.paid("C13", TODAY - timedelta(days=9), "60000.00", kind="transfer", counterparty="遗产分配")
    _bought(bank, "C14", _OVER_FIVE_WEEKS[:1], mcc="5211", counterparty="街口五金")
    _bought(bank, "C2", _OVER_FIVE_WEEKS[:1], mcc="5641", counterparty="宝贝之家")
    _bought(bank, "C3", _OVER_FIVE_WEEKS, mcc="5814", counterparty="奶粉奶茶铺")
    _bought(bank, "C3", _OVER_FIVE_WEEKS, counterparty="奶粉味奶茶铺")
    _bought(bank, "C4", [TODAY - timedelta(days=3)] * 6, mcc="5641", counterparty="宝贝之家")
    _bought(bank, "C5", [TODAY - timedelta(days=day) for day in range(2, 360, 8)], mcc="5641", counterparty="宝贝之家")
    _bought(bank, "C6", _OVER_FIVE_WEEKS, counterparty="贝贝母婴用品店")
    _bought(bank, "C7", _OVER_FIVE_WEEKS, mcc="5641", counterparty="宝贝之家")
    bought = [row for row in bank.feeds["transactions"] if row["account_id"] == "A-C7"]
    for row in bought:
        bank.paid("C7", TODAY, "100.00", mcc="5641", reversal=True, reverses=row["transaction_id"])
    _bought(bank, "C8", _OVER_FIVE_WEEKS, mcc="5641", counterparty="宝贝之家")
    refused = {"contact_id": "K1", "customer_id": "C8", "at": "2026-11-10T10:00:00+08:00", "channel": "wecom", "direction": "out"}
    bank.add("contacts", **refused, purpose="marketing", product_code="P-201", outcome="refused", outcome_at="2026-11-10T11:00:00+08:00")
    bank.add("accounts", account_id="K-C9", customer_id="C9", kind="card", opened_on="2021-01-01", product_code="P-201")
    for on in _OVER_FIVE_WEEKS:
        _looked(bank, "C9", on)
        _looked(bank, "C10", on)
    bank.add("social_security", customer_id="C10", month="2026-10-01", base="9000.00", housing_fund="2500.00")
    return bank.made(tmp_path_factory.mktemp("shoppers"), stages=NEEDS)


def _looked(bank: HandBank, customer_id: str, on: date) -> None:
    number = len(bank.feeds.get("app_events", ())) + 1
    bank.add("app_events", event_id=f"V{number}", customer_id=customer_id, at=f"{on}T09:00:00+08:00", kind="search", page="信用卡")


def _evidence(made: Made, customer_id: str) -> dict[str, int]:
    return {row["evidence"]: row["count"] for row in made.of("evidence", customer_id)}


def _likely(made: Made, customer_id: str, need: str) -> float:
    return {row["need"]: row["probability"] for row in made.of("needs", customer_id)}.get(need, 0.0)


def test_six_purchases_over_five_weeks_are_a_need_and_a_gift_is_none(shoppers: Made) -> None:
    assert _evidence(shoppers, "C1")["buys_baby"] == 6
    assert _likely(shoppers, "C1", "maternity_card") >= 0.7
    assert _likely(shoppers, "C6", "maternity_card") >= 0.7
    assert _likely(shoppers, "C2", "maternity_card") < 0.1


@pytest.mark.parametrize(
    ("customer_id", "need"),
    [("C11", "car_purchase"), ("C12", "renovation"), ("C13", "wealth_management")],
    ids=["dealer", "tiles", "estate"],
)
def test_what_hardly_anybody_pays_without_meaning_it(shoppers: Made, customer_id: str, need: str) -> None:
    assert _likely(shoppers, customer_id, need) > 0.5
    assert _likely(shoppers, "C14", need) < 0.1


@pytest.mark.parametrize("customer_id", ["C2", "C3", "C4", "C5", "C7"], ids=["gift", "milk tea", "one day", "habit", "given back"])
def test_what_only_looks_like_it_does_not_count(shoppers: Made, customer_id: str) -> None:
    assert "buys_baby" not in _evidence(shoppers, customer_id)


def test_what_was_refused_is_not_offered_for_a_time_and_what_is_held_not_at_all(shoppers: Made) -> None:
    assert _likely(shoppers, "C8", "maternity_card") == 0.0
    assert _likely(shoppers, "C9", "credit_card") == 0.0
    assert _likely(shoppers, "C10", "credit_card") > 0.5


def test_a_source_from_outside_waits_for_a_yes(shoppers: Made) -> None:
    assert "housing_fund" not in _evidence(shoppers, "C10")


def test_a_run_of_an_earlier_day_knows_nothing_later(tmp_path: Path) -> None:
    bank = HandBank().person("C1", "买母婴", birth_date="1994-03-01")
    _bought(bank, "C1", _OVER_FIVE_WEEKS, mcc="5641")
    made = bank.made(tmp_path, day=TODAY - timedelta(days=20), stages=NEEDS)
    assert "buys_baby" not in _evidence(made, "C1")


def test_the_conclusion_is_told_with_its_count_and_last_day(shoppers: Made) -> None:
    said = shoppers.said("买母婴可能需要什么")
    assert "60天里母婴用品消费6笔，最近 11-21" in said
    assert "奶茶" not in shoppers.said("爱喝奶茶的需求图谱").replace("爱喝奶茶", "")


def test_a_bank_of_few_feeds_is_judged_by_what_it_has(tmp_path: Path) -> None:
    made = HandBank().person("C1", "只有姓名").made(tmp_path, stages=NEEDS)
    assert made.of("needs", "C1") == []
    assert "没有把握较大的需求" in made.said("只有姓名的需求图谱")


def test_what_tells_of_money_is_said_after_a_code_only(tmp_path: Path) -> None:
    bank = HandBank(sandbox=True).person("C1", "钱多多", birth_date="1960-03-01")
    bank.add("staff_secrets", staff_id="S1", totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    bank.add("balances", account_id="A-C1", on="2026-11-20", balance="6000000.00")
    for on in _OVER_FIVE_WEEKS:
        bank.paid("C1", on)
    made = bank.made(tmp_path)
    assert {"high_aum", "idle_cash"} <= _evidence(made, "C1").keys()
    at = datetime.combine(TODAY, time(20), tzinfo=BANK_ZONE)
    code = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(at)
    closed, _, _, open_ = made.turns("为什么钱多多有财富传承的需求", "钱多多的资产", code, "为什么钱多多有财富传承的需求", at=at)
    assert "资金情况（验证口令后可看）" in closed
    assert "私行" not in closed
    assert "资产达到私行关注线" in open_
