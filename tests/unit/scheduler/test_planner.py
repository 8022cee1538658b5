"""What is due, for whom, when and why."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import process_time

import pytest

from scheduler.calendar import Calendar
from scheduler.planner import DayPlan, due, plan_day
from scheduler.standing import Standing
from scheduler.touches import TOUCHES_FILE, load_touches
from tests.unit.scheduler.people import SHANGHAI, customer

WINTER = date(2026, 12, 22)
ANNA, BEN = customer("C1", name="林晓岚"), customer("C2", name="高远")


def planned(on: date, *people: object, history: object = frozenset(), standing: Standing | None = None) -> DayPlan:
    return plan_day(
        on,
        people,  # type: ignore[arg-type]
        load_touches(),
        history=history,  # type: ignore[arg-type]
        calendar=Calendar(),
        standing=standing or Standing(),
    )


def with_window(folder: Path, window: str) -> Path:
    """The shipped touches with another window."""
    lines = [f"    window: {window}" if line.startswith("    window:") else line for line in TOUCHES_FILE.read_text("utf-8").splitlines()]
    path = folder / "touches.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_solar_term_is_planned_for_every_customer_on_its_day() -> None:
    plan = planned(WINTER, ANNA, BEN)

    first, second = plan.planned
    assert (first.customer_id, second.customer_id) == ("C1", "C2")
    assert first.occasion == "solar_term/冬至/2026/C1"
    assert (first.touch, first.card_id, first.purpose) == ("solar_term", "script-greeting-dongzhi", "touch")
    assert first.values == (("节气", "冬至"),)
    assert first.reason == "今天（2026-12-22）是冬至，按“节气问候”安排"
    assert plan.excluded == ()


@pytest.mark.parametrize(("on", "term"), [(date(2026, 2, 18), "雨水"), (date(2027, 8, 8), "立秋"), (date(2026, 6, 5), "芒种")], ids=str)
def test_the_term_of_the_day_is_the_one_in_beijing(on: date, term: str) -> None:
    assert [touch.occasion for touch in planned(on, ANNA).planned] == [f"solar_term/{term}/{on.year}/C1"]


@pytest.mark.parametrize("on", [date(2026, 2, 19), date(2027, 8, 7), date(2026, 12, 23), date(2024, 2, 29)], ids=str)
def test_a_day_without_a_term_plans_nothing_and_leaves_nobody_out(on: date) -> None:
    assert planned(on, ANNA, customer("C9", status="closed")) == DayPlan(on=on, planned=(), excluded=(), already=0)


def test_it_may_go_from_nine_until_midnight_of_its_day() -> None:
    (touch,) = planned(WINTER, ANNA).planned

    assert touch.not_before == datetime(2026, 12, 22, 9, tzinfo=SHANGHAI)
    assert touch.until == datetime(2026, 12, 23, 0, tzinfo=SHANGHAI)


def test_planning_twice_adds_nothing() -> None:
    first = planned(WINTER, ANNA, BEN)
    again = planned(WINTER, ANNA, BEN, history={touch.occasion for touch in first.planned})

    assert again == DayPlan(on=WINTER, planned=(), excluded=(), already=2)


def test_a_customer_who_joins_later_in_the_day_is_planned_alone() -> None:
    first = planned(WINTER, ANNA)
    again = planned(WINTER, ANNA, BEN, history={touch.occasion for touch in first.planned})

    assert [touch.customer_id for touch in again.planned] == ["C2"]


def test_the_same_term_of_another_year_is_another_occasion() -> None:
    this_year = planned(date(2026, 8, 7), ANNA)
    history = {touch.occasion for touch in this_year.planned}

    assert [touch.occasion for touch in planned(date(2027, 8, 8), ANNA, history=history).planned] == ["solar_term/立秋/2027/C1"]


def test_a_customer_listed_twice_is_planned_once() -> None:
    assert len(planned(WINTER, ANNA, ANNA).planned) == 1


@pytest.mark.parametrize(
    ("person", "standing", "reason"),
    [
        (customer("C1", status="closed"), Standing(), "客户已销户"),
        (customer("C1", status="deceased"), Standing(), "客户已去世"),
        (customer("C1", status="frozen"), Standing(), "客户状态是 frozen，不主动联系"),
        (ANNA, Standing(open_complaint={"C1"}), "有投诉还没办结，先把事办好再问候"),
        (ANNA, Standing(bereaved={"C1"}), "家中有丧事，这段时间不发问候"),
        (ANNA, Standing(refused={"care": {"C1"}}), "客户说过不要再发这类消息"),
        (ANNA, Standing(refused={"*": {"C1"}}), "客户说过不要再发这类消息"),
        (ANNA, Standing(refused={"*": {"C1"}}, open_complaint={"C1"}), "有投诉还没办结，先把事办好再问候"),
        (customer("C1", status="deceased"), Standing(bereaved={"C1"}), "客户已去世"),
        (customer("C1", kind="fund"), Standing(), "节气问候不发给fund"),
    ],
)
def test_who_is_left_out_is_listed_with_one_reason(person: object, standing: Standing, reason: str) -> None:
    plan = planned(WINTER, person, BEN, standing=standing)

    assert [touch.customer_id for touch in plan.planned] == ["C2"]
    assert [(out.customer_id, out.touch, out.reason) for out in plan.excluded] == [("C1", "solar_term", reason)]


@pytest.mark.parametrize(
    "standing",
    [Standing(refused={"marketing": {"C1"}}), Standing(open_complaint={"C2"}), Standing(bereaved={"C3"}), Standing()],
)
def test_what_concerns_another_purpose_or_customer_keeps_nobody_out(standing: Standing) -> None:
    assert [touch.customer_id for touch in planned(WINTER, ANNA, standing=standing).planned] == ["C1"]


def test_companies_are_greeted_too() -> None:
    assert len(planned(WINTER, customer("C5", kind="company", name="晴川商贸有限公司", birth_date=None)).planned) == 1


def test_below_a_thousand_everything_is_due_at_nine() -> None:
    plan = planned(WINTER, *(customer(f"C{number}") for number in range(999)))

    assert {touch.not_before.time() for touch in plan.planned} == {time(9)}


def test_a_large_fan_out_is_spread_evenly_and_the_same_each_time() -> None:
    people = [customer(f"C{number}") for number in range(20_000)]
    plan = planned(WINTER, *people)
    minutes = Counter(touch.not_before.replace(second=0) for touch in plan.planned)

    assert len(minutes) == 20
    assert max(minutes.values()) < 1_200
    assert min(minutes) == datetime(2026, 12, 22, 9, tzinfo=SHANGHAI)
    assert {t.occasion: t.not_before for t in planned(WINTER, *reversed(people)).planned} == {
        t.occasion: t.not_before for t in plan.planned
    }


def test_the_spread_ends_where_the_window_says_however_many_there_are(tmp_path: Path) -> None:
    path = with_window(tmp_path, '{opens: "09:00", spread_until: "09:30", days: 1, per_minute: 1}')
    people = [customer(f"C{number}") for number in range(2_000)]
    plan = plan_day(WINTER, people, load_touches(path), history=(), calendar=Calendar(), standing=Standing())

    assert max(touch.not_before for touch in plan.planned) < datetime(2026, 12, 22, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "earliest"),
    [
        (datetime(2026, 12, 22, 7, tzinfo=SHANGHAI), datetime(2026, 12, 22, 9, tzinfo=SHANGHAI)),
        (datetime(2026, 12, 22, 15, tzinfo=SHANGHAI), datetime(2026, 12, 22, 15, tzinfo=SHANGHAI)),
        (datetime(2026, 12, 22, 21, 30, tzinfo=SHANGHAI), datetime(2026, 12, 22, 21, 30, tzinfo=SHANGHAI)),
        (datetime(2027, 1, 5, 12, tzinfo=SHANGHAI), datetime(2026, 12, 22, 9, tzinfo=SHANGHAI)),
    ],
)
def test_planning_late_in_the_window_spreads_from_then_on(at: datetime, earliest: datetime) -> None:
    people = [customer(f"C{number}") for number in range(3_000)]
    plan = due(WINTER, people, load_touches(), history=(), calendar=Calendar(), standing=Standing(), at=at)

    spread = max(earliest, datetime(2026, 12, 22, 20, tzinfo=SHANGHAI)) if earliest.hour > 20 else earliest + timedelta(minutes=3)
    assert all(earliest <= touch.not_before <= spread for touch in plan)
    assert len(plan) == 3_000


def test_a_touch_worth_sending_for_days_ends_at_midnight_of_the_last(tmp_path: Path) -> None:
    path = with_window(tmp_path, '{opens: "10:30", spread_until: "20:00", days: 3, per_minute: 10}')
    (touch,) = due(WINTER, [ANNA], load_touches(path), history=(), calendar=Calendar(), standing=Standing())

    assert touch.not_before == datetime(2026, 12, 22, 10, 30, tzinfo=SHANGHAI)
    assert touch.until == datetime(2026, 12, 25, 0, tzinfo=SHANGHAI)


def test_fifty_thousand_customers_are_planned_within_a_second() -> None:
    people = [customer(f"C{number:06}", status="closed" if number % 50 == 0 else "active") for number in range(50_000)]
    standing = Standing(open_complaint={f"C{number:06}" for number in range(0, 50_000, 97)})
    planned(WINTER, ANNA)  # the calendar of the year is read once

    began = process_time()
    plan = planned(WINTER, *people, standing=standing)
    took = process_time() - began

    assert len(plan.planned) + len(plan.excluded) == 50_000
    assert took < 1
