"""What a customer likes to hold (B13): shares by money and days, recency, risk mix, days held, how deposits move."""

from datetime import timedelta
from math import exp, log, sqrt

import pytest

from crm.assessing.stages import STAGES
from tests.insight.kit import TODAY, HandBank, Made

NEEDED = tuple(stage for stage in STAGES if stage.name in {"purchases", "preferences", "deposit_swings"})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """张伟 holds bonds again and again and little else; 李梅 sold what she liked long ago; 王静 has deposits only, up and down."""
    bank = HandBank()
    bank.add("products", product_code="P-B", name="稳享固收90天", kind="wealth", category="wealth", risk="R2")
    bank.add("products", product_code="P-E", name="成长股票基金", kind="fund", category="fund", risk="R4")
    bank.add("products", product_code="P-T", name="整存整取一年", kind="deposit", category="term")
    for customer, name in (("ZW", "张伟"), ("LM", "李梅"), ("WJ", "王静"), ("NO", "赵无")):
        bank.person(customer, name)
    for begin, days in ((300, 90), (93, 96)):
        bank.add("holdings", customer_id="ZW", product_code="P-B", on=TODAY - timedelta(days=begin), amount="70000.00")
        if begin > days:
            bank.add("holdings", customer_id="ZW", product_code="P-B", on=TODAY - timedelta(days=begin - days), amount="0.00")
    bank.add("holdings", customer_id="ZW", product_code="P-E", on=TODAY - timedelta(days=93), amount="30000.00")
    # The same money for the same days: what is recent counts more.
    for product, begin in (("P-E", 350), ("P-B", 60)):
        bank.add("holdings", customer_id="LM", product_code=product, on=TODAY - timedelta(days=begin), amount="50000.00")
        bank.add("holdings", customer_id="LM", product_code=product, on=TODAY - timedelta(days=begin - 50), amount="0.00")
    bank.add("accounts", account_id="T1", customer_id="LM", product_code="P-T", opened_on="2025-01-10", closed_on="2026-01-10")
    bank.add("outcomes", customer_id="LM", on=TODAY - timedelta(days=20), kind="bought:insurance")
    for back in range(0, 180, 30):
        bank.add("balances", account_id="A-WJ", on=TODAY - timedelta(days=back), balance="100000.00" if back % 60 else "0.00")
    bank.add("balances", account_id="A-ZW", on=TODAY - timedelta(days=300), balance="20000.00")
    return bank.made(tmp_path_factory.mktemp("town"), stages=NEEDED)


def _decayed(oldest: int, newest: int) -> float:
    rate = log(2) / 180
    return (exp(-rate * newest) - exp(-rate * oldest)) / rate


def test_shares_are_money_times_days_with_decay(town: Made) -> None:
    shares = {row["category"]: row["share"] for row in town.of("preferences", "ZW")}
    bonds = 70_000 * (_decayed(301, 211) + _decayed(94, 0))
    stocks = 30_000 * _decayed(94, 0)
    assert shares == {
        "wealth": pytest.approx(bonds / (bonds + stocks), abs=1e-4),
        "fund": pytest.approx(stocks / (bonds + stocks), abs=1e-4),
    }
    recent = {row["category"]: row["share"] for row in town.of("preferences", "LM")}
    assert recent["wealth"] > recent["fund"] > 0


def test_preferences_are_said_in_shares_and_days(town: Made) -> None:
    share = next(row["share"] for row in town.of("preferences", "ZW") if row["category"] == "wealth")
    first, second, third = town.turns("张伟的理财偏好", "他理财偏好是什么", "他喜欢买什么产品")
    assert first == second == third
    assert f"近12个月 {share * 100:.0f}% 固收R2" in first
    assert "平均持有93天" in first
    assert f"风险分布 R2 {share * 100:.0f}%" in first
    assert "截至 2026-11-23" in first
    assert "万" not in first
    assert "元" not in first


def test_what_is_no_money_is_told_and_what_ended_is_counted(town: Made) -> None:
    said = town.said("看看李梅的投资偏好")
    assert "保险 1 次" in said
    assert "定期到期 1 笔，0 笔接着存或买了" in said


def test_deposits_swing(town: Made) -> None:
    (row,) = town.of("deposit_swings", "WJ")
    (steady,) = town.of("deposit_swings", "ZW")
    assert row["cv"] == pytest.approx(sqrt(61 / 90), abs=1e-4)  # 90 of 151 days with everything, 61 with nothing
    assert steady["cv"] == 0
    assert "大起大落" in town.said("王静的存款波动大不大")
    assert "存款平稳" in town.said("张伟存款稳不稳")


def test_nothing_held_is_no_preference_and_no_deposit_is_no_data(town: Made) -> None:
    said = town.said("赵无的理财偏好")
    assert "没有理财类持有" in said
    assert "存款波动：无数据" in said
