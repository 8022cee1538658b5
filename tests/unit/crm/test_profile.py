"""What the layers of a profile tell, and what they tell to ask."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.profile import Gap, GapState, Profile, assets_layer, basic_layer, mask_number
from domain.book import Activity, Assets, Branch, Customer, Holding, RiskAssessment, StaffMember
from domain.party import Role

ON = date(2026, 11, 23)
LI = Customer(
    id="K1", kind="person", name="李某某", rm_id="W1", branch_id="Z1", opened_at=datetime(2024, 11, 22, 16, 30, tzinfo=UTC),
    gender="female",
    birth_date=date(1980, 11, 24), phone="12000990001", id_number="990000198011240025", city="溪口", occupation="会计", segments=("中年",),
)  # fmt: skip
FIRM = Customer(
    id="K5", kind="company", name="溪口竹器有限公司", rm_id="W1", branch_id="Z1", opened_at=datetime(2022, 2, 28, 1, 30, tzinfo=UTC),
    phone="12000990005", id_number="91990000MA0A000996", city="溪口", industry="制造", segments=("制造企业",), contact_name="竹青",
)  # fmt: skip
FANG = StaffMember(
    id="W1", name="方一诺", role=Role.RM, branch_id="Z1", phone="1", deputy_id="W2", leave_from=ON, leave_until=ON + timedelta(days=2)
)
BRANCH = Branch(id="Z1", name="溪口支行", city="溪口", address="", phone="", hours="")
FRESH = RiskAssessment(customer_id="K1", level="C3", assessed_on=date(2026, 1, 5))


def _layer(customer: Customer = LI, **changes: Any) -> Profile:
    given: dict[str, Any] = {"staff": FANG, "branch": BRANCH, "products": ("活期存款",), "assessment": FRESH, "said": (), "on": ON}
    return basic_layer(customer, **{**given, **changes})


def test_a_complete_customer_leaves_nothing_to_ask() -> None:
    assert _layer().gaps == ()
    assert _layer(FIRM).gaps == ()


def test_contact_and_identity_numbers_are_masked_and_a_company_code_is_not() -> None:
    person, firm = _layer(), _layer(FIRM)

    assert "12000990001" not in repr(person)
    assert "990000198011240025" not in repr(person)
    assert person.known("phone").value == "120****0001"  # type: ignore[union-attr]
    assert person.known("id_number").value == "990000********0025"  # type: ignore[union-attr]
    assert firm.known("id_number").value == "91990000MA0A000996"  # type: ignore[union-attr]


def test_numbers_that_were_said_are_masked_too() -> None:
    profile = _layer(replace(LI, phone=""), said=[("phone", "12000990009", "客户自述", datetime(2026, 11, 1, tzinfo=UTC))])

    assert "12000990009" not in repr(profile)
    assert profile.known("phone").source == "客户自述"  # type: ignore[union-attr]


def test_missing_fields_are_asked_for_most_needed_first() -> None:
    bare = replace(LI, phone="", occupation="", birth_date=None, gender="", segments=())

    profile = _layer(bare, assessment=None, staff=None)

    assert [gap.field for gap in profile.gaps] == ["risk_assessment", "phone", "birth_date", "occupation", "gender", "segments", "rm"]
    assert {gap.state for gap in profile.gaps} == {GapState.MISSING}
    assert profile.age is None


@pytest.mark.parametrize(
    ("assessed_on", "counts"), [(date(2025, 11, 23), False), (date(2025, 11, 24), True), (date(2024, 2, 29), False), (ON, True)]
)
def test_a_risk_test_expires_after_twelve_months(assessed_on: date, counts: bool) -> None:
    profile = _layer(assessment=replace(FRESH, assessed_on=assessed_on))

    assert profile.risk is not None
    assert profile.risk.counts is counts
    expected = () if counts else (Gap(field="risk_assessment", state=GapState.EXPIRED, since=profile.risk.until),)
    assert profile.gaps == expected


def test_a_company_is_asked_other_things_than_a_person() -> None:
    profile = _layer(replace(FIRM, contact_name="", industry=""), assessment=None)

    assert [gap.field for gap in profile.gaps] == ["contact_name", "industry", "risk_assessment"]
    assert profile.age is None


def test_what_was_said_fills_a_gap_and_never_replaces_the_banks_word() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    said = [
        ("occupation", "自由职业", "客户自述", at),
        ("occupation", "教师", "客户自述", at - timedelta(days=9)),
        ("city", "别处", "客户自述", at),
    ]

    profile = _layer(replace(LI, occupation=""), said=said)

    assert profile.gaps == ()
    occupation, city = profile.known("occupation"), profile.known("city")
    assert occupation is not None
    assert city is not None
    assert (occupation.value, occupation.source, occupation.at) == ("自由职业", "客户自述", at)
    assert (city.value, city.source) == ("溪口", "bank")
    assert [known.field for known in profile.said] == ["occupation", "city"]


def test_age_and_days_are_told_for_the_day_in_china() -> None:
    profile = _layer()

    assert profile.age == 45  # 46 tomorrow
    assert profile.opened_on == date(2024, 11, 23)  # 16:30 UTC is half past midnight
    assert profile.days_with_us == 730


def test_who_looks_after_the_customer_may_be_away() -> None:
    assert _layer().staff_away
    assert not _layer(on=ON + timedelta(days=2)).staff_away
    assert _layer(staff=None, branch=None).staff_name is None


@pytest.mark.parametrize(
    ("number", "masked"), [("12000990001", "120****0001"), ("", ""), ("1234567", "*******"), ("123456789", "123**6789")]
)
def test_a_number_is_masked_whatever_its_length(number: str, masked: str) -> None:
    assert mask_number(number, head=3, tail=4) == masked


def test_assets_come_with_their_day_and_their_age() -> None:
    assets = Assets(
        customer_id="K1", as_of=date(2026, 11, 20), aum=Decimal("5.00"), month_average=None,
        holdings=(Holding(product_code="P", product_name="活期", kind="deposit", amount=Decimal("5.00"), currency="CNY"),),
    )  # fmt: skip
    activity = Activity(customer_id="K1", as_of=date(2026, 11, 20), days=30, active_days=0, transactions=0, last_on=None)

    layer = assets_layer(assets, activity, on=ON)

    assert (layer.as_of, layer.days_old, layer.aum) == (date(2026, 11, 20), 3, Decimal("5.00"))
    assert layer.holdings == assets.holdings
    assert layer.missing == ("month_average",)


def test_assets_that_nobody_delivered_are_missing_and_not_zero() -> None:
    layer = assets_layer(None, None, on=ON)

    assert layer.aum is None
    assert layer.as_of is None
    assert layer.missing == ("assets", "month_average", "activity")
