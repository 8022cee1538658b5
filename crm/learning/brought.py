"""Rows from a bank that brings no history but attributes with their days, and outcomes: a row a customer.

Each stands on the last day of the customer's attributes that lies not after the outcome. What came later knows the future and is not read.
"""

from collections.abc import Collection
from datetime import date

import ibis
import numpy as np
import pyarrow as pa

from crm.learning.additive import Column
from crm.learning.attributes import columns_of
from crm.learning.cutting import Floats
from crm.learning.definitions import definitions
from crm.learning.leaks import LeftOut, Why, by_name
from crm.learning.outcomes import Told
from crm.learning.samples import NotEnoughHistory, Part, Samples, sampled, texts
from crm.learning.samples import columns_of as engine_columns
from crm.learning.sources import Source
from crm.learning.standing import standing
from domain.errors import BadInput


def of_attributes(source: Source, told: Told, *, keep: Collection[str], time: str | None) -> Samples:
    """The rows of all customers with attributes, the later ones for measuring: by their days, or by the attribute `time`."""
    first = told.first()
    limits = told.judged or first
    with source.read(source.as_of) as work:
        until = ibis.memtable(pa.table({"customer_id": list(limits), "until": pa.array(list(limits.values()), pa.date32())}))
        rows = work.table("attributes")
        ended = rows.left_join(until, "customer_id").select("customer_id", "as_of", "name", "value", "until")
        meant = ended.filter(ended.until.notnull()) if told.judged else ended
        before = meant.filter(meant.until.isnull() | (meant.as_of <= meant.until))
        stands = before.group_by("customer_id").aggregate(day=before.as_of.max()).order_by("day", "customer_id").to_pyarrow()
        values = before.group_by("customer_id", "name").aggregate(value=before.value.argmax(before.as_of))
        brought = values.order_by("customer_id", "name").to_pyarrow()
        book = standing(work, stands).order_by("customer_id").to_pyarrow()
        everybody = set(texts(rows.select("customer_id").distinct().to_pyarrow(), "customer_id"))
    customers, days = texts(stands, "customer_id"), stands["day"].to_pylist()
    _check_days(late=len((everybody - set(customers)) & set(first)), kept=len(set(customers) & set(first)))
    names, aside = source.attribute_names(), {one for one in (told.label, time) if one}
    attributes = columns_of(brought, customers, names)
    left_out = [one for one in by_name(sorted(names), keep=keep) if one.name not in aside]
    forbidden = {one.name for one in left_out} | aside
    left_out += [LeftOut(name=name, why=Why.AFTER) for name in sorted(names - set(attributes) - forbidden)]
    columns = {name: one for name, one in attributes.items() if name not in forbidden}
    columns |= {name: one for name, one in _lined_up(book, customers).items() if name not in attributes}
    labels = np.array([customer in first for customer in customers], dtype=np.float64)
    order = _order(attributes, time) if time else np.array([day.toordinal() for day in days], dtype=np.float64)
    parts = _parts(customers, days, columns, labels, order)
    ahead = (source.as_of - min(days)).days if days and told.judged is None else 0
    return sampled(parts, left_out=left_out, labelled_by=told.by, horizon=ahead)


def _check_days(*, late: int, kept: int) -> None:
    if late > kept:
        raise NotEnoughHistory(
            f"the attributes of {late} customers with the outcome all lie after it; `as_of` must be the day they were known"
        )


def _order(attributes: dict[str, Column], time: str) -> Floats:
    """The attribute by which rows follow each other; rows without it come first and are learned from."""
    column = attributes.get(time)
    if column is None or column.dtype == object:
        raise BadInput(f"--time: {time[:40]} is no attribute that holds numbers or days")
    return np.nan_to_num(np.asarray(column, dtype=np.float64), nan=-np.inf)


def _parts(customers: list[str], days: list[date], columns: dict[str, Column], labels: Floats, order: Floats) -> list[Part]:
    """The earlier rows and the later ones; what is of one time is never divided."""
    if not days:
        return []
    ranked = np.sort(order)
    later = order > ranked[int((1 - definitions().measured_on) * (len(ranked) - 1))]
    whole = Part(days=days, customers=customers, columns=columns, labels=labels)
    return [whole.only(~later), whole.only(later)] if later.any() else [whole]


def _lined_up(book: pa.Table, customers: list[str]) -> dict[str, Column]:
    """What the book says of the customers, in their order."""
    place = {customer: index for index, customer in enumerate(texts(book, "customer_id"))}
    rows = np.array([place[customer] for customer in customers], dtype=np.int64)
    return {name: column[rows] for name, column in engine_columns(book).items()} if len(rows) else {}
