"""The attributes that a bank brings, as columns: numbers where they are numbers, words otherwise."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa

from crm.learning.additive import Column

_NUMERIC = 0.95


def pivoted(rows: pa.Table, customers: list[str]) -> dict[str, Column]:
    """A column per name, in the order of the customers. `rows` has `customer_id, name, value`, at most one a customer and name."""
    place = {customer: index for index, customer in enumerate(customers)}
    by_name: dict[str, Column] = {}
    names, ids, values = (rows[column].to_numpy(zero_copy_only=False) for column in ("name", "customer_id", "value"))
    for name in sorted(set(names)):
        picked = names == name
        column = np.full(len(customers), None, dtype=object)
        column[[place[one] for one in ids[picked]]] = values[picked]
        by_name[str(name)] = _typed(column)
    return by_name


def _typed(column: Column) -> Column:
    """A column of numbers where nearly all values are one; what is none is missing there."""
    numbers = np.array([_number(value) for value in column], dtype=np.float64)
    known = sum(value is not None for value in column)
    return numbers if known and np.count_nonzero(~np.isnan(numbers)) >= _NUMERIC * known else column


def _number(value: object) -> float:
    try:
        return float(str(value).rstrip("%")) if value is not None else np.nan
    except ValueError:
        return np.nan


def dates_as_of(rows: pa.Table) -> Mapping[str, date]:
    """The latest day of the attributes of each customer."""
    latest: dict[str, date] = {}
    for customer, on in zip(rows["customer_id"].to_pylist(), rows["as_of"].to_pylist(), strict=True):
        latest[customer] = max(on, latest.get(customer, on))
    return latest
