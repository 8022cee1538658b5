"""The shape of a piece of evidence as a row, and what building it needs."""

from collections.abc import Sequence
from datetime import date

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue, IntegerColumn, StringValue


def evidence_of(
    table: Table,
    name: str | StringValue,
    *,
    count: ibis.Value | None = None,
    last_on: ibis.Value | None = None,
    detail: ibis.Value | None = None,
) -> Table:
    """A row a customer of `table`: customer_id, evidence, count, last_on, detail. Each customer once."""
    return table.select(
        "customer_id",
        evidence=ibis.literal(name) if isinstance(name, str) else name,
        count=ibis.null("int64") if count is None else count.cast("int64"),
        last_on=ibis.null("date") if last_on is None else last_on.cast("date"),
        detail=ibis.null("string") if detail is None else detail.cast("string"),
    )


def together(rows: Sequence[Table]) -> Table:
    """All rows."""
    first, *rest = rows
    return ibis.union(first, *rest) if rest else first


def joined(left: Table, right: Table, keys: Sequence[str]) -> Table:
    """Every row of `left`, with the other columns of `right` where the keys meet."""
    both = left.left_join(right, list(keys))
    return both.select(*left.columns, *(column for column in right.columns if column not in left.columns))


def contains_any(text: StringValue, words: Sequence[str]) -> BooleanValue:
    """Whether one of the words is in the text; nothing is in a missing one."""
    if not words:
        return ibis.literal(False)
    return ibis.or_(*(text.contains(word) for word in words)).fill_null(False)


def age_on(day: date, birth: ibis.Value) -> IntegerColumn:
    """Whole years: the birthday itself counts, and 29 February is reached on 1 March."""
    not_yet = birth.month() * 100 + birth.day() > day.month * 100 + day.day
    return (day.year - birth.year() - ibis.ifelse(not_yet, 1, 0)).cast("int64")
