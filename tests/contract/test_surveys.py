"""What every database must answer for surveys."""

from datetime import UTC, datetime, timedelta

from domain.surveys import SURVEY_LASTS
from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_the_last_answer_counts_within_two_days_and_in_its_own_conversation(store: SqlStore) -> None:
    with store.writing() as records:
        first, second = records.surveys.ask("k", staff="S1", at=AT), records.surveys.ask("k", staff="S1", at=AT + timedelta(hours=1))
        assert records.surveys.answered("S1", since=AT) == []
        assert records.surveys.answer(first, conversation_id="other", score=1, at=AT) is None
        assert records.surveys.answer(second + 7, conversation_id="k", score=1, at=AT) is None
        assert records.surveys.answer(first, conversation_id="k", score=3, at=AT) is not None
        changed = records.surveys.answer(first, conversation_id="k", score=1, at=AT + timedelta(hours=2))
        assert records.surveys.answer(first, conversation_id="k", score=2, at=AT + SURVEY_LASTS) is None
        assert changed is not None
        assert (changed.score, changed.answered_at, changed.staff) == (1, AT + timedelta(hours=2), "S1")
        assert records.surveys.answered("S1", since=AT) == [changed]
        assert records.surveys.answered("S1", since=AT + timedelta(minutes=1)) == []
        assert records.surveys.answered("S2", since=AT) == []
