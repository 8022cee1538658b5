"""Why somebody grows quiet: causes by evidence above the usual, near the drop (C18)."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from crm.activity.stages import ACTIVITY_STAGES
from crm.causes.definitions import definitions
from crm.causes.ranking import CAUSE_STAGES
from crm.causes.told import strength_of
from tests.insight.kit import TODAY, HandBank, Made

_STAGES = (*ACTIVITY_STAGES, *CAUSE_STAGES)
_LAST = TODAY - timedelta(days=30)


_CASES = ("登录", "失败", "投诉", "等待", "转走", "换薪", "低分", "换人", "出境", "本行", "惯常")


def _bank(names: Sequence[str]) -> HandBank:
    """Customers who acted twice a week for two years and fell silent a month ago, among some who go on."""
    bank = HandBank()
    for name in names:
        bank.person(name, f"周{name}")
        for week in range(80):
            for day in (0, 3):
                bank.paid(name, _LAST - timedelta(days=7 * week + day))
    for index in range(30):
        bank.person(f"P{index}", f"旁人{index}")
        for week in range(40):
            bank.paid(f"P{index}", TODAY - timedelta(days=7 * week))
    return bank


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A customer per cause."""
    bank, on = _bank(_CASES).add("staff", staff_id="S2", name="李敏"), _LAST - timedelta(days=5)
    at = f"{on}T10:00:00+08:00"
    for day in range(5):
        _event(bank, "login_failed", _LAST - timedelta(days=day // 2), "登录")
        _event(bank, "login_failed", _LAST - timedelta(days=day), "失败")
    for day in range(0, 260, 20):
        _event(bank, "login_failed", _LAST - timedelta(days=day), "惯常")
    bank.add("complaints", complaint_id="CP1", customer_id="投诉", opened_at=at, topic="信贷材料退回")
    bank.add("complaints", complaint_id="CP2", customer_id="等待", opened_at=at, topic="网点排队")
    bank.paid("转走", on, "-80000.00", kind="transfer", counterparty_bank="远山银行", counterparty_account="Z1")
    bank.paid("本行", on, "-80000.00", kind="transfer", counterparty_bank="溪口合作银行", counterparty_account="Z1")
    for month in range(1, 7):
        bank.paid("换薪", TODAY - timedelta(days=50 + 30 * month), "9000.00", kind="payroll", initiator="bank")
    for number in range(2):
        asked = {"asked_at": at, "answered_at": at, "score": 1, "topic": "柜台"}
        bank.add("surveys", survey_id=f"Q{number}", customer_id="低分", kind="csat", **asked)
    bank.add("assignments", customer_id="换人", rm_id="S1", since=on, reason="leaver")
    for day in range(6):
        bank.paid("出境", on - timedelta(days=day), country="TH")
    return bank.made(tmp_path_factory.mktemp("causes"), stages=_STAGES)


def _event(bank: HandBank, kind: str, on: date, customer_id: str) -> None:
    number = len(bank.feeds.get("app_events", ())) + 1
    bank.add("app_events", event_id=f"V{number}", customer_id=customer_id, at=f"{on}T20:15:03+08:00", kind=kind)


def test_five_failed_logins_then_silence_are_suspected_with_their_number(made: Made) -> None:
    first = made.of("causes", "登录")[0]
    assert (first["cause"], first["count"], first["last_on"]) == ("app_login", 5, _LAST)
    said = made.said("周登录为什么变冷淡了")
    assert "疑似登录失败（证据5条，10-22至10-24）" in said
    assert said.count("？") == 1
    assert "疑似登录失败（证据5条" in made.said("查一下周登录咋突然不来了")


def test_the_people_of_the_app_are_told_once(made: Made) -> None:
    reports = made.reports("周失败为什么变冷淡了", "报给科技", "周失败为什么变冷淡了", "报给科技", "我的待办")
    assert next(effect["kind"] for effect in reports[1]["effects"]) == "open_task"
    assert "登录失败 5 次" in reports[1]["replies"][0]["text"]
    assert "{reference}" not in reports[1]["replies"][0]["text"]
    assert reports[-1]["replies"][0]["text"].count("[科技] 周失败") == 1


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        ("投诉", "complaint"),
        ("等待", "wait"),
        ("转走", "transfer_away"),
        ("换薪", "income_stopped"),
        ("低分", "service"),
        ("换人", "staff_change"),
        ("出境", "abroad"),
    ],
)
def test_it_is_not_always_the_app(made: Made, case: str, cause: str) -> None:
    first, *others = made.of("causes", case)
    assert first["cause"] == cause
    assert first["strength"] >= definitions().said_from
    assert not any(row["cause"].startswith("app_") for row in others)


def test_each_cause_is_said_in_its_own_words(made: Made) -> None:
    said = made.turns("周等待为啥冷下来了", "周转走怎么不来了", "周换薪流失的原因是什么")
    for text, word in zip(said, ("等待太久", "钱转到他行", "工资或养老金不再进账"), strict=True):
        assert f"疑似{word}" in text


def test_a_transfer_within_the_bank_is_not_one_to_another(made: Made) -> None:
    assert made.of("causes", "本行") == []
    assert "不猜" in made.said("周本行为什么变冷淡了")


def test_who_always_had_failures_did_not_leave_for_them(made: Made) -> None:
    assert all(row["strength"] < definitions().said_from for row in made.of("causes", "惯常"))


def test_no_other_manager_hears_of_it(made: Made) -> None:
    assert "没有查到这位客户" in made.said("周登录为什么变冷淡了", by="rm:S2")
    assert "没有流失预警" in made.said("谁快流失了", by="rm:S2")


def test_what_happens_to_everybody_explains_nobody(made: Made, tmp_path: Path) -> None:
    bank = _bank(["登录"])
    for customer in ("登录", *(f"P{index}" for index in range(30))):
        for day in range(5):
            _event(bank, "login_failed", _LAST - timedelta(days=day // 2), customer)
    common = bank.made(tmp_path, stages=_STAGES).of("causes", "登录")
    assert all(row["strength"] < made.of("causes", "登录")[0]["strength"] for row in common)


def test_the_strength_shown_is_that_of_the_evidence(insight_bank: Made) -> None:
    rows = insight_bank.rows("causes")
    assert len({row["cause"] for row in rows}) > 4
    for row in rows:
        cause = definitions().cause(row["cause"])
        assert row["strength"] == pytest.approx(strength_of(cause, points=row["points"], usual=row["usual"], near=row["near"]), abs=1.01e-4)
        assert 0 < row["strength"] <= cause.weight
