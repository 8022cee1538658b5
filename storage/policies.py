"""Edits of the service policy in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, Text, bindparam, insert, select

from domain.policies import PolicyEdit
from storage.metadata import metadata
from storage.types import Instant

service_policies = Table(
    "service_policies",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tier", String(20), nullable=False),
    Column("term", String(30), nullable=False),
    Column("value", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", Instant, nullable=False),
)
_INSERT = insert(service_policies)
_EDITS = select(service_policies).where(service_policies.c.at <= bindparam("moment")).order_by(service_policies.c.at, service_policies.c.id)


class SqlPolicies:
    """`domain.policies.PolicyRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def edit(self, edit: PolicyEdit) -> None:
        self._connection.execute(_INSERT, asdict(edit))

    def edits(self, *, at: datetime) -> Sequence[PolicyEdit]:
        return [
            PolicyEdit(tier=row.tier, term=row.term, value=row.value, by=row.by, at=row.at)
            for row in self._connection.execute(_EDITS, {"moment": at})
        ]
