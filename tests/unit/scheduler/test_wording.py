"""Words are checked once, when they are taken from their cards."""

import re
from dataclasses import replace
from datetime import date

import pytest

from domain.errors import BadInput
from domain.party import Role
from knowledge.card import Card, CardKind
from knowledge.catalogue import Catalogue
from scheduler.touches import load_touches
from scheduler.wording import load_wordings, wording

CARD = Card(
    id="script-x",
    kind=CardKind.SCRIPT,
    title="霜降问候",
    questions=("霜降问候",),
    audience=frozenset({Role.RM}),
    approval="APR-1",
    valid_from=date(2026, 1, 1),
    valid_until=date(2027, 1, 1),
    answer="{称呼}好，霜降了。",
    details="霜降，添衣。\n\n### 说明\n\n别的话",
)


def test_the_words_are_the_answer_and_the_first_paragraph_of_the_details() -> None:
    words = wording(CARD)

    assert (words.card_id, words.text, words.short) == ("script-x", "{称呼}好，霜降了。", "霜降，添衣。")


def test_words_hold_as_long_as_the_approval_of_their_card() -> None:
    words = wording(CARD)

    assert [words.valid_on(on) for on in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("answer", "details", "complaint"),
    [
        ("{姓名}好", "好", "card script-x: unknown placeholder {姓名} in first paragraph; use 称呼、节气、客户经理"),
        ("好", "{ 称呼}好", "unknown placeholder { 称呼} in 展开"),
        ("{}好", "好", "unknown placeholder {} in first paragraph"),
        ("{称呼好", "好", "a brace without its other half in first paragraph"),
        ("称呼}好", "好", "a brace without its other half"),
        ("{{称呼}}好", "好", "a brace without its other half"),
        ("", "好", "first paragraph is empty"),
        ("好", "", "展开 is empty"),
        ("好" * 61, "好", "first paragraph has 61 characters, at most 60"),
        ("好", "好" * 36, "展开 has 36 characters, at most 35"),
    ],
)
def test_words_that_cannot_be_used_are_refused_when_they_are_loaded(answer: str, details: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=re.escape(complaint)):
        wording(replace(CARD, answer=answer, details=details))


def test_a_touch_whose_card_does_not_exist_is_named() -> None:
    with pytest.raises(BadInput, match="touch 'solar_term': there is no card 'script-greeting-xiaohan' for 小寒"):
        load_wordings(load_touches(), Catalogue([CARD]))
