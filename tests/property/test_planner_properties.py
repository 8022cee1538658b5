"""What holds for every plan, whoever the customers are and whatever was sent before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.book import Customer
from scheduler.calendar import Calendar, lunar_birthday_on, solar_term_on, solar_terms
from scheduler.planner import DayPlan, plan_day
from scheduler.standing import Standing
from scheduler.touches import load_touches

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOUCHES = load_touches()
IDS = tuple(f"C{number}" for number in range(12))


def people() -> st.SearchStrategy[list[Customer]]:
    one = st.builds(
        Customer,
        id=st.sampled_from(IDS),
        kind=st.sampled_from(["person", "company"]),
        name=st.text(max_size=6),
        rm_id=st.none(),
        branch_id=st.just("B1"),
        opened_at=st.just(datetime(2020, 1, 1, tzinfo=SHANGHAI)),
        status=st.sampled_from(["active", "active", "active", "closed", "deceased", "merged"]),
    )
    return st.lists(one, max_size=15, unique_by=lambda customer: customer.id)


def some_ids() -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(IDS), max_size=4)


standings = st.builds(
    Standing,
    open_complaint=some_ids(),
    bereaved=some_ids(),
    refused=st.dictionaries(st.sampled_from(["care", "marketing", "*"]), some_ids()),
)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
term_days = st.builds(lambda year, place: list(solar_terms(year).values())[place], st.integers(2020, 2035), st.integers(0, 23))
plan_days = st.one_of(term_days, days)


def plan(on: date, customers: Sequence[Customer], standing: Standing, history: set[str] | None = None) -> DayPlan:
    return plan_day(on, customers, TOUCHES, history=history or set(), calendar=Calendar(), standing=standing)


@given(plan_days, people(), standings)
def test_nobody_who_is_closed_refused_grieving_or_complaining_is_planned(on: date, customers: list[Customer], standing: Standing) -> None:
    planned = {touch.customer_id for touch in plan(on, customers, standing).planned}

    assert not planned & {customer.id for customer in customers if customer.status != "active"}
    assert not planned & {*standing.open_complaint, *standing.bereaved}
    assert not planned & {*standing.refused.get("care", ()), *standing.refused.get("*", ())}


@given(plan_days, people(), standings)
def test_everybody_is_either_planned_once_or_left_out_once_with_a_reason(on: date, customers: list[Customer], standing: Standing) -> None:
    made = plan(on, customers, standing)
    told = [touch.customer_id for touch in made.planned] + [out.customer_id for out in made.excluded]

    assert sorted(told) == (sorted(customer.id for customer in customers) if solar_term_on(on) else [])
    assert all(touch.reason for touch in made.planned)
    assert all(out.reason for out in made.excluded)
    assert len({touch.occasion for touch in made.planned}) == len(made.planned)


@given(plan_days, people(), standings, st.data())
def test_what_is_in_the_history_is_never_planned_again_and_the_rest_still_is(
    on: date, customers: list[Customer], standing: Standing, data: st.DataObject
) -> None:
    occasions = [touch.occasion for touch in plan(on, customers, standing).planned]
    history = data.draw(st.sets(st.sampled_from(occasions)) if occasions else st.just(set()))

    again = plan(on, customers, standing, history)

    assert {touch.occasion for touch in again.planned} == set(occasions) - history
    assert plan(on, customers, standing, set(occasions)).planned == ()


@given(plan_days, people(), standings, st.data())
def test_a_plan_does_not_depend_on_the_order_of_customers(
    on: date, customers: list[Customer], standing: Standing, data: st.DataObject
) -> None:
    turned = data.draw(st.permutations(customers))

    assert set(plan(on, customers, standing).planned) == set(plan(on, turned, standing).planned)


@given(plan_days, people(), standings)
def test_every_touch_can_be_sent_within_its_day_outside_the_quiet_hours(on: date, customers: list[Customer], standing: Standing) -> None:
    for touch in plan(on, customers, standing).planned:
        assert touch.not_before.date() == on
        assert 9 <= touch.not_before.hour < 21
        assert touch.not_before < touch.until == datetime.combine(on, datetime.min.time(), SHANGHAI) + timedelta(days=1)


@given(st.integers(1950, 2050), st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_every_lunar_birthday_falls_once_into_its_lunar_year(year: int, month: int, day: int, leap: bool) -> None:
    on = lunar_birthday_on(year, month, day, leap)

    assert lunar_birthday_on(year, 1, 1) <= on < lunar_birthday_on(year + 1, 1, 1)
    assert lunar_birthday_on(year, month, day) <= on <= lunar_birthday_on(year, month, day) + timedelta(days=31)


@given(st.integers(1950, 2050), st.integers(0, 23))
def test_every_solar_term_is_found_on_its_day_and_only_there(year: int, place: int) -> None:
    term, on = list(solar_terms(year).items())[place]

    assert [solar_term_on(on + timedelta(days=shift)) for shift in (-1, 0, 1)] == [None, term, None]
