"""Stages of life on people written by hand: what speaks, what does not, what a bank cannot know, and how it is told."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.features.stages import RELATIVES
from crm.life.definitions import definitions
from crm.life.judging import LIFE_STAGES
from crm.life.view import chances, life_view
from tests.insight.kit import TODAY, HandBank, Made


def _spread(count: int, apart: int) -> Iterable[date]:
    return (TODAY - timedelta(days=2 + apart * number) for number in range(count))


def _people() -> HandBank:
    bank = HandBank()
    bank.person("C1", "安可", birth_date="1996-06-01", marital_status="married")
    for on in _spread(3, 20):
        bank.paid("C1", on, counterparty="花嫁婚礼策划")
    bank.person("C2", "包容", birth_date="1992-06-01", marital_status="married")
    for on in _spread(6, 7):
        bank.paid("C2", on, counterparty="小太阳母婴生活馆")
    bank.person("C3", "常乐", birth_date="1992-06-01", marital_status="single")
    for on in _spread(8, 5):
        bank.paid("C3", on, counterparty="一点点奶茶")  # milk tea is nobody's baby
    bank.paid("C3", "2026-11-01", counterparty="小太阳母婴生活馆")  # a present
    bank.person("C4", "戴老", birth_date="1958-02-28", occupation="退休")
    bank.paid("C4", "2026-11-15", "5200.00", kind="pension", initiator="bank")
    bank.person("C5", "不知")
    bank.person("C6", "付不看", birth_date="1992-06-01", marital_status="married")
    for on in _spread(6, 7):
        bank.paid("C6", on, counterparty="小太阳母婴生活馆")
    bank.add("consents", customer_id="C6", purpose="profiling", granted=True, at="2026-01-01T09:00:00+08:00")
    bank.add("consents", customer_id="C6", purpose="profiling", granted=False, at="2026-11-20T09:00:00+08:00")
    bank.person("C7", "高父", birth_date="1975-01-01", marital_status="married")
    bank.person("C8", "高小子", birth_date="2004-03-01")
    bank.add("relations", relation_id="R1", customer_id="C8", related_id="C7", kind="parent", since="2004-03-01")  # written the other way
    bank.person("C9", "何同学", birth_date="2006-09-01", occupation="大学生")
    bank.person("C10", "纪年", segments="新婚")
    bank.person("C11", "属性", marital_status="married")
    bank.add("attributes", customer_id="C11", as_of="2026-10-01", name="Customer_Age", value="47")
    bank.add("attributes", customer_id="C11", as_of="2025-10-01", name="Customer_Age", value="26")
    bank.company("C12", "溪口竹器有限公司")
    return bank


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _people().made(tmp_path_factory.mktemp("life"), stages=(RELATIVES, *LIFE_STAGES))


def _stage(people: Made, customer_id: str) -> str | None:
    (row,) = people.of("stages_of_life", customer_id)
    return row["stage"]  # type: ignore[no-any-return]


def _evidence(people: Made, customer_id: str) -> set[str]:
    return {row["evidence"] for row in people.of("life_evidence", customer_id)}


def test_each_is_in_the_stage_that_speaks(people: Made) -> None:
    told = {row["customer_id"]: row["stage"] for row in people.rows("stages_of_life")}
    assert told == {
        "C1": "newlywed", "C2": "parenting", "C3": "single", "C4": "silver", "C5": None, "C6": "parenting", "C7": "midlife",
        "C8": "student", "C9": "student", "C10": "newlywed", "C11": "midlife",
    }  # fmt: skip


def test_milk_tea_and_a_single_present_say_nothing_of_a_baby(people: Made) -> None:
    assert _evidence(people, "C3") == {"age_30", "marital_single"}
    assert "baby" in _evidence(people, "C2")


def test_what_was_withdrawn_from_advice_does_not_speak(people: Made) -> None:
    """The same purchases as the other parent's, but their use was withdrawn: only what the bank wrote down is left."""
    assert _evidence(people, "C6") == {"age_30", "marital_married"}
    (withdrawn,), (seen,) = people.of("stages_of_life", "C6"), people.of("stages_of_life", "C2")
    assert withdrawn["probability"] < seen["probability"]


def test_the_elder_of_both_is_the_parent_whichever_way_it_is_written(people: Made) -> None:
    assert "child_grown" in _evidence(people, "C7")
    assert not _evidence(people, "C8") & {"child", "child_grown", "child_young"}


def test_tags_of_the_bank_are_no_inference(people: Made) -> None:
    (row,) = people.of("stages_of_life", "C10")
    assert (row["stage"], row["inferred"]) == ("newlywed", None)


def test_the_age_of_an_attribute_is_its_latest(people: Made) -> None:
    assert "age_45" in _evidence(people, "C11")


def test_chat_tells_the_stage_with_its_evidence_and_what_to_ask(people: Made) -> None:
    first = people.said("包容处在什么人生阶段")
    assert "育儿" in first
    assert "母婴消费 6 次" in first
    assert "截至 2026-11-23" in first
    assert "银发" in people.said("戴老的概况", "他现在是哪个人生阶段")
    unknown = people.said("不知处在什么人生阶段")
    assert "无数据" in unknown
    assert "可以问" in unknown
    assert "是企业" in people.said("溪口竹器有限公司处在什么人生阶段")


def test_what_a_colleague_said_counts_before_what_is_inferred(tmp_path_factory: pytest.TempPathFactory) -> None:
    bank = HandBank().person("C1", "张工", birth_date="1992-06-01", marital_status="single")
    made = bank.made(tmp_path_factory.mktemp("said"), stages=(RELATIVES, *LIFE_STAGES))
    said = made.turns("把张工标为新婚", "确认", "张工处在什么人生阶段")[-1]
    assert "新婚" in said
    assert "客户经理标注" in said


def test_published_figures_are_those_of_the_explanation(people: Made, insight_bank: Made) -> None:
    for made in (people, insight_bank):
        published = {row["customer_id"]: row for row in made.rows("stages_of_life")}
        rows: dict[str, list[dict[str, object]]] = {}
        for row in made.rows("life_evidence"):
            rows.setdefault(row["customer_id"], []).append(row)
        for customer_id, known in published.items():
            view = life_view(rows.get(customer_id, []), as_of=TODAY)
            told = None if view is None else (view.stage, view.probability, view.second_probability)
            expected = (known["stage"], known["probability"], known["second_probability"])
            assert told == (expected if known["likeliest"] else None) or (told is not None and told == pytest.approx(expected, abs=2e-6))


@given(st.sets(st.sampled_from(sorted(definitions().evidence)), min_size=1))
@settings(max_examples=60, deadline=None)
def test_probabilities_add_up_and_evidence_for_a_stage_never_lowers_it(evidence: set[str]) -> None:
    found = chances(evidence)
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    for name in evidence:
        points = definitions().evidence[name].points
        most = max(found, key=lambda stage, points=points: points.get(stage, 0))  # type: ignore[misc]
        if others := chances(evidence - {name}):
            assert found[most] >= others[most] - 2e-6
