"""The solar term greeting from the shipped definitions and cards to the draft, for every term and every sort of customer."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import knowledge
from domain.book import Customer, StaffMember
from domain.message import Draft, Purpose
from domain.party import Role
from knowledge import loader
from knowledge.catalogue import Catalogue
from scheduler.calendar import SOLAR_TERMS, solar_terms
from scheduler.composer import compose
from scheduler.holidays import load_calendar
from scheduler.planner import plan_day
from scheduler.standing import Standing
from scheduler.touches import load_touches
from scheduler.wording import Wording, load_wordings
from tests.together import together

SCRIPTS = Path(knowledge.__file__).parent / "cards" / "scripts"
OPENED = datetime(2021, 5, 6, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
RM = StaffMember(id="S1", name="陈静", role=Role.RM, branch_id="B1", phone="")


def someone(customer_id: str, **facts: object) -> Customer:
    given = {"kind": "person", "name": "林晓岚", "gender": "女", "birth_date": date(1990, 4, 4), **facts}
    return Customer(id=customer_id, rm_id="S1", branch_id="B1", opened_at=OPENED, **given)  # type: ignore[arg-type]


PEOPLE = {
    person.id: person
    for person in (
        someone("her"),
        someone("older", name="欧阳德安", gender="男", birth_date=date(1948, 1, 1)),
        someone("unknown", gender=""),
        someone("company", kind="company", name="晴川商贸有限公司", gender="", birth_date=None),
    )
}


@pytest.fixture(scope="module")
def cards() -> Catalogue:
    return loader.load(SCRIPTS)


@pytest.fixture(scope="module")
def words(cards: Catalogue) -> Mapping[str, Wording]:
    return load_wordings(load_touches(), cards)


def greetings(on: date, words: Mapping[str, Wording], rm: StaffMember | None = RM) -> dict[str, Draft]:
    plan = plan_day(on, PEOPLE.values(), load_touches(), history=(), calendar=load_calendar(), standing=Standing())
    return {touch.customer_id: compose(touch, PEOPLE[touch.customer_id], words[touch.card_id], rm=rm) for touch in plan.planned}


BUSINESS = (
    *("存款", "理财", "基金", "贷款", "保险", "利率", "利息", "收益", "优惠", "活动"),
    *("办理", "信用卡", "产品", "推荐", "额度", "到期", "立即", "赶快", "恭喜", "尊敬"),
)


@together(product([2026, 2027], SOLAR_TERMS))
def test_on_its_day_everybody_gets_a_greeting_fit_to_be_sent(year: int, term: str, words: Mapping[str, Wording]) -> None:
    drafts = greetings(solar_terms(year)[term], words)

    assert set(drafts) == set(PEOPLE)
    for draft in drafts.values():
        assert draft.purpose is Purpose.TOUCH
        assert term in draft.text
        assert not draft.products
        assert not re.search(r"[{}!！~～]|您您|您好您|，，|[0-9%％]", draft.text), draft.text
        assert len(draft.text) <= 70
    assert "林女士" in drafts["her"].text
    assert "欧阳先生" in drafts["older"].text
    assert "您" in drafts["unknown"].text
    assert "贵司同事" in drafts["company"].text
    assert len(drafts["older"].text) <= 35


@together(SOLAR_TERMS)
def test_a_greeting_reads_as_well_without_a_relationship_manager(term: str, words: Mapping[str, Wording]) -> None:
    for draft in greetings(solar_terms(2026)[term], words, rm=None).values():
        assert "{" not in draft.text
        assert "陈" not in draft.text


def test_every_greeting_is_its_own(cards: Catalogue) -> None:
    mine = [card for card in cards if card.id.startswith("script-greeting-")]

    assert len(mine) == 24
    for part in ("answer", "details", "title", "approval"):
        assert len({getattr(card, part) for card in mine}) == 24
    pieces = [piece for card in mine for piece in re.split(r"[，。；]", card.answer) if len(piece) >= 6]
    assert len(set(pieces)) == len(pieces)


def test_greetings_are_for_relationship_managers_to_find_and_never_answer_a_customer(cards: Catalogue) -> None:
    mine = [card for card in cards if card.id.startswith("script-greeting-")]

    assert {card.audience for card in mine} == {frozenset({Role.RM})}
    assert all(len(set(card.questions)) >= 6 and card.title == f"{card.title[:2]}问候" for card in mine)


@together(BUSINESS)
def test_no_greeting_speaks_of_business_or_urges(word: str, cards: Catalogue) -> None:
    assert [card.id for card in cards if card.id.startswith("script-greeting-") and word in card.answer + card.details] == []
