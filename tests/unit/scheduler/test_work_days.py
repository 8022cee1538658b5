"""Which days are worked, and whether that is known."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.errors import BadInput
from scheduler.calendar import Calendar, WorkDay, statutory_holiday_on
from scheduler.holidays import load_calendar

MAKE_UP_2026 = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")


def written(folder: Path, text: str) -> Path:
    path = folder / "holidays.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("day", MAKE_UP_2026)
def test_a_make_up_weekend_is_worked(day: str) -> None:
    on = date.fromisoformat(day)

    assert load_calendar().work_day(on) == WorkDay(on=on, working=True, known=True)


def test_the_other_weekend_days_of_2026_are_free() -> None:
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
    worked = {day.isoformat() for day in days if day.weekday() >= 5 and load_calendar().work_day(day).working}

    assert worked == set(MAKE_UP_2026)


def test_a_holiday_on_a_weekday_is_free() -> None:
    assert not load_calendar().work_day(date(2026, 10, 5)).working


def test_a_year_without_a_notice_is_judged_by_weekday_and_law_and_says_so() -> None:
    calendar = load_calendar()

    assert calendar.work_day(date(2027, 3, 1)) == WorkDay(on=date(2027, 3, 1), working=True, known=False)  # a Monday
    assert calendar.work_day(date(2027, 3, 6)) == WorkDay(on=date(2027, 3, 6), working=False, known=False)  # a Saturday
    assert calendar.work_day(date(2027, 10, 1)) == WorkDay(on=date(2027, 10, 1), working=False, known=False)  # 国庆, a Friday


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_days_off_by_law_agree_with_the_official_notices(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
    by_law = [day for day in days if statutory_holiday_on(day)]

    assert len(by_law) == 13
    assert not [day for day in by_law if load_calendar().work_day(day).working]


def test_the_next_working_day_steps_over_a_holiday_and_lands_on_a_make_up_day() -> None:
    assert load_calendar().next_working_day(date(2026, 9, 30)).on == date(2026, 10, 8)
    assert load_calendar().next_working_day(date(2026, 10, 9)).on == date(2026, 10, 10)


def test_an_entry_of_the_bank_wins_and_is_known(tmp_path: Path) -> None:
    path = written(tmp_path, "years:\n  2027: {notice: 通知, free: [2027-02-09], working: [2027-02-14]}\n")
    calendar = load_calendar(path)

    assert calendar.work_day(date(2027, 2, 9)) == WorkDay(on=date(2027, 2, 9), working=False, known=True)
    assert calendar.work_day(date(2027, 2, 14)) == WorkDay(on=date(2027, 2, 14), working=True, known=True)
    assert not calendar.work_day(date(2027, 3, 1)).known


def test_a_year_entered_in_full_is_known_on_every_day(tmp_path: Path) -> None:
    calendar = load_calendar(written(tmp_path, "years:\n  2027: {notice: 通知, complete: true, working: [2027-02-14]}\n"))

    assert calendar.work_day(date(2027, 3, 1)).known
    assert calendar.work_day(date(2027, 10, 1)) == WorkDay(on=date(2027, 10, 1), working=False, known=True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("years:\n  2027: {notice: 通知, free: [2026-02-09]}\n", r"holidays.yaml, year 2027: every entry of 'free'"),
        ("years:\n  2027: {notice: 通知, free: ['9 Feb']}\n", r"every entry of 'free'"),
        ("years:\n  2027: {notice: 通知, free: [2027-02-09], working: [2027-02-09]}\n", "listed twice"),
        ("years:\n  2027: {free: [2027-02-09]}\n", "'notice' must be a text, found nothing"),
        ("years:\n  2027: {notice: 通知, fre: []}\n", "unknown key 'fre'"),
        ("years:\n  next: {notice: 通知}\n", "'next' is not a year"),
        ("years:\n  2027: 通知\n", "2027 must be a mapping"),
        ("years: [2027]\n", "'years' must be a mapping"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        load_calendar(written(tmp_path, text))


def test_a_calendar_needs_no_file() -> None:
    assert Calendar().work_day(date(2026, 1, 4)).working
