"""The warning of one customer, as it was judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.activity.judged import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """`routes` are the ways in which it showed: `activity`, `aum`, `gap`, the one that weighs most first. Empty where nothing did."""

    customer_id: str
    warning: bool
    severity: str | None
    routes: tuple[str, ...]
    since: date | None
    ratio: float | None
    peer_ratio: float | None
    certainty: float | None
    silent_days: int | None
    long_gap: float | None

    @property
    def rank(self) -> tuple[int, int, float, str]:
        """Severe first, then by ways, then by how much is left."""
        left = self.ratio if self.ratio is not None and "activity" in self.routes else 1.0
        return (self.severity != "high", -len(self.routes), left, self.customer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the run of `as_of` says of one customer. `activity` is None for a customer whose relation has ended by then."""

    as_of: date
    activity: Activity | None
    warned: Warned | None


def warned_of(row: Mapping[str, Any]) -> Warned:
    """The row of the stage `warnings`."""
    same = {name: row[name] for name in Warned.__slots__ if name != "routes"}
    return Warned(routes=tuple(route for route in str(row["reasons"] or "").split(";") if route), **same)
