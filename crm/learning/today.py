"""What is known of everybody on the last day, for the features of a model."""

import numpy as np

from crm.learning.additive import Additive, Column
from crm.learning.attributes import columns_of as attribute_columns
from crm.learning.samples import columns_of, texts
from crm.learning.sources import Source


def today(source: Source, model: Additive) -> tuple[list[str], dict[str, Column]]:
    """Customers whose relation goes on, and a column per feature of the model; missing where the bank knows nothing of it."""
    table, attributes = source.observed(source.as_of)
    customers = texts(table, "customer_id")
    columns = columns_of(table) | attribute_columns(attributes, customers, [shape.name for shape in model.shapes])
    nothing = {True: np.full(len(customers), None), False: np.full(len(customers), np.nan)}
    return customers, {shape.name: columns.get(shape.name, nothing[bool(shape.levels)]) for shape in model.shapes}
