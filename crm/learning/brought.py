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
from crm.learning.definitions import definitions
from crm.learning.leaks import LeftOut, Why, by_name
from crm.learning.samples import NotEnoughHistory, Part, Samples, sampled, texts
from crm.learning.samples import columns_of as engine_columns
from crm.learning.sources import Source

_OF_PEOPLE = ("kind", "education", "marital_status", "monthly_income")


def of_attributes(source: Source, told: pa.Table, *, keep: Collection[str]) -> Samples:
    """The rows of all customers with attributes, those of the latest days for measuring."""
    first: dict[str, date] = {}
    for customer, on in zip(texts(told, "customer_id"), told["on"].to_pylist(), strict=True):
        first[customer] = min(on, first.get(customer, on))
    with source.read(source.as_of) as work:
        until = ibis.memtable(pa.table({"customer_id": list(first), "until": pa.array(list(first.values()), pa.date32())}))
        rows = work.table("attributes")
        ended = rows.left_join(until, "customer_id").select("customer_id", "as_of", "name", "value", "until")
        before = ended.filter(ended.until.isnull() | (ended.as_of <= ended.until))
        stands = before.group_by("customer_id").aggregate(day=before.as_of.max()).order_by("day", "customer_id").to_pyarrow()
        values = before.group_by("customer_id", "name").aggregate(value=before.value.argmax(before.as_of))
        brought = values.order_by("customer_id", "name").to_pyarrow()
        people = work.table("customers").select("customer_id", *_OF_PEOPLE).mutate(monthly_income=ibis._.monthly_income.cast("float64"))
        book = people.order_by("customer_id").to_pyarrow()
        everybody = set(texts(rows.select("customer_id").distinct().to_pyarrow(), "customer_id"))
    customers, days = texts(stands, "customer_id"), stands["day"].to_pylist()
    late = len((everybody - set(customers)) & set(first))
    if late > len(set(customers) & set(first)):
        raise NotEnoughHistory(
            f"the attributes of {late} customers with the outcome all lie after it; `as_of` must be the day they were known"
        )
    attributes = columns_of(brought, customers)
    left_out = by_name(sorted(source.attribute_names()), keep=keep)
    forbidden = {one.name for one in left_out}
    left_out += [LeftOut(name=name, why=Why.AFTER) for name in sorted(source.attribute_names() - set(attributes) - forbidden)]
    columns = {name: one for name, one in attributes.items() if name not in forbidden}
    columns |= {name: one for name, one in _lined_up(book, customers).items() if name not in attributes}
    labels = np.array([customer in first for customer in customers], dtype=np.float64)
    parts = _parts(customers, days, columns, labels)
    return sampled(parts, left_out=left_out, labelled_by="outcomes", horizon=(source.as_of - min(days)).days if days else 0)


def _parts(customers: list[str], days: list[date], columns: dict[str, Column], labels: np.ndarray) -> list[Part]:
    """The earlier rows and the later ones; a day is never divided. `customers` come in the order of their days."""
    if not days:
        return []
    boundary = days[int((1 - definitions().measured_on) * (len(days) - 1))]
    later = np.array([day > boundary for day in days], dtype=bool)
    whole = Part(day=boundary, customers=customers, columns=columns, labels=labels)
    if not later.any():
        return [whole]
    after = whole.only(later)
    return [whole.only(~later), Part(day=max(days), customers=after.customers, columns=after.columns, labels=after.labels)]


def _lined_up(book: pa.Table, customers: list[str]) -> dict[str, Column]:
    """What the book says of the customers, in their order."""
    place = {customer: index for index, customer in enumerate(texts(book, "customer_id"))}
    rows = np.array([place[customer] for customer in customers], dtype=np.int64)
    return {name: column[rows] for name, column in engine_columns(book).items()} if len(rows) else {}
