"""The only place that reads the time. Everything below gets an instant as an argument."""

from collections.abc import Callable
from datetime import datetime

from compliance.days import BANK_ZONE

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in the bank's zone."""
    return datetime.now(BANK_ZONE)


def fixed_clock(at: datetime) -> Clock:
    """A clock that stands still: `--at` of the commands."""
    return lambda: at
