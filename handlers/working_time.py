"""When people of the bank are there: working days, 09:00 to 18:00."""

from datetime import date, datetime, timedelta

import chinese_calendar

from compliance.days import at_hour, bank_day, bank_time

OPENS, CLOSES = 9, 18
_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5


def is_working_day(on: date) -> bool:
    """Whether the bank's offices work that day; a year that is not announced yet goes by the weekday alone."""
    try:
        return bool(chinese_calendar.is_workday(on))
    except NotImplementedError:
        return on.weekday() < _SATURDAY


def is_working_time(at: datetime) -> bool:
    """Whether somebody is there now."""
    return is_working_day(bank_day(at)) and OPENS <= bank_time(at).hour < CLOSES


def next_working_time(at: datetime) -> datetime:
    """The instant itself when somebody is there then, else the next opening."""
    if is_working_time(at):
        return at
    today = bank_day(at)
    if is_working_day(today) and bank_time(at).hour < OPENS:
        return at_hour(today, OPENS)
    return at_hour(next_working_day(today), OPENS)


def next_working_day(on: date) -> date:
    """The first working day after the given one."""
    after = on + timedelta(days=1)
    while not is_working_day(after):
        after += timedelta(days=1)
    return after


def working_days_later(at: datetime, days: int) -> datetime:
    """The end of the working day that is so many working days after the instant's day."""
    day = bank_day(at)
    for _ in range(days):
        day = next_working_day(day)
    return end_of(day)


def end_of(on: date) -> datetime:
    """The hour by which work of that day is done: 17:00."""
    return at_hour(on, CLOSES - 1)


def told(instant: datetime, *, now: datetime) -> str:
    """Say an instant as people do: 今天 17:00, 明天（周二）09:00, 11月28日（周六）09:00."""
    local, days = bank_time(instant), (bank_day(instant) - bank_day(now)).days
    weekday = f"（周{_WEEKDAYS[local.weekday()]}）"
    day = {0: "今天", 1: f"明天{weekday}"}.get(days, f"{local.month}月{local.day}日{weekday}")
    return f"{day} {local:%H:%M}" if days == 0 else f"{day}{local:%H:%M}"
