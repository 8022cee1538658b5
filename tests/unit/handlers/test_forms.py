"""Forms: several values at once, corrections, back, cancel, refusals, misses; nothing said is asked again."""

from datetime import datetime
from pathlib import Path

import pytest

from compliance.days import BANK_ZONE
from domain.conversation import FormState
from domain.errors import BadSettings
from handlers.forms import CONFIRM, Outcome, Step, advance, all_forms, begin, gives_value
from handlers.forms.spec import read_form

AT = datetime(2026, 11, 23, 10, tzinfo=BANK_ZONE)
STUDY = all_forms()["study_abroad"]
CALLBACK = all_forms()["callback"]


def play(*said: str, form: str = "study_abroad") -> Step:
    """Begin the form with the first utterance and answer with the others."""
    spec = all_forms()[form]
    step = begin(spec, said[0], at=AT)
    for text in said[1:]:
        step = advance(spec, step.state, text, at=AT)
    return step


def values(step: Step) -> dict[str, str]:
    return dict(step.state.slots)


def test_the_notice_comes_first_and_one_question_is_asked() -> None:
    step = play("想让孩子出国念书")

    assert step.text.startswith(STUDY.notice)
    assert step.text.count("？") == 1
    assert step.state.asking == "country"


def test_several_values_in_one_utterance_are_kept_and_not_asked_again() -> None:
    step = play("后年九月去英国，预算五十万")

    assert values(step) == {"country": "英国", "when": "2028-09", "budget": "500000 CNY"}
    assert step.outcome is Outcome.CONFIRM


@pytest.mark.parametrize(
    ("correction", "slot", "value"),
    [
        ("不是英国，是澳洲", "country", "澳大利亚"),
        ("英国不去了，去日本", "country", "日本"),
        ("改成明年", "when", "2027-09"),
        ("说错了，是2029年2月", "when", "2029-02"),
        ("预算改成80万", "budget", "800000 CNY"),
        ("不是英国，是冰岛", "country", "冰岛"),
    ],
)
def test_an_earlier_answer_can_be_corrected_at_any_time(correction: str, slot: str, value: str) -> None:
    step = play("后年九月去英国，预算五十万", correction)

    assert values(step)[slot] == value
    assert len(values(step)) == 3


@pytest.mark.parametrize(
    ("first", "then", "value"), [("后年", "九月份", "2028-09"), ("2028年", "春天", "2028-03/2028-05"), ("九月", "后年", "2028-09")]
)
def test_partial_answers_add_up(first: str, then: str, value: str) -> None:
    step = play("去英国留学", first)
    again = advance(STUDY, FormState(name=STUDY.name, slots=step.state.slots, asking="when"), then, at=AT)

    assert values(again)["when"] == value


def test_back_asks_the_last_answer_again_and_says_so_at_the_first_question() -> None:
    step = play("出国读书", "英国", "上一步")
    first = play("出国读书", "上一步")

    assert step.state.asking == "country"
    assert values(step) == {}
    assert "第一个" in first.text


@pytest.mark.parametrize("text", ["取消", "算了", "不填了", "那先不填了吧", "退出"])
def test_cancel_ends_it(text: str) -> None:
    assert play("出国读书", text).outcome is Outcome.CANCELLED


@pytest.mark.parametrize("text", ["换人工", "找人", "真人"])
def test_a_person_ends_it(text: str) -> None:
    assert play("出国读书", text).outcome is Outcome.HUMAN


def test_an_optional_question_may_be_refused_at_once() -> None:
    step = play("明年九月去日本上学", "不方便透露")

    assert step.outcome is Outcome.CONFIRM
    assert values(step)["budget"] == "不便说"
    assert "不便说" not in step.text


def test_a_required_question_says_why_once_and_then_lets_go() -> None:
    why = play("出国读书", "不想说")
    after = advance(STUDY, why.state, "就是不想说", at=AT)

    assert STUDY.slots[0].why in why.text
    assert {button.label for button in why.buttons} == {"换人工", "跳过这题", "先不填"}
    assert after.state.asking == "when"


def test_two_misses_give_three_ways_out() -> None:
    once = play("出国读书", "哈哈哈123")
    twice = advance(STUDY, once.state, "嘿嘿456", at=AT)

    assert once.outcome is Outcome.NOT_UNDERSTOOD
    assert once.buttons != twice.buttons
    assert [button.label for button in twice.buttons] == ["换人工", "跳过这题", "先不填"]


def test_an_answer_forgets_the_misses() -> None:
    assert play("出国读书", "哈哈哈123", "英国").state.misses == 0


def test_undecided_is_an_answer() -> None:
    assert values(play("出国读书", "还没想好"))["country"] == "未定"


def test_a_plan_in_the_past_is_asked_back_and_nothing_else_is_lost() -> None:
    step = play("去英国留学", "2025年9月")

    assert "已经过了" in step.text
    assert values(step) == {"country": "英国"}


def test_a_small_bare_number_means_ten_thousands_for_a_budget() -> None:
    assert values(play("明年九月去英国", "50"))["budget"] == "500000 CNY"
    assert values(play("明年九月去英国", "800元"))["budget"] == "800 CNY"


@pytest.mark.parametrize(
    ("text", "outcome"), [("对", Outcome.COMPLETE), ("可以的", Outcome.COMPLETE), ("不对", Outcome.ASK), ("要改", Outcome.ASK)]
)
def test_nothing_is_passed_on_before_it_is_confirmed(text: str, outcome: Outcome) -> None:
    step = play("后年九月去英国，预算五十万")

    assert step.state.asking == CONFIRM
    assert advance(STUDY, step.state, text, at=AT).outcome is outcome


def test_a_day_and_a_topic_are_read_from_one_sentence() -> None:
    step = play("明天下午三点打给我，聊聊房贷", form="callback")

    assert values(step) == {"when": "2026-11-24T15:00", "topic": "房贷"}


@pytest.mark.parametrize(("text", "gives"), [("英国", True), ("学费一年要多少呢", False), ("英国可以吗", True), ("你们几点下班？", False)])
def test_a_question_gives_a_value_only_when_it_names_one(text: str, gives: bool) -> None:
    state = FormState(name=STUDY.name, asking="country")

    assert gives_value(STUDY, state, text, at=AT) is gives


@pytest.mark.parametrize("text", ["", "？？？", "😊", "１２３４５６７８９０" * 40, "不" * 300, "英国" * 500, "\x00\u202e"])
def test_no_text_breaks_a_form(text: str) -> None:
    for spec in all_forms().values():
        assert advance(spec, begin(spec, text, at=AT).state, text, at=AT).state.name == spec.name


def test_every_form_can_be_walked_to_its_end_by_skipping() -> None:
    for spec in all_forms().values():
        step = begin(spec, "", at=AT)
        for _ in spec.slots:
            step = advance(spec, step.state, "跳过", at=AT)
        assert step.outcome is Outcome.CONFIRM


def test_a_broken_form_names_its_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: x\ntitle: x\nslots: [{name: a, title: a, kind: colour, ask: '?'}]\n", encoding="utf-8")

    with pytest.raises(BadSettings, match=r"broken\.yaml"):
        read_form(broken)
