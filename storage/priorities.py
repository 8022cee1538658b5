"""Answers to the lists of the day."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Integer, String, Table, bindparam, insert, select

from domain.priorities import PriorityAnswer
from storage.metadata import metadata
from storage.types import Instant

priority_answers = Table(
    "priority_answers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("staff", String(80), nullable=False),
    Column("customer_id", String(60), nullable=False),
    Column("what", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index("ix_priority_answers_staff_at", "staff", "at"),
)
_INSERT = insert(priority_answers)
_ANSWERED = (
    select(*(column for column in priority_answers.c if column.name != "id"))
    .where(priority_answers.c.staff == bindparam("person"), priority_answers.c.at >= bindparam("since"))
    .order_by(priority_answers.c.at, priority_answers.c.id)
)


class SqlPriorities:
    """`domain.priorities.PriorityRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answer(self, answer: PriorityAnswer) -> None:
        self._connection.execute(_INSERT, asdict(answer))

    def answered(self, staff: str, *, since: datetime) -> Sequence[PriorityAnswer]:
        return [PriorityAnswer(**row._mapping) for row in self._connection.execute(_ANSWERED, {"person": staff, "since": since})]
