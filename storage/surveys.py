"""Surveys of finished stretches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, bindparam, insert, select, update

from domain.surveys import SURVEY_LASTS, Survey
from storage.metadata import metadata
from storage.types import Instant

surveys = Table(
    "surveys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(200), nullable=False),
    Column("staff", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("score", Integer),
    Column("answered_at", Instant),
    Index("ix_surveys_staff_asked_at", "staff", "asked_at"),
)
_INSERT = insert(surveys)
_ANSWER = (
    update(surveys)
    .where(surveys.c.id == bindparam("wanted"), surveys.c.conversation_id == bindparam("of"), surveys.c.asked_at > bindparam("after"))
    .values(score=bindparam("given"), answered_at=bindparam("moment"))
    .returning(*surveys.c)
)
_ANSWERED = (
    select(surveys)
    .where(surveys.c.staff == bindparam("person"), surveys.c.asked_at >= bindparam("since"), surveys.c.score.is_not(None))
    .order_by(surveys.c.asked_at, surveys.c.id)
)


class SqlSurveys:
    """`domain.surveys.SurveyRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, conversation_id: str, *, staff: str, at: datetime) -> int:
        values = {"conversation_id": conversation_id, "staff": staff, "asked_at": at, "score": None, "answered_at": None}
        key = self._connection.execute(_INSERT, values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def answer(self, survey_id: int, *, conversation_id: str, score: int, at: datetime) -> Survey | None:
        values = {"wanted": survey_id, "of": conversation_id, "after": at - SURVEY_LASTS, "given": score, "moment": at}
        row = self._connection.execute(_ANSWER, values).one_or_none()
        return None if row is None else _survey(row)

    def answered(self, staff: str, *, since: datetime) -> Sequence[Survey]:
        return [_survey(row) for row in self._connection.execute(_ANSWERED, {"person": staff, "since": since})]


def _survey(row: Any) -> Survey:
    return Survey(**{column.name: getattr(row, column.name) for column in surveys.c})
