"""What distances mean: 三个月后, 两年内, 近半年, 过两天 are lengths counted from today."""

import re
from datetime import date, timedelta

from language.date_context import Context, numeral, whole
from language.datespan import Precision
from language.months import DAY, Period, shift

_DIRECTIONS = ("later", "earlier", "within", "recent", "coming", "elapsing")


def distance(match: re.Match[str], context: Context) -> Period | None:
    """Read 三个月后, 两年内, 近半年, 过两天: a length counted from today."""
    if not any(match[name] for name in _DIRECTIONS):
        return None  # 三个月 alone is a length, not a date
    low, high = _length(match, high=False), _length(match, high=True)
    if low is None or high is None:
        return None
    today = context.today
    if match["within"] or match["coming"]:
        return Period(start=today, until=_move(today, high) + DAY)
    if match["recent"]:
        return Period(start=_move(today, high, back=True), until=today + DAY)
    back = bool(match["earlier"])
    first, last = sorted((_move(today, low, back=back), _move(today, high, back=back)))
    precision, width = _width(match)
    return Period(start=first, until=_move(last, width), precision=precision if first == last else Precision.PERIOD)


def _length(match: re.Match[str], *, high: bool) -> tuple[int, int] | None:
    """Give months and days of the length; a 几 counts from two to nine."""
    said = match["count"]
    if said in ("半", "几"):
        count, half = (0, True) if said == "半" else (9 if high else 2, False)
    else:
        worth = numeral(said)
        if worth is None or worth.low != worth.low.to_integral_value():
            return None
        count, half = int(worth.high if high else worth.low), bool(match["andhalf"] or match["ahalf"])
    if match["year"]:
        extra = whole(match["extra"]) or 0
        return count * 12 + 6 * half + extra, 0
    if match["quarters"]:
        return count * 3, 0
    if match["monthunit"] or match["bothmonths"]:
        return count, 15 * half
    if half:
        return None
    return 0, count * (7 if match["week"] else 1)


def _move(day: date, length: tuple[int, int], *, back: bool = False) -> date:
    sign = -1 if back else 1
    return shift(day, months=sign * length[0]) + timedelta(days=sign * length[1])


def _width(match: re.Match[str]) -> tuple[Precision, tuple[int, int]]:
    if match["year"] and match["count"] != "半" and not match["andhalf"]:
        return Precision.YEAR, (12, 0)
    if match["week"]:
        return Precision.WEEK, (0, 7)
    if match["dayunit"] or match["ahalf"] or (match["monthunit"] and match["count"] == "半"):
        return Precision.DAY, (0, 1)
    return Precision.MONTH, (1, 0)
