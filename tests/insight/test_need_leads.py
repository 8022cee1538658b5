"""How far ahead needs were seen (F13): by hand, on runs of a bank, and never in hindsight."""

from datetime import date, timedelta
from pathlib import Path

from crm.assessing.run import assess
from crm.needs.lead_time import leads
from tests.insight.kit import NEEDS, TODAY, HandBank

_RUN = date(2026, 3, 1)


def _run(days: int) -> date:
    return _RUN + timedelta(days=days)


def test_lead_time_and_precision_by_hand() -> None:
    runs = {
        _run(0): {"C1": ["fund_plan", "credit_card"], "C2": ["gold"]},
        _run(30): {"C1": ["fund_plan"], "C3": ["term_deposit"]},
        _run(150): {},
    }
    bought = [
        ("C1", "fund", _run(45)),  # foreseen by both runs
        ("C2", "metal", _run(120)),  # foreseen, but later than the horizon of precision
        ("C3", "term", _run(30)),  # on the day itself: not foreseen
        ("C9", "fund", _run(60)),  # nobody had said so
    ]
    found = leads(runs, bought)
    assert found is not None
    assert (found.foreseen, found.median_days, found.longest_days) == (2, 82.5, 120)
    assert (found.due, found.bought) == (5, 2)
    assert found.interval is not None
    assert found.interval[0] < 0.4 < found.interval[1]


def test_hindsight_counts_nothing() -> None:
    found = leads({_run(100): {"C1": ["fund_plan"]}}, [("C1", "fund", _run(99)), ("C1", "fund", _run(100))])
    assert found is not None
    assert (found.foreseen, found.due, found.precision) == (0, 0, None)
    assert leads({}, []) is None


def test_a_manager_is_told_from_runs_of_earlier_days(tmp_path: Path) -> None:
    bank = HandBank().add("staff", staff_id="S9", name="唐宁", role="manager").person("C1", "想定投", birth_date="1990-01-01")
    bank.add("products", product_code="P-1", name="指数基金", kind="fund", category="fund", risk="R3")
    began = TODAY - timedelta(days=120)
    for number, days in enumerate((0, 2, 5, 9, 12, 15), 1):
        at = f"{began - timedelta(days=days)}T09:00:00+08:00"
        bank.add("app_events", event_id=f"V{number}", customer_id="C1", at=at, kind="search", page="基金")
    bank.add("outcomes", customer_id="C1", kind="bought:fund", on=began + timedelta(days=60))
    made = bank.made(tmp_path, day=began, stages=NEEDS)
    assert "还没有满 90 天的预测" in made.said("需求预测提前了多少天", by="manager:S9")
    assess(made.data, stages=NEEDS)
    said = made.said("需求预测提前了多少天", by="manager:S9")
    made.day = TODAY
    said = made.said("我们的需求预测比购买提前几天", by="manager:S9")
    assert "中位 60 天（1 例" in said
    assert "前三命中率：100%（1/1" in said
    assert "2 次评估" in said
    assert "提前天数" not in made.said("需求预测提前了多少天", by="rm:S1")
