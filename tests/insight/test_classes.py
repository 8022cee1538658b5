"""Lifecycle and classes: the table against the pure rules, acceptance examples of B07, B10 and B11, and the weight of each family."""

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.days import add_months, at_hour
from crm.lifecycle.machine import by_tenure
from crm.segmentation.reasons import class_view, tier_of
from tests.insight.kit import TODAY, HandBank, Made

_FALLS = (0, 1, 2, 3, 5, 6)
_MONTHS = [add_months(TODAY.replace(day=1), -back) for back in range(12, -1, -1)]


def _held(bank: HandBank, customer_id: str, amounts: dict[date, int]) -> None:
    for on, amount in amounts.items():
        bank.add("balances", account_id=f"A-{customer_id}", on=on, balance=f"{amount}.00")


def _bound(bank: HandBank, customer_id: str, *, until: int = 1) -> None:
    """Three categories, wages, and fifteen active days in thirty up to so many days ago: somebody whose main bank we are."""
    if "products" not in bank.feeds:
        bank.add("products", product_code="P-F", name="基金", kind="fund", category="fund", risk="R3")
    bank.add("accounts", account_id=f"K-{customer_id}", customer_id=customer_id, kind="card")
    bank.add("holdings", customer_id=customer_id, product_code="P-F", on=TODAY - timedelta(days=400), amount="1000.00")
    for back in range(until, 360, 2):
        bank.paid(customer_id, TODAY - timedelta(days=back))
    bank.paid(customer_id, TODAY - timedelta(days=20), "9000.00", initiator="bank", kind="payroll")


def test_stages_of_a_whole_bank_are_those_of_the_machine(insight_bank: Made) -> None:
    end = at_hour(insight_bank.day + timedelta(days=1), 0) - timedelta(microseconds=1)
    opening = _opened(insight_bank)
    checked = 0
    for row in insight_bank.rows("lifecycle"):
        opened = opening[row["customer_id"]]
        if row["begun_on"] != opened[1]:
            continue  # opened again later: by the day, not by the hour
        assert by_tenure(opened[0], end).stage == row["tenure_stage"], row
        checked += 1
    assert checked > 300


def _opened(made: Made) -> dict[str, tuple[datetime, date]]:
    import duckdb

    from crm.importing.parts import rows_of
    from crm.importing.snapshots import FactsFolder

    facts = FactsFolder(made.data / "facts")
    current = facts.current()
    assert current is not None
    customers = rows_of(facts.snapshot(current.snapshot), "customers")
    with duckdb.connect() as raw:
        rows = raw.execute(f"SELECT customer_id, epoch_us(opened_at), opened_on FROM {customers}").fetchall()
    return {customer: (datetime.fromtimestamp(at / 1e6, UTC), on) for customer, at, on in rows}


def test_each_customer_has_one_tier_and_the_pure_rule_says_the_same(insight_bank: Made) -> None:
    rows = insight_bank.rows("classes")
    assert len({row["customer_id"] for row in rows}) == len(rows) > 300
    assert {row["tier"] for row in rows} == {"strategic", "growth", "basic", "idle"}
    for row in rows:
        assert tier_of(row) == row["tier"]
        assert row["flag"] == (row["warned"] or row["dormant"] or row["descending"])


@pytest.mark.parametrize("family", ["value", "behaviour", "lifecycle"])
def test_each_family_decides_for_somebody(insight_bank: Made, family: str) -> None:
    views = [class_view(row, need_title="某种需要") for row in insight_bank.rows("classes")]
    assert any(view.reason(family).decides for view in views)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One bank for every acceptance example: who fell so many whole months ago, who just came with money, who grew quiet."""
    bank = HandBank()
    for number in range(60):  # others, so that those of the stories are not the top percent, and have peers who go on as ever
        bank.person(f"O{number}", f"客户{number}")
        _held(bank, f"O{number}", {_MONTHS[0]: 3_000_000 + 100_000 * number})
        if number < 20:
            for back in range(120):
                bank.paid(f"O{number}", TODAY - timedelta(days=back))
    for below in _FALLS:
        bank.person(f"F{below}", f"降{below}")
        _bound(bank, f"F{below}")
        fell_on = add_months(TODAY.replace(day=1), -below)
        _held(bank, f"F{below}", {_MONTHS[0]: 7_000_000, fell_on: 2_000_000})
    bank.person("NEW", "王强", opened_at="2026-09-20T10:00:00+08:00", account=False)
    bank.add("accounts", account_id="A-NEW", customer_id="NEW", opened_on="2026-09-20")
    _held(bank, "NEW", {date(2026, 9, 20): 10_000_000})
    bank.person("QUIET", "王静")
    _bound(bank, "QUIET", until=45)
    _held(bank, "QUIET", {_MONTHS[0]: 9_000_000})
    return bank.made(tmp_path_factory.mktemp("story"))


def test_a_large_new_deposit_alone_is_not_strategic(story: Made) -> None:
    (row,) = story.of("classes", "NEW")
    view = class_view(row, need_title="")
    assert (row["tier"], row["high"]) == ("growth", True)
    assert "粘性" in view.reason("behaviour").text
    assert "不足" in view.reason("behaviour").text
    assert view.reason("value").decides


@pytest.mark.parametrize("below", _FALLS)
def test_down_only_slowly(story: Made, below: int) -> None:
    (row,) = story.of("classes", f"F{below}")
    assert not row["high_now"]
    assert row["months_below"] == below
    assert (row["tier"] == "strategic") == (below < 6)
    assert row["descending"] == (3 <= below < 6)


def test_the_tier_stays_beside_the_flag_when_the_best_grow_quiet(story: Made) -> None:
    (row,) = story.of("classes", "QUIET")
    view = class_view(row, need_title="")
    assert view.label == "关注级（原战略级）"
    assert view.reason("lifecycle").decides
    assert "预警" in view.reason("lifecycle").text
