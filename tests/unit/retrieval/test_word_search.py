"""Searching by words alone: ranking, who sees what, on which day."""

from dataclasses import replace
from datetime import date

import pytest

from domain.party import Role
from knowledge.card import Card, CardKind
from knowledge.catalogue import Catalogue
from retrieval.evidence import Decision, Leg
from retrieval.search import Search, in_memory

ON = date(2026, 6, 1)


def card(name: str, title: str, *questions: str, audience: frozenset[Role] = frozenset({Role.CUSTOMER, Role.RM})) -> Card:
    return Card(
        id=f"service-{name}",
        kind=CardKind.SERVICE,
        title=title,
        questions=questions,
        audience=audience,
        approval=f"APR-{name}",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        answer=f"{title}请到网点。",
    )


UMBRELLA = card("umbrella", "借把伞", "下雨了能借伞吗", "网点有没有伞")
WATER = card("water", "喝口水", "口渴了有水吗", "饮水机在哪")
PARKING = card("parking", "停车", "车停哪里", "停车要钱吗")
SECRET = card("secret", "内部口径", "下雨了伞不够怎么跟客户解释", audience=frozenset({Role.RM}))


@pytest.fixture(scope="module")
def search() -> Search:
    return in_memory(Catalogue([UMBRELLA, WATER, PARKING, SECRET]))


def ids(search: Search, question: str, *, role: Role = Role.CUSTOMER, on: date = ON) -> list[str]:
    return [hit.card.id for hit in search.search(question, role=role, on=on).hits]


def test_finds_the_card_in_other_words(search: Search) -> None:
    evidence = search.search("外面下雨，伞可以借一把不", role=Role.CUSTOMER, on=ON)

    assert evidence.top is not None
    assert evidence.top.card == UMBRELLA
    assert evidence.leg is Leg.LEXICAL
    assert evidence.top.dense is None
    assert evidence.margin > 0


def test_scripts_and_widths_find_the_same(search: Search) -> None:
    assert ids(search, "車停哪裏") == ids(search, "车停哪里")


def test_a_customer_never_gets_a_staff_card(search: Search) -> None:
    asked = "伞不够怎么跟客户解释"

    assert ids(search, asked, role=Role.RM)[0] == "service-secret"
    assert "service-secret" not in ids(search, asked)


def test_scores_of_a_customer_do_not_show_that_staff_cards_exist(search: Search) -> None:
    without = in_memory(Catalogue([UMBRELLA, WATER, PARKING, replace(SECRET, questions=("毫不相干",), title="别的")]))

    mine = search.search("下雨了伞不够怎么跟客户解释", role=Role.CUSTOMER, on=ON)

    assert [hit.card.id for hit in mine.hits] == [
        hit.card.id for hit in without.search("下雨了伞不够怎么跟客户解释", role=Role.CUSTOMER, on=ON).hits
    ]


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_no_card_outside_its_days(search: Search, on: date) -> None:
    evidence = search.search("下雨了能借伞吗", role=Role.RM, on=on)

    assert evidence.hits == ()
    assert evidence.decision is Decision.NONE


def test_kinds_limit_the_cards(search: Search) -> None:
    assert search.search("下雨了能借伞吗", role=Role.RM, on=ON, kinds=frozenset({CardKind.CASE})).hits == ()
    assert search.search("下雨了能借伞吗", role=Role.RM, on=ON, kinds=frozenset({CardKind.SERVICE})).top is not None


def test_segments_order_equals() -> None:
    young = replace(card("young", "买伞", "伞卖不卖"), segments=("年轻人",))
    old = replace(card("old", "买伞", "伞卖不卖"), segments=("老人",))
    search = in_memory(Catalogue([young, old, WATER]))

    def first(*segments: str) -> str:
        return search.search("伞卖不卖", role=Role.CUSTOMER, on=ON, boost=frozenset(segments)).hits[0].card.id

    assert (first("年轻人"), first("老人"), first("不存在")) == ("service-young", "service-old", "service-old")


@pytest.mark.parametrize("question", ["", "？？？", "😀", "qqq zzz", "饕餮"])
def test_what_matches_nothing_is_no_answer(search: Search, question: str) -> None:
    evidence = search.search(question, role=Role.CUSTOMER, on=ON)

    assert evidence.decision is Decision.NONE
    assert evidence.top is None


def test_a_very_long_question_is_answered(search: Search) -> None:
    assert ids(search, "我想问一下" * 2000 + "下雨了能借伞吗")[0] == "service-umbrella"


def test_gives_no_more_than_asked_for(search: Search) -> None:
    assert len(search.search("下雨了有水吗停车要钱吗", role=Role.RM, on=ON, k=2).hits) == 2


def test_an_empty_base_has_no_answer() -> None:
    assert in_memory(Catalogue([])).search("下雨了", role=Role.CUSTOMER, on=ON).decision is Decision.NONE
