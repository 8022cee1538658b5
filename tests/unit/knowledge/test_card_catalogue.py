"""Looking cards up: only what the asker may see, on the day."""

from dataclasses import replace
from datetime import date

import pytest

from domain.errors import BadInput
from domain.party import Role
from knowledge.card import CardKind, CardLink
from knowledge.catalogue import Catalogue, as_record, from_record
from retrieval.synthetic import catalogue

ON = date(2026, 6, 1)
CARDS = catalogue(10).cards


def test_gives_a_role_its_own_cards_only() -> None:
    base = Catalogue(CARDS)

    customers = base.visible_to(Role.CUSTOMER, on=ON)

    assert 0 < len(customers) < len(base.visible_to(Role.RM, on=ON)) == 10
    assert all(Role.CUSTOMER in card.audience for card in customers)
    assert base.visible_to(Role.TELLER, on=ON) == ()


def test_gives_no_card_before_or_after_its_days() -> None:
    base = Catalogue(CARDS)

    assert base.visible_to(Role.RM, on=date(2025, 12, 31)) == ()
    assert base.visible_to(Role.RM, on=date(2027, 12, 31)) == ()


def test_finds_by_need_segment_product_and_kind() -> None:
    tagged = replace(CARDS[0], needs=("n",), segments=("s",), product="P-1", audience=frozenset({Role.RM}))
    base = Catalogue(CARDS).with_cards([tagged])

    assert base.for_need("n", role=Role.RM, on=ON) == base.for_segment("s", role=Role.RM, on=ON) == (tagged,)
    assert base.for_product("P-1", role=Role.RM, on=ON) == (tagged,)
    assert base.for_need("n", role=Role.CUSTOMER, on=ON) == ()
    assert base.visible_to(Role.RM, on=ON, kinds=frozenset({CardKind.CASE})) == ()
    assert base.find(tagged.id) is tagged
    assert base.find("nothing") is None


def test_refuses_two_cards_of_one_id() -> None:
    with pytest.raises(BadInput, match="used twice"):
        Catalogue([CARDS[0], CARDS[0]])


def test_hash_follows_the_wording_and_neither_order_nor_place() -> None:
    base = Catalogue(CARDS)

    assert Catalogue(reversed(CARDS)).content_hash == base.content_hash
    assert Catalogue([replace(card, path="elsewhere") for card in CARDS]).content_hash == base.content_hash
    assert base.with_cards([replace(CARDS[3], answer="换了说法。")]).content_hash != base.content_hash


def test_a_card_survives_its_record() -> None:
    assert all(from_record(as_record(card)) == card for card in CARDS)


def test_a_link_survives_its_record_and_older_records_have_none() -> None:
    linked = replace(CARDS[0], link=CardLink(label="网点查询", to="branches"))
    assert from_record(as_record(linked)) == linked
    assert Catalogue(CARDS).with_cards([linked]).content_hash != Catalogue(CARDS).content_hash
    older = {name: value for name, value in as_record(CARDS[0]).items() if name != "link"}
    assert from_record(older) == CARDS[0]
