"""What customers think of a stretch that a person served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

#: How long an answer counts.
SURVEY_LASTS = timedelta(hours=48)
SATISFIED, FAIR, UNSATISFIED = 3, 2, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One stretch that was asked about. `score` and `answered_at` are those of the latest answer, None without one."""

    id: int
    conversation_id: str
    staff: str
    asked_at: datetime
    score: int | None = None
    answered_at: datetime | None = None


class SurveyRecords(Protocol):
    """Surveys of finished stretches."""

    def ask(self, conversation_id: str, *, staff: str, at: datetime) -> int:
        """Remember that a stretch is asked about and return the survey's id."""

    def answer(self, survey_id: int, *, conversation_id: str, score: int, at: datetime) -> Survey | None:
        """Keep an answer; the latest counts. None, and nothing is kept, for a survey of another conversation or one of long ago."""

    def answered(self, staff: str, *, since: datetime) -> Sequence[Survey]:
        """What was answered on this person's stretches that were asked about from that instant on, oldest first."""
