"""RFM scores: cut-points of a month, ties, few values, peers of a short time; and the same numbers by a second reckoning (B01-B04)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.features.definitions import feature_definitions
from crm.features.stages import FEATURE_STAGES
from crm.rfm.definitions import rfm_definitions
from crm.rfm.stages import RFM_STAGES
from crm.rfm.view import Cuts, RfmView, rfm_view
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made

pytestmark = pytest.mark.long(seconds=12)


STAGES = (*FEATURE_STAGES, *RFM_STAGES)

FIRST = DAY.replace(day=1)


def _scores(made: Made) -> dict[str, tuple[int, int, int]]:
    return {row["customer_id"]: (row["r"], row["f"], row["m"]) for row in made.rows("rfm")}


def _spent(bank: HandBank, customer: str, amounts: Iterable[int], *, until: date = FIRST) -> HandBank:
    """A person with a payment of each amount on days before `until`, one day after the other, the last one first."""
    bank.person(customer, customer)
    for days, amount in enumerate(amounts):
        bank.paid(customer, until - timedelta(days=days), f"-{amount}.00")
    return bank


def test_five_customers_get_the_five_scores(tmp_path: Path) -> None:
    bank = HandBank()
    for number in range(1, 6):
        _spent(bank, f"P{number}", [100] * number, until=FIRST - timedelta(days=10 * number))
    assert _scores(bank.made(tmp_path, day=FIRST, stages=STAGES)) == {
        "P1": (5, 1, 1),
        "P2": (4, 2, 2),
        "P3": (3, 3, 3),
        "P4": (2, 4, 4),
        "P5": (1, 5, 5),
    }


def test_equal_customers_share_a_score_whatever_the_order(tmp_path: Path) -> None:
    bank = HandBank()
    for number in (9, 3, 7, 1, 8, 2, 6, 4, 5, 0):
        _spent(bank, f"T{number}", [100, 100])
    for number in range(1, 5):
        _spent(bank, f"P{number}", [100 + number] * (2 + number), until=FIRST - timedelta(days=number))
    scores = _scores(bank.made(tmp_path, day=FIRST, stages=STAGES))
    assert len({scores[f"T{number}"] for number in range(10)}) == 1
    assert scores["T0"] == (5, 1, 1)
    assert scores["P4"][1:] == (5, 5)


@pytest.mark.parametrize(("kinds", "wanted"), [(1, [3]), (2, [5, 1]), (3, [5, 3, 1]), (4, [5, 4, 2, 1])])
def test_fewer_than_five_values_spread_over_the_scores_and_it_is_said(tmp_path: Path, kinds: int, wanted: list[int]) -> None:
    bank = HandBank()
    for number in range(8):
        _spent(bank, f"P{number}", [100], until=FIRST - timedelta(days=number % kinds))
    made = bank.made(tmp_path, day=FIRST, stages=STAGES)
    scores = _scores(made)
    assert [scores[f"P{number}"][0] for number in range(kinds)] == wanted
    (row,) = [row for row in made.rows("rfm_cuts") if (row["peers"], row["measure"]) == ("everybody", "r")]
    assert (row["levels"], row["customers"]) == (kinds, 8)


def test_cut_points_hold_for_a_month_and_scores_do_not_flip_with_others(tmp_path: Path) -> None:
    bank = HandBank()
    for number in range(1, 11):
        _spent(bank, f"P{number:02}", [100] * number)
    cuts = bank.made(tmp_path / "first", day=FIRST, stages=STAGES).rows("rfm_cuts")
    for number in range(2, 11):  # everybody but one spends a lot within the month
        bank.paid(f"P{number:02}", FIRST + timedelta(days=9), "-90000.00")
    made = bank.made(tmp_path / "later", stages=STAGES)
    assert made.rows("rfm_cuts") == cuts
    assert {row["version"] for row in cuts} == {"v2026.11-1"}
    assert {row["cut_on"] for row in cuts} == {FIRST}
    assert _scores(made)["P01"][2] == 1
    assert {_scores(made)[f"P{number:02}"][2] for number in range(2, 11)} == {5}


def test_persons_and_companies_are_cut_apart(tmp_path: Path) -> None:
    bank = HandBank()
    for number in range(1, 6):
        _spent(bank, f"P{number}", [number])
        bank.company(f"C{number}", f"公司{number}")
        bank.paid(f"C{number}", FIRST, f"-{number * 100_000}.00")
    scores = _scores(bank.made(tmp_path, stages=STAGES))
    assert [scores[f"P{number}"][2] for number in range(1, 6)] == [scores[f"C{number}"][2] for number in range(1, 6)] == [1, 2, 3, 4, 5]


def test_who_never_dealt_is_last_and_cuts_do_not_count_them(tmp_path: Path) -> None:
    bank = HandBank()
    for number in range(1, 6):
        _spent(bank, f"P{number}", [100] * number)
    for number in range(40):
        bank.person(f"N{number:02}", "从不交易")
    made = bank.made(tmp_path, stages=STAGES)
    assert _scores(made)["N00"] == (1, 1, 1)
    assert {row["customers"] for row in made.rows("rfm_cuts") if row["peers"] == "everybody"} == {5}


def test_newcomers_are_compared_with_newcomers_once_there_are_enough(tmp_path: Path) -> None:
    bank = HandBank()
    for number in range(50):
        _spent(bank, f"P{number:02}", [100] * (1 + number % 5 * 9))
        bank.paid(f"P{number:02}", date(2025, 6, 1))
    least = rfm_definitions().least_peers
    for number in range(least):  # newcomers deal all day: any of them would be at the top of everybody
        opened = FIRST - timedelta(days=40)
        bank.person(f"N{number:02}", "新客", opened_at=f"{opened}T10:00:00+08:00")
        for days in range(10 + number % 10):
            bank.paid(f"N{number:02}", FIRST - timedelta(days=days))
    made = bank.made(tmp_path, day=FIRST, stages=STAGES)
    (slowest,) = made.of("rfm", "N00")
    (quickest,) = made.of("rfm", "N09")
    assert (slowest["f_peers"], slowest["f"], quickest["f"]) == ("short", 1, 5)
    assert made.of("rfm", "P00")[0]["f_peers"] == "everybody"


def test_without_transactions_or_anybody_to_compare_with_there_is_no_score(tmp_path: Path) -> None:
    none = HandBank().person("P1", "甲").made(tmp_path / "none", stages=STAGES)
    assert _scores(none) == {"P1": (None, None, None)}
    new = HandBank().person("P1", "甲").paid("P1", DAY).made(tmp_path / "new", stages=STAGES)
    assert _scores(new) == {"P1": (None, None, None)}


def test_the_same_scores_by_a_second_reckoning(insight_bank: Made) -> None:
    entries = _facts(insight_bank, "transactions", "transaction_id customer_id on amount_cny initiator own_transfer reversal reverses")
    customers = {row["customer_id"]: row for row in _facts(insight_bank, "customers", "customer_id kind opened_on")}
    accounts = _facts(insight_bank, "accounts", "customer_id opened_on closed_on")
    began = min(row["on"] for row in entries)
    then, now = _dealt(entries, customers, FIRST, began), _dealt(entries, customers, DAY, began)
    here = {row["customer_id"] for row in accounts if row["opened_on"] <= FIRST and (row["closed_on"] is None or row["closed_on"] > FIRST)}
    groups: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for customer, (recency, frequency, amount, observed) in then.items():
        if frequency and customer in here and recency is not None:
            kind = customers[customer]["kind"]
            groups[kind, "everybody", "r"].append(Decimal(recency))
            groups[kind, "everybody", "f"].append(frequency)
            groups[kind, "everybody", "m"].append(amount)
            if observed < feature_definitions().short_observation_days:
                groups[kind, "short", "f"].append(frequency)
    checked = 0
    for row in insight_bank.rows("rfm"):
        recency, frequency, amount, observed = now[row["customer_id"]]
        short = (row["kind"], "short", "f")
        brief = observed < feature_definitions().short_observation_days and len(groups[short]) >= rfm_definitions().least_peers
        among = short if brief else (row["kind"], "everybody", "f")
        wanted = (
            6 - _place(groups[row["kind"], "everybody", "r"], Decimal(10**6) if recency is None else Decimal(recency)),
            _place(groups[among], frequency),
            _place(groups[row["kind"], "everybody", "m"], amount),
        )
        assert (row["r"], row["f"], row["m"]) == wanted, row
        checked += 1
    assert checked == len(customers) > 400


def _facts(made: Made, table: str, columns: str) -> list[dict[str, Any]]:
    names = columns.split()
    listed = ", ".join(f'"{name}"' for name in names)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {listed} FROM read_parquet('{made.data}/facts/snapshots/*/{table}.parquet')").fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def _dealt(
    entries: list[dict[str, Any]], customers: dict[str, dict[str, Any]], day: date, began: date
) -> dict[str, tuple[int | None, Decimal, Decimal, int]]:
    """Days since the last own transaction, active days a 30 days, amount and observed days of every customer."""
    start = day.replace(year=day.year - 1)
    known = [row for row in entries if row["on"] <= day]
    back = {row["reverses"] for row in known if row["reversal"]}
    own = [
        row
        for row in known
        if row["initiator"] == "customer" and not row["own_transfer"] and not row["reversal"] and row["transaction_id"] not in back
    ]
    days: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in own:
        days[row["customer_id"]][row["on"]] += row["amount_cny"]
    result = {}
    for customer, about in customers.items():
        if about["opened_on"] > day:
            continue
        dealt = days.get(customer, {})
        window = [amount for on, amount in dealt.items() if on > start]
        first = min([about["opened_on"], *dealt])
        observed = (day - max(first, start + timedelta(days=1), began)).days + 1
        frequency = round(Decimal(len(window) * 30) / observed, 6)
        recency = (day - max(dealt)).days if dealt else None
        result[customer] = recency, frequency, sum((abs(amount) for amount in window), Decimal(0)), observed
    return result


def _place(values: list[Decimal], value: Decimal) -> int:
    """From 1 for the smallest to 5, by the nearest-rank percentiles 20, 40, 60 and 80. For at least five values."""
    ordered = sorted(values)
    assert len(set(ordered)) >= 5
    return 1 + sum(value > ordered[ceil(len(ordered) * percent / 100) - 1] for percent in (20, 40, 60, 80))


def test_the_explanation_gives_the_number_that_was_published(insight_bank: Made) -> None:
    cuts = insight_bank.rows("rfm_cuts")
    features = {row["customer_id"]: row for row in insight_bank.rows("features")}
    for row in insight_bank.rows("rfm"):
        view = rfm_view(row, features[row["customer_id"]], cuts, as_of=DAY, with_amount=False)
        assert isinstance(view, RfmView)
        for measure in (view.recency, view.frequency, view.monetary):
            assert measure.cuts.score(measure.value) == measure.score


@given(st.lists(st.integers(0, 60), min_size=5, max_size=60).filter(lambda values: len(set(values)) >= 5))
def test_better_than_is_true_of_those_who_made_the_cuts(values: list[int]) -> None:
    ordered = sorted(values)
    points = tuple(Decimal(ordered[ceil(len(ordered) * percent / 100) - 1]) for percent in (20, 40, 60, 80))
    cuts = Cuts(points=points, customers=len(values), levels=len(set(values)), low_is_good=False)
    for value in values:
        behind = cuts.better_than(cuts.score(Decimal(value)))
        assert behind is None or sum(other < value for other in values) * 100 >= behind * len(values)
