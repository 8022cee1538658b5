"""Tags of customers in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, String, Table, Text, bindparam, select, update

from domain.tags import CustomerTag, TagSource
from storage.metadata import metadata
from storage.types import Instant
from storage.upsert import upsert

customer_tags = Table(
    "customer_tags",
    metadata,
    Column("customer_id", String(60), primary_key=True),
    Column("tag", String(60), primary_key=True),
    Column("source", String(12), primary_key=True),
    Column("confidence", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("contested_at", Instant),
    Column("contested_by", String(120), nullable=False),
    Column("marketing", Boolean),
)
_KEY = ("customer_id", "tag", "source")
_BY_KEY = tuple(customer_tags.c[name] for name in _KEY)
_OF = select(customer_tags).where(customer_tags.c.customer_id == bindparam("id")).order_by(customer_tags.c.at.desc(), *_BY_KEY)
_ALL = select(customer_tags).order_by(*_BY_KEY)
_ONE = (customer_tags.c.customer_id == bindparam("id"), customer_tags.c.tag == bindparam("which"))
_CONTEST = update(customer_tags).where(*_ONE).values(contested_at=bindparam("moment"), contested_by=bindparam("who"))
_ANSWER = update(customer_tags).where(*_ONE, customer_tags.c.source == TagSource.DECLARED.value).values(marketing=bindparam("said"))


class SqlTags:
    """`domain.tags.TagRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, tag: CustomerTag) -> None:
        self._connection.execute(upsert(customer_tags, self._connection.dialect.name, _KEY), asdict(tag))

    def of(self, customer_id: str) -> Sequence[CustomerTag]:
        return [_tag(row) for row in self._connection.execute(_OF, {"id": customer_id})]

    def everything(self) -> Sequence[CustomerTag]:
        return [_tag(row) for row in self._connection.execute(_ALL)]

    def contest(self, customer_id: str, tag: str, *, by: str, at: datetime) -> int:
        return self._connection.execute(_CONTEST, {"id": customer_id, "which": tag, "who": by, "moment": at}).rowcount

    def answer_marketing(self, customer_id: str, tag: str, *, granted: bool) -> int:
        return self._connection.execute(_ANSWER, {"id": customer_id, "which": tag, "said": granted}).rowcount


def _tag(row: Any) -> CustomerTag:
    values = {column.name: getattr(row, column.name) for column in customer_tags.c}
    return CustomerTag(**(values | {"source": TagSource(row.source)}))
