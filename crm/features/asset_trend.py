"""How the monthly average of a customer's assets moved: against the first month with any, so that no amount has to be shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

_HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`index` is 100 for the first month shown. `average` in CNY is None for a viewer who may not see money now."""

    month: date
    index: float
    average: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetTrend:
    """Months from the oldest on; the last one goes up to `as_of`. Empty where no month with assets is known."""

    customer_id: str
    as_of: date
    months: tuple[Month, ...]

    @property
    def change(self) -> float | None:
        """The last month against the three before on average, as a share; None with fewer than four months or none to compare with."""
        if len(self.months) < _COMPARED + 1:
            return None
        before = sum(month.index for month in self.months[-_COMPARED - 1 : -1]) / _COMPARED
        return self.months[-1].index / before - 1 if before else None


_COMPARED = 3
_SHOWN = 13


def asset_trend_of(customer_id: str, rows: Sequence[Mapping[str, Any]], *, as_of: date, with_amounts: bool) -> AssetTrend:
    """Read the rows of `aum_months`: the last thirteen months from the first with any assets."""
    ordered = sorted(rows, key=lambda row: row["month"])[-_SHOWN:]
    while ordered and not ordered[0]["average"]:
        ordered = ordered[1:]
    first = Decimal(ordered[0]["average"]) if ordered else Decimal(0)
    months = tuple(
        Month(
            month=row["month"],
            index=round(float(Decimal(row["average"]) / first) * _HUNDRED, 1),
            average=Decimal(row["average"]) if with_amounts else None,
        )
        for row in ordered
    )
    return AssetTrend(customer_id=customer_id, as_of=as_of, months=months)
