"""The words of a touch are the card's, addressed to its customer."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.book import Customer
from domain.errors import BadInput
from domain.message import Kind, Purpose
from domain.party import BOT, Party, Role
from domain.touchpoint import PlannedTouch
from scheduler.composer import compose
from scheduler.wording import Wording
from tests.unit.scheduler.people import SHANGHAI, customer, staff

ALWAYS = {"valid_from": date(2026, 1, 1), "valid_until": date(2028, 1, 1)}
WORDS = Wording(card_id="script-x", text="{称呼}好，今天{节气}。有事找{客户经理}。", short="{称呼}好，{节气}了。", **ALWAYS)
PLANNED = PlannedTouch(
    occasion="solar_term/白露/2026/C1",
    touch="solar_term",
    customer_id="C1",
    card_id="script-x",
    purpose="touch",
    not_before=datetime(2026, 9, 7, 9, tzinfo=SHANGHAI),
    until=datetime(2026, 9, 8, tzinfo=SHANGHAI),
    reason="今天是白露",
    values=(("节气", "白露"),),
)


def said(person: Customer, rm: str | None = "陈静") -> str:
    return compose(PLANNED, person, WORDS, rm=staff(rm) if rm else None).text


def test_the_draft_names_its_card_its_customer_and_no_product() -> None:
    draft = compose(PLANNED, customer("C1"), WORDS, rm=staff("陈静"))

    assert draft.text == "林女士好，今天白露。有事找陈经理。"
    assert (draft.to, draft.author) == (Party(Role.CUSTOMER, "C1"), BOT)
    assert (draft.purpose, draft.kind) == (Purpose.TOUCH, Kind.TEXT)
    assert (draft.template, draft.card_ids, draft.about, draft.products) == ("script-x", ("script-x",), ("C1",), ())
    assert not draft.ai_generated


@pytest.mark.parametrize(
    ("name", "gender", "address"),
    [
        ("高远", "男", "高先生好"),
        ("高远", "male", "高先生好"),
        ("高远", "F", "高女士好"),
        ("欧阳若溪", "女", "欧阳女士好"),
        ("司马远", "男", "司马先生好"),
        ("歐陽若溪", "女", "歐陽女士好"),
        ("高**", "男", "高先生好"),
        ("高远", "", "您好"),
        ("高远", "未知", "您好"),
        ("阿依努尔·艾力", "女", "您好"),
        ("古丽巴哈尔", "女", "您好"),
        ("Anna Smith", "女", "您好"),
        ("", "男", "您好"),
    ],
)
def test_a_person_is_addressed_only_as_far_as_is_certain(name: str, gender: str, address: str) -> None:
    assert said(customer("C1", name=name, gender=gender)).startswith(f"{address}，")


def test_a_company_is_addressed_as_one() -> None:
    company = customer("C1", kind="company", name="晴川商贸有限公司", gender="", birth_date=None)

    assert said(company) == "贵司同事好，今天白露。有事找陈经理。"


@pytest.mark.parametrize(("rm", "name"), [(None, "我们"), ("诸葛明月", "诸葛经理"), ("买买提·吐尔逊", "买买提·吐尔逊")])
def test_the_relationship_manager_is_named_as_customers_would(rm: str | None, name: str) -> None:
    assert said(customer("C1"), rm).endswith(f"有事找{name}。")


@pytest.mark.parametrize(
    ("person", "short"),
    [
        (customer("C1", birth_date=date(1966, 9, 7)), True),  # sixty on the day
        (customer("C1", birth_date=date(1966, 9, 8)), False),  # tomorrow
        (customer("C1", birth_date=date(1940, 2, 29)), True),
        (customer("C1", birth_date=None), False),
        (customer("C1", birth_date=None, segments=("银发客户",)), True),
        (customer("C1", segments=("育儿家庭",)), False),
    ],
)
def test_older_customers_get_the_shorter_words(person: Customer, short: bool) -> None:
    assert (said(person) == "林女士好，白露了。") is short


def test_an_old_company_is_not_an_older_customer() -> None:
    company = customer("C1", kind="company", name="晴川纺织厂", birth_date=date(1956, 1, 1), segments=("银发产业",))

    assert said(company).startswith("贵司同事好，今天白露。")


def test_what_does_not_fit_into_one_short_message_is_refused_for_older_customers() -> None:
    words = replace(WORDS, short="{客户经理}" * 7)
    older = customer("C1", birth_date=date(1950, 1, 1))

    assert len(compose(PLANNED, older, words, rm=staff("买买提")).text) <= 70
    with pytest.raises(BadInput, match="longer than 70 characters; shorten 展开 of card script-x"):
        compose(PLANNED, older, words, rm=staff("阿卜杜热西提·阿卜杜热合曼"))


def test_another_customer_or_card_is_refused() -> None:
    with pytest.raises(BadInput, match="wants customer C1 and card script-x"):
        compose(PLANNED, customer("C2"), WORDS, rm=None)
    with pytest.raises(BadInput, match="wants customer C1 and card script-x"):
        compose(PLANNED, customer("C1"), replace(WORDS, card_id="script-y"), rm=None)


def test_a_placeholder_that_the_touch_has_no_value_for_is_refused() -> None:
    with pytest.raises(BadInput, match=r"nothing to put for \{节气\}"):
        compose(replace(PLANNED, values=()), customer("C1"), WORDS, rm=None)


def test_words_whose_approval_does_not_hold_on_the_day_are_refused() -> None:
    ended = replace(WORDS, valid_until=date(2026, 9, 7))

    with pytest.raises(BadInput, match="card script-x is not valid on 2026-09-07; renew its approval"):
        compose(PLANNED, customer("C1"), ended, rm=None)
    assert compose(PLANNED, customer("C1"), replace(ended, valid_until=date(2026, 9, 8)), rm=None).text
