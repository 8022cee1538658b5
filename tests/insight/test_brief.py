"""A meeting prepared in one message, the gaps to ask about, and whom “他老婆” means (§3, A05)."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made


def _bank() -> HandBank:
    bank = HandBank()
    bank.add("staff", staff_id="S2", name="高远")
    bank.person("A", "程一苇", gender="male", birth_date="1985-06-18", identity_valid_until=(DAY - timedelta(days=9)).isoformat())
    bank.person("B", "梅二苇", gender="female").person("C", "别人家", rm_id="S2").person("D", "叶四苇")
    bank.add("relations", relation_id="R1", customer_id="B", related_id="A", kind="spouse")
    bank.add("relations", relation_id="R2", customer_id="D", related_id="C", kind="spouse")
    bank.add("complaints", complaint_id="X1", customer_id="A", opened_at="2026-11-19T10:00:00+08:00")
    for number in range(4):
        bank.add(
            "contacts", contact_id=f"K{number}", customer_id="A", channel="phone", direction="out", purpose="care", outcome="answered",
            at=f"{DAY - timedelta(days=20 + number)}T10:00:00+08:00", seconds=80,
        )  # fmt: skip
    bank.add("risk_assessments", customer_id="A", level="C2", assessed_on="2025-01-05")
    return bank


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _bank().made(tmp_path_factory.mktemp("brief"))


@pytest.fixture
def made(judged: Made, tmp_path: Path) -> Made:
    """For each test its own: a conversation is not that of another test."""
    return judged.copied(tmp_path)


def test_one_message_says_what_to_know_and_what_not_to_say(made: Made) -> None:
    said = made.said("下午见程一苇，给我准备一下")
    assert len(said.splitlines()) <= 12
    unresolved = next(line for line in said.splitlines() if line.startswith("未了"))
    assert "投诉没结" in unresolved
    assert "证件 2026-11-14 已过期" in unresolved
    unsaid = next(line for line in said.splitlines() if line.startswith("别说"))
    assert "投诉没结，不谈产品" in unsaid
    assert "风险测评过期" in unsaid
    assert "电话" in said
    assert "健康度" in said
    assert f"截至 {DAY}" in said
    for other in ("明天拜访程一苇，帮我准备下材料", "给我一份程一苇的会前简报", "3点约了程一苇，帮我过一下要点"):
        assert made.said(other) == said


def test_without_complaint_and_with_a_test_that_counts_the_brief_does_not_warn_of_them(tmp_path: Path) -> None:
    bank = HandBank().person("A", "程一苇").add("risk_assessments", customer_id="A", level="C2", assessed_on="2026-05-05")
    said = bank.made(tmp_path).said("下午见程一苇，给我准备一下")
    assert "投诉" not in said
    assert "未了：没有" in said
    assert "不提 R2 以上的产品" in said


def test_gaps_are_questions_with_what_the_law_wants_first(made: Made) -> None:
    lines = made.said("程一苇还缺哪些KYC信息").splitlines()
    assert "证件 2026-11-14 已过期" in lines[1]
    assert "风险测评（2026-01-05 过期）" in lines[2]
    assert any("职业（缺）" in line for line in lines)
    assert not any("生日" in line for line in lines)
    assert made.turns("程一苇的概况", "他还差什么资料")[1].splitlines() == lines


def test_his_wife_is_the_one_the_bank_knows_of_and_only_if_she_is_ones_own(made: Made) -> None:
    assert made.turns("程一苇的概况", "那他老婆呢")[1].startswith("梅二苇")
    assert "健康度" in made.turns("程一苇的概况", "他太太健康吗")[1].partition("梅二苇")[2]
    assert made.said("程一苇老婆的概况").startswith("梅二苇")
    assert "您名下没有查到" in made.turns("叶四苇的概况", "那她老公呢")[1]
    assert "您名下没有查到" in made.said("下午见别人家，给我准备一下")
