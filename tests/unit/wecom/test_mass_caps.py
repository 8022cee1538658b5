"""How many mass messages a person may get, and since when they count."""

from datetime import datetime

import pytest

from bot.channels.wecom.mass.caps import allowance
from compliance.days import BANK_ZONE


@pytest.mark.parametrize(
    ("cap", "at", "most", "since"),
    [
        ("month", "2027-02-28T23:59", 28, "2027-02-01"),
        ("month", "2026-12-01T00:00", 31, "2026-12-01"),
        ("week7", "2026-12-06T12:00", 7, "2026-11-30"),
        ("week7", "2026-12-07T00:00", 7, "2026-12-07"),
        ("day1", "2026-12-07T08:00", 1, "2026-12-07"),
    ],
)
def test_allowances(cap: str, at: str, most: int, since: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=BANK_ZONE)
    assert allowance(cap, instant) == (most, datetime.fromisoformat(since).replace(tzinfo=BANK_ZONE))
