"""How many mass messages one person may get, and since when they count (developer.work.weixin.qq.com/document/path/92135).

A corp has as many a month as the month has days, or chose 7 a week or 1 a day. What members send by themselves counts at WeCom too and is
not known here: WeCom says so when the member confirms.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from compliance.days import at_hour, bank_day

_A_WEEK, _A_DAY = 7, 1


def allowance(cap: str, at: datetime) -> tuple[int, datetime]:
    """How many, and from which instant they are counted."""
    today = bank_day(at)
    if cap == "day1":
        return _A_DAY, at_hour(today, 0)
    if cap == "week7":
        return _A_WEEK, at_hour(today - timedelta(days=today.weekday()), 0)
    return monthrange(today.year, today.month)[1], at_hour(today.replace(day=1), 0)
