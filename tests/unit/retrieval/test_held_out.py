"""The held-out questions are in words of their own, so that figures measured on them mean something."""

from datetime import date
from pathlib import Path

import pytest

from domain.party import Role
from knowledge.catalogue import Catalogue
from knowledge.loader import load
from language.normalise import fold
from retrieval.evaluate import Labelled, read_questions
from tests.bigrams import bigrams, most_shared

ROOT = Path(__file__).parents[3]
FILE = ROOT / "tests" / "data" / "questions" / "held_out.jsonl"
ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def base() -> Catalogue:
    return load(ROOT / "knowledge" / "cards")


@pytest.fixture(scope="module")
def asked() -> tuple[Labelled, ...]:
    return read_questions(FILE)


def test_no_question_shares_over_half_of_its_bigrams_with_any_question_of_a_card(base: Catalogue, asked: tuple[Labelled, ...]) -> None:
    known = [bigrams(question) for card in base for question in card.questions]

    close = [one.question for one in asked if most_shared(one.question, known) > 0.5]

    assert close == []


def test_every_label_is_a_card_that_the_asker_may_see(base: Catalogue, asked: tuple[Labelled, ...]) -> None:
    for one in asked:
        visible = {card.id for card in base.visible_to(one.role, on=ON)}
        assert one.card_ids <= visible, one


def test_there_are_enough_of_both_kinds(asked: tuple[Labelled, ...]) -> None:
    assert sum(bool(one.card_ids) for one in asked) >= 160
    assert sum(not one.card_ids for one in asked) >= 60
    assert {one.role for one in asked} == {Role.CUSTOMER, Role.RM}
    assert len({fold(one.question) for one in asked if fold(one.question)}) == sum(bool(fold(one.question)) for one in asked)
