"""From taxes to a band for the limit (F12): growth, grade, caps, missing months, consent, and amounts only after a code."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.days import BANK_ZONE
from crm.needs.limits import Verdict, missing_months, tax_view
from tests.insight.kit import HandBank, Made


def _months(year: int, *, until: int = 12) -> list[date]:
    return [date(year, month, 1) for month in range(1, until + 1)]


_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_TWO_YEARS = [*(date(2024, month, 1) for month in (11, 12)), *_months(2025), *_months(2026, until=10)]


def _taxpayer(
    bank: HandBank, customer_id: str, name: str, *, growth: float = 1.35, grade: str = "A", without: Collection[date] = (), **loan: Any
) -> None:
    bank.company(customer_id, name, industry="制造")
    bank.add("consents", customer_id=customer_id, purpose="tax", granted=True, at="2024-01-05T10:00:00+08:00")
    for month in _TWO_YEARS:
        if month in without:
            continue
        vat = 40000 * (growth if month > date(2025, 10, 1) else 1)
        bank.add("tax", customer_id=customer_id, month=month, vat=f"{vat:.2f}", income_tax="0.00", revenue="900000.00", grade=grade)
    body = {"kind": "business", "principal": "1000000.00", "started_on": "2026-03-01", "ends_on": "2027-03-01"} | loan
    bank.add("loans", loan_id=f"L-{customer_id}", customer_id=customer_id, **body)


@pytest.fixture(scope="module")
def taxpayers(tmp_path_factory: pytest.TempPathFactory) -> Made:
    bank = HandBank()
    _taxpayer(bank, "C1", "增长的工厂")
    _taxpayer(bank, "C2", "缺月的工厂", without=(date(2026, 3, 1), date(2026, 7, 1)))
    _taxpayer(bank, "C3", "丙级的工厂", grade="C")
    _taxpayer(bank, "C4", "平稳的工厂", growth=1.0)
    _taxpayer(bank, "C5", "逾期的工厂", status="overdue")
    _taxpayer(bank, "C6", "撤回的工厂")
    bank.add("consents", customer_id="C6", purpose="tax", granted=False, at="2026-11-01T10:00:00+08:00")
    _taxpayer(bank, "C7", "新来的工厂", without=_TWO_YEARS[:12])
    return bank.made(tmp_path_factory.mktemp("taxpayers"))


@pytest.mark.parametrize("asked", ["增长的工厂的经营贷额度能提多少", "按纳税看看增长的工厂额度能提到多少", "增长的工厂额度提升空间有多大"])
def test_growth_is_told_in_percent_and_left_to_people(taxpayers: Made, asked: str) -> None:
    said = taxpayers.said(asked)
    assert "可评估提升 20%–35%，需人工审批" in said
    assert "纳税同比 +35%（12 个月可比，到 2026-10），纳税信用 A 级" in said
    assert "万" not in said


def test_missing_months_are_named_and_not_counted_as_zero(taxpayers: Made) -> None:
    said = taxpayers.said("缺月的工厂按纳税看额度能提多少")
    assert "缺 2026-03、2026-07的纳税数据" in said
    assert "+35%（10 个月可比" in said


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("丙级的工厂", "不支持按纳税提额"),
        ("平稳的工厂", "看不出提额空间"),
        ("逾期的工厂", "先处理逾期"),
        ("撤回的工厂", "没有同意使用税务数据"),
        ("新来的工厂", "能对上的月份只有 0 个"),
    ],
)
def test_where_no_band_can_be_given_it_is_said_why(taxpayers: Made, name: str, wanted: str) -> None:
    assert wanted in taxpayers.said(f"{name}的经营贷额度能提多少")


def test_taxes_taken_back_are_in_no_result(taxpayers: Made) -> None:
    assert taxpayers.of("tax_growth", "C6") == taxpayers.of("tax_months", "C6") == []
    assert not {"tax_good", "tax_growing"} & {row["evidence"] for row in taxpayers.of("evidence", "C6")}
    assert {"tax_good", "tax_growing"} <= {row["evidence"] for row in taxpayers.of("evidence", "C1")}


def _row(**changes: Any) -> dict[str, Any]:
    row = {"last_month": date(2026, 10, 1), "growth": 0.35, "compared": 12, "grade": "A", "annual_revenue": None, "limit": Decimal(1000000)}
    return row | changes


def test_the_band_of_the_plan() -> None:
    view = tax_view(_row(), _TWO_YEARS, overdue=False)
    assert (view.verdict, view.low, view.high) == (Verdict.BAND, Decimal(1200000), Decimal(1350000))


def test_caps_hold() -> None:
    by_sales = tax_view(_row(annual_revenue=Decimal(3200000)), _TWO_YEARS, overdue=False)
    assert (by_sales.high, by_sales.capped_by) == (Decimal(1300000), "年销售收入")
    assert tax_view(_row(annual_revenue=Decimal(2000000)), _TWO_YEARS, overdue=False).verdict is Verdict.CAPPED
    assert tax_view(_row(growth=9.0), _TWO_YEARS, overdue=False).high == Decimal(1500000)
    assert tax_view(_row(grade=None), _TWO_YEARS, overdue=False).high == Decimal(1100000)


@given(st.floats(-1, 5), st.integers(100_000, 50_000_000), st.sampled_from(["A", "B", "M", "C", "D", None]))
def test_a_band_is_above_the_limit_below_the_caps_and_in_order(growth: float, limit: int, grade: str | None) -> None:
    view = tax_view(_row(growth=growth, limit=Decimal(limit), grade=grade), _TWO_YEARS, overdue=False)
    if view.verdict is Verdict.BAND:
        assert view.low is not None
        assert view.high is not None
        assert limit <= view.low <= view.high
        assert limit < view.high <= max(Decimal("1.5") * limit + 25_000, 0)
        assert view.high <= 10_000_000


@given(st.sets(st.sampled_from(_TWO_YEARS)))
def test_months_are_missing_or_known(known: set[date]) -> None:
    missing = missing_months(date(2026, 10, 1), known)
    year = {month for month in _TWO_YEARS if month > date(2025, 10, 1)}
    assert set(missing) == year - known


def test_amounts_are_told_after_the_code(tmp_path: Path) -> None:
    bank = HandBank(sandbox=True)
    _taxpayer(bank, "C1", "增长的工厂")
    bank.add("staff_secrets", staff_id="S1", totp_secret=_SECRET)
    made = bank.made(tmp_path)
    at = datetime.combine(made.day, time(20), tzinfo=BANK_ZONE)
    first, after, again = made.turns("增长的工厂的经营贷额度能提多少", pyotp.TOTP(_SECRET).at(at), "他的额度能提到多少", at=at)
    assert first.endswith("要看金额，请回 6 位动态口令。")
    assert "可评估提升至 120–135万，需人工审批。" in after
    assert "可评估提升至 120–135万，需人工审批。" in again
