"""The gate: what it makes of findings, and that nobody else opens the door."""

import ast
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from compliance.gate import review
from compliance.rule import Context, Rule, Severity
from compliance.rules import load_rules
from compliance.text import Text
from domain.errors import BadInput
from domain.message import Approved, Blocked, Button, Deferred, Draft, Finding, NeedsReview, Purpose
from tests.unit.compliance.people import NOON, TO_RM, context, draft

ROOT = Path(__file__).parents[3]
ROOMS = (
    "bot",
    "handlers",
    "knowledge",
    "retrieval",
    "scheduler",
    "config",
    "domain",
    "crm",
    "compliance",
    "language",
    "storage",
    "sandbox",
)
RULES = load_rules()
USUAL = (
    "您问的这款是R2，钱至少放90天，净值会波动，不承诺收益。您这笔钱大概多久会用到？一年内要用的话，可以先看定期存款，本息受存款保险保障；"
    "要我请陈经理给您算一下吗？"
)


def _rule(outcome: str, *, until: datetime | None = None, **changes: object) -> Rule:
    def check(draft: Draft, context: Context, text: Text) -> tuple[Finding, ...]:
        return (Finding(rule=outcome, outcome=outcome, reason="测试", until=until),)

    made = Rule(
        id=outcome, title="测试", reference="测试", effective_from=date(2020, 1, 1), severity=Severity.BLOCK, doc="测试", check=check
    )
    return replace(made, **changes)  # type: ignore[arg-type]


BLOCK = _rule("block")
REVIEW = _rule("review")
DEFER = _rule("defer", until=NOON + timedelta(hours=3))


def test_approves_an_honest_reply_and_names_the_rules_it_passed() -> None:
    verdict = review(draft(USUAL), context(), RULES)

    assert isinstance(verdict, Approved)
    assert verdict.text == USUAL
    assert verdict.rules == tuple(rule.id for rule in RULES)
    assert verdict.reviewed_at == NOON


def test_the_gravest_finding_wins_and_all_are_kept() -> None:
    verdict = review(draft("好"), context(), [DEFER, REVIEW, BLOCK])

    assert isinstance(verdict, Blocked)
    assert [finding.outcome for finding in verdict.findings] == ["defer", "review", "block"]


def test_review_goes_before_deferral() -> None:
    assert isinstance(review(draft("好"), context(), [DEFER, REVIEW]), NeedsReview)


def test_waits_for_the_latest_of_several_deferrals() -> None:
    later = _rule("defer", until=NOON + timedelta(days=2))

    verdict = review(draft("好"), context(), [later, DEFER])

    assert isinstance(verdict, Deferred)
    assert verdict.until == NOON + timedelta(days=2)


def test_a_reviewer_releases_from_review_but_not_from_a_block_nor_a_deferral() -> None:
    released = context(released_by="S0099")

    assert isinstance(review(draft("好"), released, [REVIEW]), Approved)
    assert isinstance(review(draft("好"), released, [REVIEW, BLOCK]), Blocked)
    assert isinstance(review(draft("好"), released, [REVIEW, DEFER]), Deferred)


def test_a_deferral_without_an_instant_is_not_an_approval() -> None:
    with pytest.raises(BadInput):
        review(draft("好"), context(), [_rule("defer")])


def test_an_outcome_nobody_knows_is_not_an_approval() -> None:
    with pytest.raises(BadInput):
        review(draft("好"), context(), [_rule("blokc")])


def test_asks_a_rule_only_while_it_is_in_force() -> None:
    ended = replace(BLOCK, effective_until=NOON.date())
    coming = replace(BLOCK, effective_from=NOON.date() + timedelta(days=1))

    assert isinstance(review(draft("好"), context(), [ended, coming]), Approved)
    assert isinstance(review(draft("好"), context(), [replace(BLOCK, effective_from=NOON.date())]), Blocked)


def test_judges_the_labels_of_buttons_too() -> None:
    text = draft("想看哪一款？", buttons=(Button(label="稳赚不赔的", payload="1"),))

    assert isinstance(review(text, context(), RULES), Blocked)


def test_labels_model_made_text_once_for_whoever_reads_it() -> None:
    for to in (draft("好").to, TO_RM):
        first = review(draft("今天网点 17:00 关门。", to=to, ai_generated=True), context(customer=None), RULES)
        assert isinstance(first, Approved)
        again = review(draft(first.text, to=to, ai_generated=True), context(customer=None), RULES)
        assert isinstance(again, Approved)

        assert first.text.count("人工智能生成") == 1
        assert again.text == first.text


def test_refuses_an_instant_without_zone_and_somebody_elses_context() -> None:
    with pytest.raises(BadInput):
        review(draft("好"), context(at=NOON.replace(tzinfo=None)), RULES)
    with pytest.raises(BadInput):
        review(draft("好", to=replace(draft("好").to, id="C999")), context(), RULES)


def test_staff_may_read_what_a_customer_said() -> None:
    verdict = review(draft("客户原话：“上次那个经理说稳赚不赔”", to=TO_RM, purpose=Purpose.INTERNAL), context(customer=None), RULES)

    assert isinstance(verdict, Approved)


def test_a_model_made_script_for_staff_is_judged_like_a_text_to_customers() -> None:
    script = draft("您可以这样说：这款稳赚不赔。", to=TO_RM, purpose=Purpose.INTERNAL, ai_generated=True)

    assert isinstance(review(script, context(customer=None), RULES), Blocked)


def test_a_usual_reply_is_judged_in_half_a_millisecond() -> None:
    review(draft(USUAL), context(), RULES)
    rounds = []
    for number in range(8):
        texts = [f"{USUAL}（第{number}轮第{text}次）" for text in range(50)]
        started = time.process_time()
        for text in texts:
            review(draft(text), context(), RULES)
        rounds.append((time.process_time() - started) / len(texts))

    # The promise is 0.5 ms: the best of the rounds, for what a busy machine adds is not ours; twice that, for a slow one.
    assert min(rounds) <= 0.001, [f"{each * 1000:.2f} ms" for each in rounds]


@pytest.mark.parametrize(
    "piece",
    [
        "保，",
        "不承诺",
        "理财产品",
        "不理财产品类型",
        "保证",
        "转账因为",
        "一定",
        "收益稳定",
        "的",
        "5%",
        "因为您",
        "停",
        "，",
        "baoben",
        "比工行",
        "0",
        "保本的类型",
        "1",
    ],
)
def test_a_hostile_text_is_judged_in_reasonable_time(piece: str) -> None:
    started = time.process_time()
    review(draft((piece * 4000)[:4000]), context(), RULES)
    review(draft("不" + (piece * 4000)[:4000] + "保本"), context(), RULES)

    assert time.process_time() - started < 3


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in the rooms: its file, the last name of what is called, and the call."""
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                yield path.relative_to(ROOT).as_posix(), name, node


def test_only_the_gate_constructs_an_approved_and_nobody_replaces_its_text() -> None:
    """`replace(approved, …)` would be a second way to make one."""
    made, replaced = [], []
    for path, name, node in calls():
        if name == "Approved":
            made.append(path)
        if name == "replace" and node.args and "approved" in ast.unparse(node.args[0]).lower():
            replaced.append(path)

    assert made == ["compliance/gate.py"]
    assert replaced == []
