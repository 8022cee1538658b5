"""How far ahead needs were seen (F13): days from the first prediction to the purchase, and how many of the first three were bought. Pure.

Only what was said before counts: a purchase on the day of a prediction or earlier was not foreseen.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from crm.needs.definitions import needs

HORIZON = 90
_LONGEST = 365
_FIRST = 3

Predicted = Mapping[str, Sequence[str]]  # the needs shown of a customer, likeliest first
Purchase = tuple[str, str, date]  # customer, category, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """What the runs had foreseen. `due` are predictions old enough to be judged, `bought` those of them that came true in time."""

    first_run: date
    last_run: date
    runs: int
    foreseen: int
    median_days: float | None
    longest_days: int | None
    due: int
    bought: int

    @property
    def precision(self) -> float | None:
        """The share of the first three needs that were bought for in time; None where none is due."""
        return self.bought / self.due if self.due else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of the precision at 95 %."""
        if not self.due:
            return None
        share, z, n = self.bought / self.due, 1.96, self.due
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)


def leads(runs: Mapping[date, Predicted], purchases: Iterable[Purchase]) -> Leads | None:
    """Measure the runs against purchases up to the last of them; None without a run."""
    if not runs:
        return None
    days = sorted(runs)
    bought_on: dict[tuple[str, str], list[date]] = {}
    for customer, category, on in sorted(purchases, key=lambda one: (one[2], one[0], one[1])):
        bought_on.setdefault((customer, category), []).append(on)
    first: dict[tuple[str, str], date] = {}
    due = bought = 0
    for day in days:
        for customer, shown in runs[day].items():
            for place, need in enumerate(shown):
                if not needs().needs[need].serves:
                    continue  # nothing of the catalogue meets it: no purchase could prove it
                first.setdefault((customer, need), day)
                if place < _FIRST and day + timedelta(days=HORIZON) <= days[-1]:
                    due += 1
                    bought += _after(bought_on, customer, need, day, HORIZON) is not None
    ahead = [
        (met - day).days for (customer, need), day in first.items() if (met := _after(bought_on, customer, need, day, _LONGEST)) is not None
    ]
    return Leads(
        first_run=days[0],
        last_run=days[-1],
        runs=len(days),
        foreseen=len(ahead),
        median_days=float(median(ahead)) if ahead else None,
        longest_days=max(ahead, default=None),
        due=due,
        bought=bought,
    )


def _after(bought_on: Mapping[tuple[str, str], list[date]], customer: str, need: str, day: date, within: int) -> date | None:
    """The first purchase that meets the need after the day, within so many days."""
    last = day + timedelta(days=within)
    found = [on for category in needs().needs[need].serves for on in bought_on.get((customer, category), ()) if day < on <= last]
    return min(found, default=None)
