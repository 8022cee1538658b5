"""What every database must answer for what colleagues said of their lists."""

from datetime import UTC, datetime, timedelta

from domain.priorities import PriorityAnswer
from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_answers_come_back_in_order_to_the_one_who_gave_them(store: SqlStore) -> None:
    first = PriorityAnswer(staff="S1", customer_id="C1", what="churn", name="", answer="later", at=AT, until=AT + timedelta(days=1))
    second = PriorityAnswer(
        staff="S1", customer_id="C1", what="churn", name="", answer="done", at=AT + timedelta(hours=1), until=AT + timedelta(days=14)
    )
    with store.writing() as records:
        records.priorities.answer(second)
        records.priorities.answer(first)
        assert records.priorities.answered("S1", since=AT) == [first, second]
        assert records.priorities.answered("S1", since=AT + timedelta(minutes=1)) == [second]
        assert records.priorities.answered("S2", since=AT) == []
