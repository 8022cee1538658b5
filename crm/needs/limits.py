"""From a company's taxes to a band within which its business limit may be looked at again. Pure; people decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from crm.needs.definitions import read


class Verdict(StrEnum):
    """What the taxes say."""

    BAND = "band"
    CAPPED = "capped"  # growth is there, but a cap allows nothing more
    NO_GROWTH = "no_growth"
    LOW_GRADE = "low_grade"
    OVERDUE = "overdue"
    TOO_FEW_MONTHS = "too_few_months"
    NO_LIMIT = "no_limit"  # there is no limit yet that could grow


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxView:
    """What taxes say of a limit. `low` and `high` are CNY, `shares` the same as growth of the limit; both only with a band."""

    verdict: Verdict
    last_month: date
    growth: float | None
    compared: int
    grade: str | None
    missing: tuple[date, ...]
    limit: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    shares: tuple[float, float] | None = None
    capped_by: str = ""


def tax_view(row: dict[str, Any], months: Collection[date], *, overdue: bool) -> TaxView:
    """Judge a row of the stage `tax_growth`. `months` are those that are known."""
    rules = read("limits")
    last, growth, grade = row["last_month"], row["growth"], row["grade"]

    def view(verdict: Verdict, **more: Any) -> TaxView:
        return TaxView(
            verdict=verdict,
            last_month=last,
            growth=growth,
            compared=row["compared"],
            grade=grade,
            missing=missing_months(last, months),
            limit=row["limit"],
            **more,
        )

    most = rules["ungraded"] if grade is None else rules["grades"].get(grade)
    if overdue:
        return view(Verdict.OVERDUE)
    if most is None:
        return view(Verdict.LOW_GRADE)
    if growth is None or row["compared"] < rules["least_months"]:
        return view(Verdict.TOO_FEW_MONTHS)
    if growth < rules["least_growth"]:
        return view(Verdict.NO_GROWTH)
    if row["limit"] is None or row["limit"] <= 0:
        return view(Verdict.NO_LIMIT)
    limit = Decimal(row["limit"])
    share = Decimal(str(min(growth, most)))
    careful = share * Decimal(str(rules["careful"]))
    cap, capped_by = _cap(row["annual_revenue"])
    low, high = (_stepped(min(limit * (1 + part), cap)) for part in (careful, share))
    if high <= limit:
        return view(Verdict.CAPPED, capped_by=capped_by)
    shares = (float(max(low, limit) / limit - 1), float(high / limit - 1))
    return view(Verdict.BAND, low=max(low, limit), high=high, shares=shares, capped_by=capped_by if limit * (1 + share) > cap else "")


def missing_months(last: date, known: Collection[date]) -> tuple[date, ...]:
    """The unknown ones of the twelve months that end with `last`."""
    numbers = range(_number(last) - 11, _number(last) + 1)
    return tuple(month for number in numbers if (month := date((number - 1) // 12, (number - 1) % 12 + 1, 1)) not in known)


def _number(month: date) -> int:
    return month.year * 12 + month.month


def _cap(revenue: Decimal | None) -> tuple[Decimal, str]:
    rules = read("limits")
    ceiling = Decimal(rules["ceiling"])
    of_sales = Decimal(revenue) * Decimal(str(rules["of_revenue"])) if revenue else None
    return (of_sales, "年销售收入") if of_sales is not None and of_sales < ceiling else (ceiling, "单户上限")


def _stepped(amount: Decimal) -> Decimal:
    step = Decimal(read("limits")["step"])
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
