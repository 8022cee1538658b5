"""The attributes that a bank brings, as columns: numbers where they are numbers, words otherwise."""

from collections.abc import Collection
from datetime import date

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.assessing.workspace import Workspace
from crm.learning.additive import Column
from crm.learning.cells import typed

_SEVERAL = 2


def known_by(work: Workspace, day: date) -> pa.Table:
    """`customer_id, name, value`: the latest value of each by the day."""
    rows = work.table("attributes")
    known = rows.filter(rows.as_of <= ibis.date(day))
    latest = known.group_by("customer_id", "name").aggregate(value=known.value.argmax(known.as_of))
    return latest.order_by("customer_id", "name").to_pyarrow()


def repeated_since(work: Workspace) -> date | None:
    """The first day of attributes where customers have them of several days, as of monthly snapshots; None where a customer has one day."""
    rows = work.table("attributes")
    each = rows.group_by("customer_id").aggregate(days=rows.as_of.nunique(), first=rows.as_of.min())
    row = each.aggregate(days=each.days.mean(), first=each["first"].min()).to_pyarrow().to_pylist()[0]
    first: date | None = row["first"]
    return first if row["days"] is not None and row["days"] >= _SEVERAL else None


def columns_of(rows: pa.Table, customers: list[str], names: Collection[str]) -> dict[str, Column]:
    """A column per name that is wanted, in the order of the customers; those of others are left out."""
    place = {customer: index for index, customer in enumerate(customers)}
    meant = rows.filter(pc.is_in(rows["name"], pa.array(sorted(names), pa.string())))
    wanted = meant.filter(pc.is_in(meant["customer_id"], pa.array(customers, pa.string())))
    of, ids, values = (wanted[column].to_numpy(zero_copy_only=False) for column in ("name", "customer_id", "value"))
    found: dict[str, Column] = {}
    for name in sorted(set(of)):
        picked = of == name
        column = np.full(len(customers), None, dtype=object)
        column[[place[one] for one in ids[picked]]] = values[picked]
        found[str(name)] = typed(column)
    return found
