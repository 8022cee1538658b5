"""The feeds of the data contract as schemas of Arrow."""

from functools import cache
from typing import Any

import pyarrow as pa

from sandbox.contract import contract

_TYPES = {
    "id": pa.string(),
    "text": pa.string(),
    "list": pa.string(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", tz="Asia/Shanghai"),
    "money": pa.decimal128(15, 2),
    "rate": pa.decimal128(9, 4),
}


@cache
def feeds(*, truth: bool = False) -> dict[str, dict[str, Any]]:
    """What the contract says of each feed, or of each file of the truth, by name."""
    return {feed["name"]: feed for feed in contract()["truth" if truth else "feeds"]}


@cache
def schema(feed: str, *, truth: bool = False) -> pa.Schema:
    """The columns of a feed in the order of the contract."""
    return pa.schema([(column["name"], _TYPES[column["type"]]) for column in feeds(truth=truth)[feed]["columns"]])


@cache
def allowed(feed: str, column: str, *, truth: bool = False) -> tuple[str, ...]:
    """The words that a column may hold."""
    (found,) = [item for item in feeds(truth=truth)[feed]["columns"] if item["name"] == column]
    return tuple(found["allowed"])
