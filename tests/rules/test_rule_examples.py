"""Every rule on wording against its example sentences: `<rule>.yaml` and further batches `<rule>.<batch>.yaml`.

A batch other than the first was written without looking at the phrase lists and run once before anything was mended. Stopped at that first
run of those to stop, and of those to pass: promised_return second 32 of 60 and 8 of 60, third 8 of 32 and 2 of 32, fourth 12 of 25 and
1 of 25; no_tipping_off second 3 of 15 and 0 of 15, third 1 of 10 and 0 of 10; lure_words second 1 of 15 and 0 of 15. So the lists stop
what is said in known words, however disguised, and a part of what is only implied; free paraphrase needs a person or an approved card.
"""

from pathlib import Path

import pytest
import yaml

from compliance.gate import review
from compliance.rules import load_rules
from domain.message import Approved, Blocked, Purpose
from tests.together import together
from tests.unit.compliance.people import context, draft

HERE = Path(__file__).parent
RULES = {rule.id: rule for rule in load_rules()}
ON_WORDING = sorted(rule.id for rule in RULES.values() if rule.judges_text)


def _sentences(rule: str, kind: str) -> list[str]:
    return [sentence for path in sorted(HERE.glob(f"{rule}*.yaml")) for sentence in yaml.safe_load(path.read_text("utf-8"))[kind]]


def _cases(kind: str) -> list[tuple[str, str]]:
    return [(rule, sentence) for rule in ON_WORDING for sentence in _sentences(rule, kind)]


@pytest.mark.parametrize("rule", ON_WORDING)
def test_every_rule_on_wording_has_examples_of_both_kinds(rule: str) -> None:
    assert len(_sentences(rule, "blocked")) >= 25
    assert len(_sentences(rule, "allowed")) >= 25


def test_every_file_of_examples_belongs_to_a_rule() -> None:
    assert {path.name.split(".")[0] for path in HERE.glob("*.yaml")} == set(ON_WORDING)


@together(_cases("blocked"))
def test_stops(rule: str, sentence: str) -> None:
    verdict = review(draft(sentence, purpose=Purpose.REPLY), context(), [RULES[rule]])

    assert isinstance(verdict, Blocked), verdict


@together(_cases("allowed"))
def test_lets_pass(rule: str, sentence: str) -> None:
    verdict = review(draft(sentence, purpose=Purpose.REPLY), context(), [RULES[rule]])

    assert isinstance(verdict, Approved), verdict


@together(_cases("allowed"))
def test_no_other_rule_on_wording_stops_an_honest_sentence(rule: str, sentence: str) -> None:
    verdict = review(draft(sentence, purpose=Purpose.REPLY), context(), [RULES[other] for other in ON_WORDING])

    assert isinstance(verdict, Approved), (rule, verdict)
