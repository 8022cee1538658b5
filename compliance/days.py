"""The bank's day: dates and hours in Asia/Shanghai, and calendar months."""

import calendar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

BANK_ZONE = ZoneInfo("Asia/Shanghai")


def bank_time(at: datetime) -> datetime:
    """Show an aware instant on the bank's clock."""
    return at.astimezone(BANK_ZONE)


def bank_day(at: datetime) -> date:
    """Tell the bank's date at an aware instant."""
    return bank_time(at).date()


def at_hour(on: date, hour: int) -> datetime:
    """Give the instant of a full hour of a bank day."""
    return datetime.combine(on, time(hour), tzinfo=BANK_ZONE)


def add_months(on: date, months: int) -> date:
    """Go on by calendar months; a day that the target month lacks becomes its last one (31 January + 1 is 28 or 29 February)."""
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))
