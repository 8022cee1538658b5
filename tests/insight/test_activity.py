"""The drop of activity by §2.3: what is a warning, what is none, and how it is said."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from crm.activity.certainty import certainty_below
from crm.activity.evaluating import _opened_by
from crm.activity.judged import Verdict, activity_of
from crm.activity.stages import ACTIVITY_STAGES
from crm.causes.ranking import CAUSE_STAGES
from tests.insight.kit import TODAY, HandBank, Made

_STAGES = (*ACTIVITY_STAGES, *CAUSE_STAGES)
_CURRENT = (TODAY - timedelta(days=27), 28)
_BASELINE = (TODAY - timedelta(days=111), 84)


def _spread(first: date, days: int, number: int) -> Iterator[date]:
    """`number` days evenly over `days`, from the first on."""
    return (first + timedelta(days=index * days // number) for index in range(number))


def _acts(bank: HandBank, customer_id: str, *, before: int, lately: int, bank_rows: bool = False) -> None:
    """Two years of the same rate as the baseline of twelve weeks, then the four weeks up to the day."""
    for back in (2, 1, 0):
        first = _BASELINE[0] - timedelta(days=84 * back)
        for on in _spread(first, 84, before):
            bank.paid(customer_id, on)
    for on in _spread(*_CURRENT, lately):
        bank.paid(customer_id, on)
    if bank_rows:
        for on in _spread(*_CURRENT, 28):
            bank.paid(customer_id, on, "-3.00", initiator="bank", kind="fee", channel="batch")


def _steady_peers(bank: HandBank, number: int, *, before: int = 60, lately: int = 20) -> None:
    for index in range(number):
        customer_id = f"P{index:03d}"
        bank.person(customer_id, f"旁人{index:03d}")
        _acts(bank, customer_id, before=before, lately=lately)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The customers of C14 among steady peers."""
    bank = HandBank()
    for customer_id, name, before, lately in (
        ("C1", "周明", 120, 24),
        ("C2", "吴芳", 24, 4),
        ("C3", "郑浩", 120, 40),
        ("C4", "王一", 120, 28),
    ):
        bank.person(customer_id, name)
        _acts(bank, customer_id, before=before, lately=lately, bank_rows=customer_id == "C1")
    bank.person("C5", "冯新", opened_at=f"{TODAY - timedelta(days=40)}T10:00:00+08:00")
    bank.person("C6", "孙慢").person("C7", "钱慢")
    for month in range(12):
        bank.paid("C6", TODAY - timedelta(days=60 + 14 * month))
        bank.paid("C7", TODAY - timedelta(days=20 + 30 * month))
    bank.person("C8", "韩走", account=False).person("C9", "尤故", status="deceased")
    bank.add("accounts", account_id="A-C8", customer_id="C8", closed_on=TODAY - timedelta(days=3))
    _acts(bank, "C8", before=120, lately=5)
    for case in _ENDS_OF_MONEY:
        _assets_fall(bank, case)
    _steady_peers(bank, 24)
    return bank.made(tmp_path_factory.mktemp("activity"), stages=_STAGES)


#: Assets that fall by two thirds, and what became of the money.
_ENDS_OF_MONEY = {
    "nothing": True,
    "maturity": False,
    "house": False,
    "mortgage": False,
    "spent": False,
    "another_bank": True,
    "swings": False,
}


def _assets_fall(bank: HandBank, case: str) -> None:
    customer, matured = f"M-{case}", TODAY - timedelta(days=45)
    bank.person(customer, f"何{case}")
    bank.add(
        "accounts", account_id=f"T-{case}", customer_id=customer, opened_on="2025-01-01", matures_on=matured if case == "maturity" else None
    )
    for month in range(12):
        low = case == "swings" and month % 5 == 4
        bank.add("balances", account_id=f"A-{customer}", on=TODAY - timedelta(days=30 * month + 29), balance=100000)
        bank.add("balances", account_id=f"T-{case}", on=TODAY - timedelta(days=30 * month + 29), balance=0 if low or not month else 200000)
    match case:
        case "maturity":
            bank.add("balances", account_id=f"T-{case}", on=matured, balance=0)
        case "house":
            bank.paid(customer, matured, "-200000.00", counterparty="溪口置业有限公司", kind="transfer")
        case "mortgage":
            started = TODAY - timedelta(days=20)
            bank.add("loans", loan_id="L1", customer_id=customer, kind="mortgage", principal=1, started_on=started, ends_on="2050-01-01")
        case "spent":
            bank.paid(customer, matured, "-200000.00", counterparty="溪口家装")
        case "another_bank":
            bank.paid(customer, matured, "-200000.00", kind="transfer", counterparty_bank="远山银行", counterparty_account="Z1")


def test_a_real_drop_is_a_warning_with_its_certainty(made: Made) -> None:
    (row,) = made.of("activity", "C1")
    assert (row["a0"], row["a1"], row["ratio"], row["peer_ratio"]) == (120.0, 24.0, 0.6, 1.0)
    assert round(row["certainty"], 3) == 0.992
    assert (row["fires"], row["route"]) == (True, "activity")
    said = made.said("周明活跃度怎么样")
    assert "下降40%" in said
    assert "真下降把握99%" in said
    assert "预警" in said
    assert "截至 2026-11-23" in said


def test_few_actions_are_no_warning_and_the_certainty_is_told(made: Made) -> None:
    (row,) = made.of("activity", "C2")
    assert round(row["certainty"], 3) == 0.911
    assert not row["fires"]
    assert not made.of("warnings", "C2")[0]["warning"]
    assert "把握91%，样本不足，不报警" in made.said("吴芳这阵子活跃吗")


def test_a_smaller_drop_that_is_sure_enough_fires_at_the_published_figure(made: Made) -> None:
    (row,) = made.of("activity", "C4")
    assert round(row["certainty"], 3) == 0.959
    assert row["fires"]


def test_who_acts_as_ever_is_steady_and_who_just_came_is_not_judged(made: Made) -> None:
    assert activity_of(made.of("activity", "C3")[0]).verdict is Verdict.STEADY
    assert activity_of(made.of("activity", "C5")[0]).verdict is Verdict.SHORT
    assert made.of("activity", "C5")[0]["ratio"] is None
    assert "观察期短" in made.said("冯新的活跃度呢")


def test_the_list_names_exactly_who_is_warned(made: Made) -> None:
    said = made.said("最近谁快流失了")
    assert "周明" in said
    assert "王一" in said
    assert not any(name in said for name in ("吴芳", "郑浩", "冯新", "旁人"))
    assert said == made.said("流失预警名单")


def test_a_holiday_that_all_share_is_no_warning(tmp_path: Path) -> None:
    bank = HandBank().person("C1", "周明")
    _acts(bank, "C1", before=120, lately=24)
    _steady_peers(bank, 24, before=60, lately=14)
    made = bank.made(tmp_path, stages=_STAGES)
    (row,) = made.of("activity", "C1")
    assert (row["ratio"], row["peer_ratio"]) == (0.6, 0.7)
    assert activity_of(row).verdict is Verdict.WITH_PEERS
    assert made.rows("warnings") != []
    assert not any(row["warning"] for row in made.rows("warnings"))
    said = made.said("周明活跃度怎么样")
    assert "同类客户−30%" in said
    assert "不报警" in said


def test_a_drop_must_be_found_at_two_evaluations_a_week_apart(tmp_path: Path) -> None:
    bank = HandBank().person("C1", "周明")
    for on in _spread(_BASELINE[0] - timedelta(days=84), 84 * 2 + 21, 405):  # 15 a week until a week ago
        bank.paid("C1", on)
    _steady_peers(bank, 6)
    for on in (TODAY - timedelta(days=day) for day in range(7)):
        for customer in range(6):
            bank.paid(f"P{customer:03d}", on)
    made = bank.made(tmp_path, stages=_STAGES)
    (row,) = made.of("activity", "C1")
    evaluations = {row["evaluated_on"]: row for row in made.of("activity_evaluations", "C1")}
    assert evaluations[TODAY]["fires"]
    assert not evaluations[TODAY - timedelta(days=7)]["fires"]
    assert not row["fires"]
    assert activity_of(row).verdict is Verdict.NOT_YET


def test_logins_and_contacts_count_less_and_a_login_once_a_day(tmp_path: Path) -> None:
    """F03: twenty times in four weeks became nine; the peers fell by four per cent."""
    bank = HandBank().person("C1", "李静").person("C2", "赵稳")
    number = 0

    def logs_in(customer_id: str, days: Sequence[date], *, times: int = 1) -> None:
        nonlocal number
        for on in days:
            for _ in range(times):
                number += 1
                bank.add("app_events", event_id=f"V{number}", customer_id=customer_id, at=f"{on}T20:15:03+08:00", kind="login")

    logs_in("C1", [*_spread(*_BASELINE, 60)], times=3)
    logs_in("C1", [*_spread(*_CURRENT, 9)], times=3)
    logs_in("C2", [on for week in range(52) for on in (TODAY - timedelta(days=7 * week), TODAY - timedelta(days=7 * week + 3))])
    bank.add("contacts", contact_id="K1", customer_id="C2", at=f"{TODAY}T09:00:00+08:00", channel="phone", direction="out", purpose="care")
    bank.add(
        "contacts",
        contact_id="K2",
        customer_id="C2",
        at=f"{TODAY}T10:00:00+08:00",
        channel="phone",
        direction="out",
        purpose="care",
        outcome="answered",
    )
    _steady_peers(bank, 24, before=75, lately=24)
    made = bank.made(tmp_path, stages=_STAGES)
    row = made.of("activity", "C1")[0]
    assert (row["a0"], row["a1"]) == (18.0, 2.7)
    assert "较本人基线−55%，同类客户−4%" in made.said("李静活跃度怎么样")
    steady = made.of("activity", "C2")[0]
    assert steady["a1"] == 2.9  # eight logins and the one contact in which he took part
    assert not made.of("warnings", "C2")[0]["warning"]
    assert "预警（" not in made.said("赵稳的行为健康度")


def test_nothing_of_the_bank_and_nothing_of_ones_own_accounts_counts(tmp_path: Path) -> None:
    bank = HandBank().person("C1", "周明")
    bank.add("accounts", account_id="A-2", customer_id="C1")
    _acts(bank, "C1", before=60, lately=20)
    before = (
        HandBank(feeds={name: [*rows] for name, rows in bank.feeds.items()}).made(tmp_path / "before", stages=_STAGES).of("activity", "C1")
    )
    for on in _spread(*_CURRENT, 28):
        bank.paid("C1", on, "1.00", initiator="bank", kind="interest")
        bank.paid("C1", on, "-500.00", kind="transfer", counterparty_account="A-2")
        bank.paid("C1", on, "100.00", reversal=True)
    assert bank.made(tmp_path / "after", stages=_STAGES).of("activity", "C1") == before


def test_who_acts_seldom_is_judged_by_the_own_gaps(made: Made) -> None:
    warned, calm = made.of("warnings", "C6")[0], made.of("warnings", "C7")[0]
    assert (warned["route"], warned["silent_days"], warned["long_gap"]) == ("gap", 60, 14.0)
    assert not calm["warning"]
    assert "60天没有动静" in made.said("流失预警名单")


@pytest.mark.parametrize(("case", "warns"), _ENDS_OF_MONEY.items())
def test_assets_that_left_are_a_warning_unless_the_end_of_the_money_is_known(made: Made, case: str, warns: bool) -> None:
    (row,) = made.of("warnings", f"M-{case}")
    assert row["lost"] >= 0.6
    assert row["warning"] is warns
    assert (row["route"] == "aum") is warns


def test_the_fall_of_assets_is_told_without_sums(made: Made) -> None:
    said = made.said("何nothing最近活跃吗")
    assert "资产" in said
    assert "万" not in said  # only after a second factor


def test_accounts_closed_and_customers_gone_are_not_warned_of(made: Made) -> None:
    assert made.of("activity", "C8") == made.of("activity", "C9") == []
    assert "销户或停用" in made.said("韩走活跃度怎么样")


def test_without_the_feeds_nothing_is_claimed(tmp_path: Path) -> None:
    made = HandBank().person("C1", "周明").made(tmp_path, stages=_STAGES)
    assert activity_of(made.of("activity", "C1")[0]).ratio is None
    assert not made.of("warnings", "C1")[0]["warning"]
    assert "没有流失预警" in made.said("谁快流失了")


@given(
    recent=st.floats(0, 5000, allow_nan=False),
    before=st.floats(0, 20000, allow_nan=False),
    days=st.integers(28, 84),
    ratio=st.sampled_from([0.7, 1.0]),
)
def test_the_certainty_is_that_of_the_beta_distribution(recent: float, before: float, days: int, ratio: float) -> None:
    (found,) = certainty_below(ratio, recent=[recent], before=[before], exposures=[28 / days])
    assert found == pytest.approx(beta.cdf(ratio * 28 / (ratio * 28 + days), recent + 0.5, before + 0.5), abs=1e-6)


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.integers(0, 70), st.sampled_from([3, 12]))
def test_a_stage_of_tenure_begins_after_calendar_months(opened: date, ahead: int, months: int) -> None:
    from calendar import monthrange

    year, month = divmod(opened.year * 12 + opened.month - 1 + months, 12)
    begins = date(year, month + 1, min(opened.day, monthrange(year, month + 1)[1]))
    on = begins + timedelta(days=ahead - 35)
    assert (opened <= _opened_by(on, months)) == (on >= begins)


def test_every_verdict_agrees_with_the_stage_on_the_generated_bank(insight_bank: Made) -> None:
    judged = [activity_of(row) for row in insight_bank.rows("activity")]
    assert len(judged) > 300
    assert {one.fires for one in judged} == {True, False}
    for one in judged:
        assert (one.verdict is Verdict.WARNED) == one.fires
