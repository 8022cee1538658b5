"""What every database must answer for events that came the same moment, and for tasks of a customer."""

from datetime import UTC, datetime, timedelta

from domain.app_events import AppEvent
from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _event(number: int, customer_id: str = "C1", *, hours: int = 0) -> AppEvent:
    at = AT - timedelta(hours=hours)
    return AppEvent(event_id=f"E{number}", customer_id=customer_id, at=at, kind="view", page="基金", item="P-201")


def test_an_event_is_kept_once_and_judged_once(store: SqlStore) -> None:
    with store.writing() as records:
        assert records.live_events.add([_event(1, hours=2), _event(2, "C2"), _event(1, hours=2)], at=AT) == 2
        assert records.live_events.add([_event(1), _event(3)], at=AT + timedelta(minutes=1)) == 1
    with store.writing() as records:
        assert records.live_events.waiting(limit=9) == ["C1", "C2"]
        assert records.live_events.waiting(limit=1) == ["C1"]
        assert records.live_events.of("C1", since=AT - timedelta(hours=3)) == [_event(1, hours=2), _event(3)]
        assert records.live_events.of("C1", since=AT - timedelta(hours=2)) == [_event(3)]
        records.live_events.judged(["E1"], at=AT)
        records.live_events.judged([], at=AT)
        assert records.live_events.waiting(limit=9) == ["C2", "C1"]
        records.live_events.judged(["E2", "E3"], at=AT)
        assert records.live_events.waiting(limit=9) == []


def test_only_what_was_judged_is_forgotten(store: SqlStore) -> None:
    with store.writing() as records:
        records.live_events.add([_event(1, hours=5), _event(2, hours=5), _event(3)], at=AT)
        records.live_events.judged(["E1", "E3"], at=AT)
        assert records.live_events.forget(before=AT - timedelta(hours=1)) == 1
        assert [one.event_id for one in records.live_events.of("C1", since=AT - timedelta(days=1))] == ["E2", "E3"]


def test_tasks_of_a_customer_with_how_they_ended(store: SqlStore) -> None:
    with store.writing() as records:
        for number, kind in enumerate(("trigger", "churn", "trigger")):
            records.tasks.open(key=f"k{number}", kind=kind, title="t", detail="d", at=AT, customer_id="C1")
        assert records.tasks.close("k0", at=AT + timedelta(hours=1), outcome="unfit")
        found = records.tasks.of_customer("C1", kind="trigger")
        assert [(one.key, one.status, one.outcome, one.closed_at) for one in found] == [
            ("k0", "done", "unfit", AT + timedelta(hours=1)),
            ("k2", "open", "", None),
        ]
        assert records.tasks.of_customer("C2", kind="trigger") == []
