"""How active one customer was, week by week, as published rows say it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.activity.definitions import definitions

WEEKS = 13  # a quarter
_HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days up to `until`. `actions` is None before the feeds or the relation began."""

    until: date
    actions: float | None
    recent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTrend:
    """Weeks from the oldest on. `usual` is the mean of a week of the baseline; None where there is none."""

    customer_id: str
    as_of: date
    weeks: tuple[Week, ...]
    usual: float | None

    @property
    def known(self) -> tuple[float, ...]:
        """The weeks of which something is known."""
        return tuple(week.actions for week in self.weeks if week.actions is not None)

    @property
    def recent(self) -> float | None:
        """The mean of the last four weeks; None where not all are known."""
        found = [week.actions for week in self.weeks if week.recent and week.actions is not None]
        return sum(found) / len(found) if len(found) == definitions().current_weeks else None


def activity_trend_of(
    customer_id: str, rows: Sequence[Mapping[str, Any]], *, activity: Mapping[str, Any] | None, known_from: date | None, as_of: date
) -> ActivityTrend:
    """Read rows of `activity_weeks` and the row of `activity`. `known_from` is the first day of the feeds, None where there are none."""
    units = {row["week"]: row["units"] for row in rows}
    rules = definitions()
    weeks = []
    for number in reversed(range(WEEKS)):
        until = as_of - timedelta(days=7 * number)
        known = known_from is not None and known_from <= until - timedelta(days=6)
        weeks.append(Week(until=until, actions=units.get(number, 0) / _HUNDRED if known else None, recent=number < rules.current_weeks))
    enough = activity is not None and activity["baseline_days"] >= rules.baseline_days
    usual = activity["a0"] / activity["baseline_days"] * 7 if activity is not None and enough else None
    return ActivityTrend(customer_id=customer_id, as_of=as_of, weeks=tuple(weeks), usual=usual)
