"""Health of one customer and its dimensions on the days that it was reckoned for, oldest first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.health.definitions import definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDay:
    """None is no data, never zero."""

    on: date
    score: float | None
    dimensions: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthTrend:
    """`days` from the oldest to `as_of`. A day before the bank had the customer is not there."""

    customer_id: str
    as_of: date
    days: tuple[HealthDay, ...]

    @property
    def now(self) -> HealthDay | None:
        """The day of judgement."""
        return self.days[-1] if self.days and self.days[-1].on == self.as_of else None


def health_trend_of(customer_id: str, rows: Sequence[Mapping[str, Any]], *, as_of: date) -> HealthTrend:
    """Read the rows of `health_days`."""
    names = [one.name for one in definitions().dimensions]
    days = tuple(
        HealthDay(
            on=as_of - timedelta(days=row["days_back"]),
            score=row["score"],
            dimensions={name: row[name] for name in names},
        )
        for row in sorted(rows, key=lambda row: -row["days_back"])
    )
    return HealthTrend(customer_id=customer_id, as_of=as_of, days=days)
