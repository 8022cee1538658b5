"""Why somebody grows quiet: causes by evidence above the usual, near the drop (C18)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from crm.causes.definitions import definitions
from crm.causes.told import strength_of
from tests.insight.kit import TODAY, HandBank, Made

_LAST = TODAY - timedelta(days=30)


def _bank() -> HandBank:
    """A customer who acted twice a week for two years and fell silent a month ago, among some who go on."""
    bank = HandBank().person("C1", "周明")
    for week in range(100):
        for day in (0, 3):
            bank.paid("C1", _LAST - timedelta(days=7 * week + day))
    for index in range(8):
        bank.person(f"P{index}", f"旁人{index}")
        for week in range(40):
            bank.paid(f"P{index}", TODAY - timedelta(days=7 * week))
    return bank


def _event(bank: HandBank, kind: str, on: date, customer_id: str = "C1") -> None:
    number = len(bank.feeds.get("app_events", ())) + 1
    bank.add("app_events", event_id=f"V{number}", customer_id=customer_id, at=f"{on}T20:15:03+08:00", kind=kind)


def test_five_failed_logins_then_silence_are_suspected_with_their_number(tmp_path: Path) -> None:
    bank = _bank()
    for day in range(5):
        _event(bank, "login_failed", _LAST - timedelta(days=day // 2))
    made = bank.made(tmp_path)
    first = made.of("causes", "C1")[0]
    assert (first["cause"], first["count"], first["last_on"]) == ("app_login", 5, _LAST)
    said = made.said("周明为什么变冷淡了")
    assert "疑似登录失败（证据5条，10-22至10-24）" in said
    assert said.count("？") == 1
    assert "疑似登录失败（证据5条" in made.said("查一下周明咋突然不来了")


def test_the_people_of_the_app_are_told_once(tmp_path: Path) -> None:
    bank = _bank()
    for day in range(5):
        _event(bank, "login_failed", _LAST - timedelta(days=day))
    made = bank.made(tmp_path)
    reports = made.reports("周明为什么变冷淡了", "报给科技", "我的待办")
    assert next(effect["kind"] for effect in reports[1]["effects"]) == "open_task"
    assert "登录失败 5 次" in reports[1]["replies"][0]["text"]
    assert "{reference}" not in reports[1]["replies"][0]["text"]
    assert "[科技] 周明" in reports[2]["replies"][0]["text"]
    assert made.said("周明为什么变冷淡了", "报给科技", "我的待办").count("[科技]") == 1


@pytest.mark.parametrize(
    ("cause", "word"),
    [
        ("complaint", "投诉"),
        ("wait", "等待太久"),
        ("transfer", "钱转到他行"),
        ("income", "工资或养老金不再进账"),
        ("score", "服务不满意"),
        ("staff", "刚换了客户经理"),
        ("abroad", "人在境外"),
    ],
)
def test_it_is_not_always_the_app(tmp_path: Path, cause: str, word: str) -> None:
    bank, on = _bank(), _LAST - timedelta(days=5)
    at = f"{on}T10:00:00+08:00"
    match cause:
        case "complaint":
            bank.add("complaints", complaint_id="CP1", customer_id="C1", opened_at=at, topic="信贷材料退回")
        case "wait":
            bank.add("complaints", complaint_id="CP1", customer_id="C1", opened_at=at, topic="网点排队")
        case "transfer":
            bank.paid("C1", on, "-80000.00", kind="transfer", counterparty_bank="远山银行", counterparty_account="Z1")
        case "income":
            for month in range(1, 7):
                bank.paid("C1", TODAY - timedelta(days=50 + 30 * month), "9000.00", kind="payroll", initiator="bank")
        case "score":
            for number in range(2):
                bank.add(
                    "surveys", survey_id=f"Q{number}", customer_id="C1", kind="csat", asked_at=at, answered_at=at, score=1, topic="柜台"
                )
        case "staff":
            bank.add("assignments", customer_id="C1", rm_id="S1", since=on, reason="leaver")
        case "abroad":
            for day in range(6):
                bank.paid("C1", on - timedelta(days=day), country="TH")
    made = bank.made(tmp_path)
    assert word in made.said("周明为啥冷下来了")
    assert not any(row["cause"].startswith("app_") for row in made.of("causes", "C1"))


def test_a_transfer_within_the_bank_is_not_one_to_another(tmp_path: Path) -> None:
    bank = _bank()
    bank.paid("C1", _LAST, "-80000.00", kind="transfer", counterparty_bank="溪口合作银行", counterparty_account="Z1")
    made = bank.made(tmp_path)
    assert made.of("causes", "C1") == []
    assert "不猜" in made.said("周明为什么变冷淡了")


def test_what_happens_to_everybody_explains_nobody(tmp_path: Path) -> None:
    bank = _bank()
    for customer in ("C1", *(f"P{index}" for index in range(8))):
        for day in range(4):
            _event(bank, "crash", _LAST - timedelta(days=day), customer)
    common = bank.made(tmp_path / "common").of("causes", "C1")
    alone = _bank()
    for day in range(4):
        _event(alone, "crash", _LAST - timedelta(days=day))
    (own,) = alone.made(tmp_path / "alone").of("causes", "C1")
    assert all(row["strength"] < own["strength"] for row in common)


def test_who_always_had_failures_did_not_leave_for_them(tmp_path: Path) -> None:
    bank = _bank()
    for day in range(0, 260, 20):
        _event(bank, "login_failed", _LAST - timedelta(days=day))
    made = bank.made(tmp_path)
    assert all(row["strength"] < definitions().said_from for row in made.of("causes", "C1"))


def test_the_strength_shown_is_that_of_the_evidence(insight_bank: Made) -> None:
    rows = insight_bank.rows("causes")
    assert len({row["cause"] for row in rows}) > 4
    for row in rows:
        cause = definitions().cause(row["cause"])
        assert row["strength"] == pytest.approx(strength_of(cause, points=row["points"], usual=row["usual"], near=row["near"]), abs=1.01e-4)
        assert 0 < row["strength"] <= cause.weight


def test_no_other_manager_hears_of_it(tmp_path: Path) -> None:
    bank = _bank().add("staff", staff_id="S2", name="李敏")
    made = bank.made(tmp_path)
    assert "没有查到这位客户" in made.said("周明为什么变冷淡了", by="rm:S2")
    assert "没有流失预警" in made.said("谁快流失了", by="rm:S2")
