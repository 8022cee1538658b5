"""How often the bank may speak first to one customer: the arithmetic of caps, for the gate's rule and for whoever plans ahead."""

from collections.abc import Sequence
from datetime import date, timedelta

from compliance.tables import table

_CAPS = table("contact")["caps"]


def full(day: date, touched: Sequence[date], marketed: Sequence[date]) -> str | None:
    """Say which cap one more text on that day would break, or None. `touched` are the days of all texts, `marketed` of marketing ones."""
    if touched.count(day) >= _CAPS["any_per_day"]:
        return f"当天已联系过 {touched.count(day)} 次（上限 {_CAPS['any_per_day']} 次）"
    for days, cap, title in (
        (_CAPS["week_days"], _CAPS["marketing_per_week"], "近 7 天"),
        (_CAPS["month_days"], _CAPS["marketing_per_month"], "近 31 天"),
    ):
        count = sum(day - timedelta(days=days) < sent <= day for sent in marketed)
        if count >= cap:
            return f"{title}已发 {count} 条营销信息（上限 {cap} 条）"
    return None


def next_free(today: date, touched: Sequence[date], marketed: Sequence[date]) -> date:
    """The first day after today on which no cap is full."""
    day = today + timedelta(days=1)
    while full(day, touched, marketed) is not None:
        day += timedelta(days=1)
    return day
