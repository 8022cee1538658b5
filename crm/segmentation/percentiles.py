"""Where a value stands among all customers of a kind: published percentiles, so that one customer in a chat needs no other's rows."""

from collections.abc import Mapping
from typing import Any

import ibis
from ibis import Table

STEPS = (5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99)


def percentiles(customers: Table, measures: Mapping[str, Any]) -> Table:
    """One row a kind and measure: for each step the smallest value up to which so many percent lie. Equal values stand alike."""
    values = ibis.union(
        *(
            customers.filter(value.notnull()).select("kind", measure=ibis.literal(name), value=value.cast("float64"))
            for name, value in measures.items()
        )
    )
    group = ["kind", "measure"]
    counted = values.group_by("kind", "measure", "value").aggregate(n=values.count())
    ranked = counted.mutate(
        upto=counted.n.sum().over(ibis.cumulative_window(group_by=group, order_by=counted.value)),
        all=counted.n.sum().over(group_by=group),
    )
    return ranked.group_by("kind", "measure").aggregate(
        customers=ranked.n.sum(),
        **{f"p{step}": ranked.value.min(where=ranked.upto * 100 >= ranked.all * step) for step in STEPS},
    )


def standing(found: Table, name: str, value: Any) -> Any:
    """The highest step that a value is above, 0–99; NULL for an unknown value. `found` has the columns of `named`."""
    above = [ibis.ifelse(value.cast("float64") > found[f"{name}_p{step}"], step, 0) for step in STEPS]
    return ibis.ifelse(value.isnull() | found[f"{name}_p50"].isnull(), None, ibis.greatest(*above).cast("int64"))


def beside(found: Table, table: Table, name: str) -> Table:
    """Put the percentiles of a measure beside each customer of the kind."""
    chosen = table.filter(table.measure == name).drop("measure", "customers")
    renamed = chosen.rename({f"{name}_{column}": column for column in chosen.columns})
    return found.left_join(renamed, found.kind == renamed[f"{name}_kind"]).drop(f"{name}_kind")
