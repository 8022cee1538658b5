"""Products and people."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from compliance.catalogue import Catalogue
from compliance.gate import review
from compliance.rules import load_rules
from compliance.suitability import Fit, assess_suitability, level_of, valid_until
from compliance.text import Text
from domain.book import Product, RiskAssessment
from domain.message import Approved, Blocked, NeedsReview, Purpose
from tests.unit.compliance.people import C2, CATALOGUE, CUSTOMER, TO_RM, TODAY, context, draft, product

RULES = load_rules()
R2, R3 = CATALOGUE.products["P-101"], CATALOGUE.products["P-107"]


def _level(level: str, assessed_on: date = TODAY) -> RiskAssessment:
    return RiskAssessment(customer_id=CUSTOMER.id, level=level, assessed_on=assessed_on)


@pytest.mark.parametrize("level", range(1, 6))
@pytest.mark.parametrize("rating", range(1, 6))
def test_a_product_fits_when_its_rating_is_not_above_the_level(level: int, rating: int) -> None:
    judged = assess_suitability(product("X", "甲", f"R{rating}"), _level(f"C{level}"), on=TODAY, age=40)

    assert judged.suitable == (rating <= level)


def test_a_refusal_names_level_product_and_rule() -> None:
    judged = assess_suitability(R3, C2, on=TODAY, age=40)

    assert judged.fit is Fit.UNSUITABLE
    assert all(word in judged.reason for word in ("C2", "R3", "均衡配置混合", "P-107", "第十二、十三条"))


@pytest.mark.parametrize(
    ("assessed_on", "last_day"),
    [
        (date(2025, 11, 24), date(2026, 11, 23)),
        (date(2024, 2, 29), date(2025, 2, 27)),
        (date(2023, 2, 28), date(2024, 2, 27)),
        (date(2025, 12, 31), date(2026, 12, 30)),
    ],
)
def test_an_assessment_holds_for_twelve_calendar_months(assessed_on: date, last_day: date) -> None:
    assessment = _level("C3", assessed_on)

    assert level_of(assessment, on=last_day) == 3
    assert level_of(assessment, on=last_day + timedelta(days=1)) is None
    assert valid_until(assessment) == last_day + timedelta(days=1)


@pytest.mark.parametrize(
    "assessment",
    [
        None,
        _level("C5", TODAY + timedelta(days=1)),
        _level("C5", date(2025, 11, 23)),
        _level("C9"),
        _level(""),
        _level("激进型"),
        _level("c5"),
    ],
)
def test_without_a_level_that_counts_no_rated_product_is_named(assessment: RiskAssessment | None) -> None:
    assert assess_suitability(R2, assessment, on=TODAY, age=40).fit is Fit.UNSUITABLE


@pytest.mark.parametrize("kind", ["deposit", "card", "loan", "service", "insurance"])
def test_what_has_no_rating_needs_no_assessment(kind: str) -> None:
    assert assess_suitability(product("X", "甲", "", kind=kind), None, on=TODAY, age=None).suitable


@pytest.mark.parametrize("kind", ["wealth", "fund", "gold"])
def test_an_investment_without_a_rating_is_an_error_of_the_master(kind: str) -> None:
    assert assess_suitability(product("X", "甲", "", kind=kind), _level("C5"), on=TODAY, age=40).fit is Fit.UNSUITABLE


@pytest.mark.parametrize("rating", ["R0", "R6", "r1", "中"])
def test_a_rating_that_cannot_be_read_never_fits(rating: str) -> None:
    assert assess_suitability(product("X", "甲", rating), _level("C5"), on=TODAY, age=40).fit is Fit.UNSUITABLE


@pytest.mark.parametrize(
    ("age", "rating", "fit"),
    [
        (64, "R3", Fit.SUITABLE),
        (65, "R2", Fit.SUITABLE),
        (65, "R3", Fit.CARE),
        (80, "R5", Fit.CARE),
        (None, "R3", Fit.CARE),
        (None, "R2", Fit.SUITABLE),
        (17, "R1", Fit.UNSUITABLE),
        (18, "R1", Fit.SUITABLE),
    ],
)
def test_age_calls_for_care(age: int | None, rating: str, fit: Fit) -> None:
    assert assess_suitability(product("X", "甲", rating), _level("C5"), on=TODAY, age=age).fit is fit


def test_the_elderly_are_not_pushed_higher_risk_and_answered_through_a_person() -> None:
    elder = context(customer=replace(CUSTOMER, birth_date=date(1961, 11, 23)), assessment=_level("C4"))
    younger = context(customer=replace(CUSTOMER, birth_date=date(1961, 11, 24)), assessment=_level("C4"))
    text = "均衡配置混合净值会波动。"

    assert isinstance(review(draft(text, purpose=Purpose.MARKETING), elder, RULES), Blocked)
    assert isinstance(review(draft(text), elder, RULES), NeedsReview)
    assert isinstance(review(draft(text, purpose=Purpose.MARKETING), younger, RULES), Approved)


def test_a_company_has_no_age() -> None:
    company = context(customer=replace(CUSTOMER, kind="company", birth_date=None), assessment=_level("C4"))

    assert isinstance(review(draft("均衡配置混合净值会波动。", purpose=Purpose.MARKETING), company, RULES), Approved)


@pytest.mark.parametrize(
    "text",
    [
        "您可以看看均衡配置混合。",
        "您可以看看 均 衡 配 置 混 合。",
        "您可以看看均衡配置混合💰",
        "您可以看看P-107",
        "您可以看看 p107 这款",
        "您可以看看Ｐ－１０７",
        "您可以看看均衡-配置-混合",
        "您可以看看科技主題精選",
    ],
)
def test_a_product_above_the_level_is_found_in_free_text(text: str) -> None:
    assert isinstance(review(draft(text), context(), RULES), Blocked)


def test_a_product_named_by_code_in_the_draft_is_judged_too() -> None:
    assert isinstance(review(draft("这款净值会波动。", products=("P-107",)), context(), RULES), Blocked)
    assert isinstance(review(draft("这款净值会波动。", products=("P-101",)), context(), RULES), Approved)


def test_a_product_is_found_by_the_stem_of_its_name() -> None:
    assert CATALOGUE.mentioned(Text.of("安享增利这款")) == ("P-101",)
    assert CATALOGUE.mentioned(Text.of("安享增利90天持有期理财产品A款")) == ("P-101",)


def test_codes_are_not_found_inside_longer_ones() -> None:
    assert CATALOGUE.mentioned(Text.of("单号 P-1075，KP-107A，批次 AP-1012")) == ()
    assert CATALOGUE.mentioned(Text.of("P-107和P-101")) == ("P-101", "P-107")


def test_a_shared_stem_stands_for_all_products_that_share_it() -> None:
    shared = Catalogue.of((product("A1", "稳享添利1号", "R2"), product("A2", "稳享添利2号", "R4")))

    assert shared.mentioned(Text.of("看看稳享添利")) == ("A1", "A2")
    assert shared.mentioned(Text.of("看看稳享添利1号")) == ("A1",)


@pytest.mark.parametrize("code", ["P-777", "P-901"])
def test_an_unknown_product_and_one_not_on_sale_are_stopped(code: str) -> None:
    assert isinstance(review(draft("这款在这里。", products=(code,)), context(), RULES), Blocked)


def test_a_private_product_is_never_pushed() -> None:
    assert isinstance(review(draft("远见私募一号", purpose=Purpose.MARKETING), context(), RULES), Blocked)
    assert isinstance(review(draft("远见私募一号的说明书在网点。"), context(), RULES), NeedsReview)


def test_a_push_speaks_of_no_rating_above_the_level() -> None:
    assert isinstance(review(draft("R4 产品上新。", purpose=Purpose.MARKETING), context(), RULES), Blocked)
    assert isinstance(review(draft("PR3 产品上新。", purpose=Purpose.MARKETING), context(), RULES), Blocked)
    assert isinstance(review(draft("R2 产品上新。", purpose=Purpose.MARKETING), context(), RULES), Approved)
    assert isinstance(review(draft("您是 C2，R4 不适合您。"), context(), RULES), Approved)


def test_what_one_holds_may_be_spoken_of_when_asked_but_not_pushed() -> None:
    holder = context(held=frozenset({"P-107"}))

    assert isinstance(review(draft("您持有的均衡配置混合，净值 1.02。"), holder, RULES), Approved)
    assert isinstance(review(draft("均衡配置混合净值 1.02。", purpose=Purpose.MARKETING), holder, RULES), Blocked)


def test_somebody_elses_assessment_does_not_count() -> None:
    other = context(assessment=replace(_level("C5"), customer_id="C999999"))

    assert isinstance(review(draft("安享增利净值会波动。"), other, RULES), Blocked)


def test_staff_may_be_told_of_any_product() -> None:
    text = draft("均衡配置混合 R3，高于客户 C2", to=TO_RM, purpose=Purpose.INTERNAL, products=("P-107", "P-777"))

    assert isinstance(review(text, context(customer=None, assessment=None), RULES), Approved)


def test_deposits_may_be_named_to_anybody() -> None:
    assert isinstance(review(draft("一年定期存款 1.35%（P-001，截至 11-23）"), context(assessment=None), RULES), Approved)


def test_an_empty_catalogue_names_nothing() -> None:
    none: tuple[Product, ...] = ()

    assert Catalogue.of(none).mentioned(Text.of("均衡配置混合 P-107")) == ()
