"""Lunar birthdays, in leap months, in short months and over the turn of the year."""

from datetime import date

import pytest

from domain.errors import BadInput
from scheduler.calendar import lunar_birthday_on


@pytest.mark.parametrize(("year", "expected"), [(2026, date(2026, 2, 17)), (2027, date(2027, 2, 6)), (2028, date(2028, 1, 26))], ids=str)
def test_the_first_of_the_first_month_is_the_spring_festival(year: int, expected: date) -> None:
    assert lunar_birthday_on(year, 1, 1) == expected


def test_mid_autumn_and_dragon_boat_are_where_almanacs_have_them() -> None:
    assert lunar_birthday_on(2026, 8, 15) == date(2026, 9, 25)
    assert lunar_birthday_on(2026, 5, 5) == date(2026, 6, 19)


def test_who_was_born_in_a_leap_month_celebrates_in_it_when_the_year_has_it() -> None:
    assert lunar_birthday_on(2025, 6, 1) == date(2025, 6, 25)
    assert lunar_birthday_on(2025, 6, 1, leap=True) == date(2025, 7, 25)  # 2025 has 闰六月


def test_who_was_born_in_a_leap_month_celebrates_in_the_ordinary_month_otherwise() -> None:
    assert lunar_birthday_on(2026, 6, 1, leap=True) == lunar_birthday_on(2026, 6, 1) == date(2026, 7, 14)


def test_a_leap_month_of_another_number_does_not_count() -> None:
    assert lunar_birthday_on(2025, 4, 8, leap=True) == lunar_birthday_on(2025, 4, 8)


def test_the_thirtieth_falls_on_the_last_day_of_a_short_month() -> None:
    assert lunar_birthday_on(2025, 6, 30) == date(2025, 7, 24)  # a month of 30 days
    assert lunar_birthday_on(2025, 6, 30, leap=True) == date(2025, 8, 22)  # its leap month has 29
    assert lunar_birthday_on(2025, 12, 30) == date(2026, 2, 16)  # 除夕 is 腊月廿九 that year


def test_the_twelfth_month_belongs_to_the_next_calendar_year() -> None:
    assert lunar_birthday_on(2026, 12, 8) == date(2027, 1, 15)


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (1, 0), (1, 31), (-6, 1)])
def test_a_day_that_no_lunar_year_has_is_refused(month: int, day: int) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        lunar_birthday_on(2026, month, day)
