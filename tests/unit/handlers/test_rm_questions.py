"""What relationship managers ask in their own words reaches the handler that answers it, and customers' questions stay customers'."""

from pathlib import Path

import yaml

from tests.together import together
from tests.unit.handlers.test_routing import route

DATA = Path(__file__).parents[2] / "data" / "routing"


def _said(name: str) -> list[tuple[str, str]]:
    table: dict[str, list[str]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return [(text, intent) for intent, texts in table.items() for text in texts]


@together(_said("rm_questions.yaml"))
def test_a_question_of_an_rm_reaches_its_handler(text: str, intent: str) -> None:
    assert route(text, "rm:S1", focus="C000001").intent == intent


@together(_said("rm_other_business.yaml"))
def test_what_only_sounds_like_a_question_on_a_customer_goes_elsewhere(text: str, not_this: str) -> None:
    assert route(text, "rm:S1", focus="C000001").intent != not_this


@together(_said("rm_questions.yaml"))
def test_for_a_customer_none_of_it_exists(text: str, intent: str) -> None:
    assert route(text).intent != intent
