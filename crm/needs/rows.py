"""The shape of a row of evidence, and the helpers by which every family of signals makes one."""

from datetime import date, timedelta
from typing import Any

import ibis
from ibis import Table
from ibis.expr.types import Column, Value

SHAPE = ("customer_id", "evidence", "count", "first_on", "last_on", "strength")


def row(
    table: Table,
    evidence: str | Value,
    *,
    count: Value | int = 1,
    first_on: Value | date | None = None,
    last_on: Value | date | None = None,
    strength: Value | float = 1.0,
) -> Table:
    """Rows of evidence of a table with a customer a row. Without a day it holds on the day of the run."""
    return table.select(
        customer_id=table.customer_id,
        evidence=ibis.literal(evidence) if isinstance(evidence, str) else evidence,
        count=_literal(count).cast("int64"),
        first_on=_day(first_on),
        last_on=_day(last_on),
        strength=_literal(strength).cast("float64"),
    )


def _literal(value: Any) -> Any:
    return value if isinstance(value, Value) else ibis.literal(value)


def _day(value: Any) -> Any:
    if value is None:
        return ibis.null("date")
    return value if isinstance(value, Value) else ibis.date(value)


def age_in_days(on: Column, day: date) -> Any:
    """Days from a column's day to the day of the run."""
    return ibis.date(day).delta(on, unit="day")


def since(day: date, days: int) -> Any:
    """The day so many days before."""
    return ibis.date(day - timedelta(days=days))


def rounded(value: Any) -> Any:
    """Six digits, by the same steps as `crm.needs.graph.rounded`, so that both give the same number."""
    return (value * 1_000_000 + 0.5).floor().cast("float64") / 1_000_000


def latest(table: Table, *, by: tuple[str, ...], order: tuple[str, ...]) -> Table:
    """The last row of each group, by an order that leaves no ties."""
    numbered = table.mutate(place=ibis.row_number().over(group_by=list(by), order_by=[ibis.desc(name) for name in order]))
    return numbered.filter(numbered.place == 0).drop("place")


def together(parts: list[Table]) -> Table:
    """All rows of all parts."""
    return ibis.union(*parts) if len(parts) > 1 else parts[0]
