"""Classes asked for in a chat (A01, B05, B08, B10, B18): label, stage and reasons, two customers compared, a past day, who may rise."""

import time
from datetime import date, timedelta

import pytest

from compliance.days import add_months
from crm.assessing.lately import JudgedLately
from crm.assessing.run import assess
from crm.assessing.stages import STAGES
from tests.insight.kit import TODAY, HandBank, Made

_LEFT_OUT = (
    "health",
    "cause",
    "life_",
    "stages_of_life",
    "tags",
    "priorit",
    "channel",
    "contact",
    "reach",
    "preferences",
    "deposit_swings",
    "leaving",
)
pytestmark = pytest.mark.long(seconds=20)

NEEDED = tuple(stage for stage in STAGES if not stage.name.startswith(_LEFT_OUT))
THEN = date(2026, 10, 1)
_FIRST = add_months(TODAY.replace(day=1), -12)


def _held(bank: HandBank, customer_id: str, on: date, amount: int) -> None:
    bank.add("balances", account_id=f"A-{customer_id}", on=on, balance=f"{amount}.00")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """张伟 and 李梅 have the same 800,000: he deals more and more and reads about studying abroad, she has been silent for sixty days."""
    bank = HandBank()
    bank.add("staff", staff_id="L1", name="何规", role="compliance")
    bank.add("staff", staff_id="S2", name="周明")
    for number in range(60):
        bank.person(f"O{number}", f"路人{number:02d}", rm_id="S2")
        _held(bank, f"O{number}", _FIRST, 300_000 + 20_000 * number)
        if number < 20:
            for back in range(0, 200, 2):
                bank.paid(f"O{number}", TODAY - timedelta(days=back))
    bank.person("ZW", "张伟").person("LM", "李梅").person("BIG", "赵大", opened_at="2026-09-25T10:00:00+08:00", account=False)
    bank.add("accounts", account_id="A-BIG", customer_id="BIG", opened_on="2026-09-25")
    bank.person("NEW", "孙新", opened_at="2026-11-02T10:00:00+08:00", account=False)
    for customer in ("ZW", "LM"):
        _held(bank, customer, _FIRST, 800_000)
    _held(bank, "BIG", date(2026, 9, 25), 9_000_000)
    for back in range(0, 180, 2):
        if back >= 90 and back % 10:
            continue
        bank.paid("ZW", TODAY - timedelta(days=back))
    for back in range(60, 360, 2):
        bank.paid("LM", TODAY - timedelta(days=back))
    for back in range(0, 24, 2):
        at = f"{TODAY - timedelta(days=back)}T21:00:00+08:00"
        what = {"kind": "view", "page": "留学"} if back % 4 else {"kind": "search", "page": "搜索", "item": "出国留学"}
        bank.add("app_events", event_id=f"V{back}", customer_id="ZW", at=at, **what)
    bank.add("consents", customer_id="ZW", purpose="profiling", granted=True, at="2026-01-01T10:00:00+08:00")
    return bank.made(tmp_path_factory.mktemp("town"), stages=NEEDED)


def test_class_stage_and_a_reason_for_each_family_in_any_words(town: Made) -> None:
    asked = ("张伟什么级别", "张偉属于哪一层", "帮我看看张伟现在处在什么阶段", "他算哪类客户", "他为什么是成长级？")
    said = set(town.turns(*asked))
    assert len(said) == 1
    (text,) = said
    assert text.startswith("张伟：成长级｜成熟期（成熟稳定期）")
    assert all(part in text for part in ("截至 2026-11-23", "价值：", "行为：", "阶段：", "需求：留学金融"))
    assert not any(part in text for part in ("万", "元", "800"))


def test_two_of_equal_assets_differ_by_what_they_do(town: Made) -> None:
    asked = ("张伟什么级别", "李梅属于哪一层", "他们为什么分层不同？", "两个人都80万，为什么一个成长一个关注", "为什么张伟和李梅等级不一样")
    said = town.turns(*asked)
    assert said[2] == said[3] == said[4]
    assert "张伟 成长级，李梅 关注级（原基础级）" in said[2]
    assert "成长在同类前四分之一" in said[2]
    assert "留学金融" in said[2]
    assert "触发预警" in said[2]
    assert "价值两人一样" in said[2]
    assert "资产高于" not in said[2]


def test_who_may_rise_with_the_gap_in_percent(town: Made) -> None:
    first, second, picked = town.turns("谁有潜力升级为战略级", "哪些客户有希望升上去", "1")
    assert first == second
    assert "1. 张伟｜成长级｜资产离线还差 46%" in first
    assert "赵大｜成长级｜资产已到线，粘性还差" in first
    assert "李梅" not in first
    assert "路人" not in first
    assert "万" not in first
    assert picked.startswith("张伟：成长级")


def test_a_past_day_is_computed_from_the_facts_of_then_and_is_what_its_run_would_say(town: Made) -> None:
    before = town.turns("张伟什么级别", "10月1日时他的级别与依据", by="compliance:L1")[-1]
    assert "截至 2026-10-01" in before
    assert "按当天数据重算，全行切点也是当天的" in before
    assert "留学金融" not in before
    assess(town.data, day=THEN, stages=NEEDED)
    published, unknown = town.turns("国庆那天张伟算什么客户", "国庆那天孙新是什么级别")
    assert "当天的评估结果" in published
    assert published.split("\n")[1:] == before.split("\n")[1:]
    assert "2026-10-01 那天还不是我行客户" in unknown
    lately, wanted = JudgedLately(town.data, stages=NEEDED), ("classes", "lifecycle")
    began = time.perf_counter()
    again = lately.of("LM", wanted, day=THEN)
    between = time.perf_counter()
    assert lately.of("LM", wanted, day=THEN) == again
    assert time.perf_counter() - between < (between - began) / 10  # not computed a second time
    assert again is not None
    assert again.parameters == THEN
    assert {stage: list(rows) for stage, rows in again.rows.items()} == {stage: town.of(stage, "LM", on=THEN) for stage in again.rows}
