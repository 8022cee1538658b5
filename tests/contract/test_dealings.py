"""What every database must answer for dealings and identities: SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.dealings import Complaint, CustomerRelation, Entitlement, Recording, WatchlistEntry
from domain.identity import IdentityDecision
from storage.book_import import SqlBookSink
from storage.dealings import SqlDealings
from storage.engine import Database
from storage.identities import SqlIdentities
from storage.records import SqlStore

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
OWNER = CustomerRelation(id="R1", customer_id="C1", kind="owner", related_id="C9", share=Decimal("33.3300"), since=date(2020, 1, 1))
SPOUSE = CustomerRelation(id="R2", customer_id="C2", kind="spouse", related_name="甲某")
COMPLAINT = Complaint(id="P1", customer_id="C1", opened_at=AT, topic="扣费", text="手续费\u3000倒扣了", staff_id="S1")
VOUCHER = Entitlement(id="E1", customer_id="C1", kind="voucher", name="体检券", granted_on=DAY, value=Decimal("12.00"))
RECORDING = Recording(id="D1", customer_id="C1", started_at=AT, segments=("identity", "consent"), quality=92, location="库/1")
ENTRY = WatchlistEntry(id="W1", name="贾某某", kind="fraud", listed_on=DAY)


def test_dealings_come_back_as_they_were_put(database: Database) -> None:
    with SqlBookSink(database).writing() as writer:
        writer.put_relations([OWNER, SPOUSE], as_of=DAY)
        writer.put_complaints([COMPLAINT], as_of=DAY)
        writer.put_entitlements([VOUCHER], as_of=DAY)
        writer.put_recordings([RECORDING], as_of=DAY)
        writer.put_watchlist([ENTRY], as_of=DAY)

    with database.reading() as connection:
        found = SqlDealings(connection)
        assert found.relations("C1") == found.relations("C9") == [OWNER]
        assert found.complaints("C1") == [COMPLAINT]
        assert found.entitlements("C1") == [VOUCHER]
        assert found.recordings("C1") == [RECORDING]
        assert found.watchlist() == [ENTRY]
        assert list(found.complaints("' OR 1=1 --")) == []


def test_an_older_delivery_never_opens_a_settled_complaint_again(database: Database) -> None:
    settled = replace(COMPLAINT, resolved_at=AT + timedelta(days=1), outcome="upheld")
    for complaint, as_of in ((settled, DAY), (COMPLAINT, DAY - timedelta(days=1))):
        with SqlBookSink(database).writing() as writer:
            writer.put_complaints([complaint], as_of=as_of)

    with database.reading() as connection:
        assert SqlDealings(connection).complaints("C1") == [settled]


def test_the_latest_decision_on_a_pair_counts(database: Database) -> None:
    refused = IdentityDecision(first_id="C1", second_id="C2", same=False, decided_by="manager:S9", at=AT)
    accepted = replace(refused, same=True, at=AT + timedelta(hours=1))
    with SqlStore(database).writing() as records:
        records.identities.decide(refused)
        records.identities.decide(accepted)

    with database.reading() as connection:
        assert SqlIdentities(connection).decisions() == [accepted]


def test_a_pair_is_asked_about_once_also_after_its_task_was_closed(database: Database) -> None:
    for _ in range(2):
        with SqlBookSink(database).writing() as writer:
            writer.ask_identity("C1", "C2", why="姓名、生日相同", at=AT, assignee="S1")
        with SqlStore(database).writing() as records:
            records.tasks.close("identity:C1:C2", at=AT)

    with SqlStore(database).reading() as records:
        assert list(records.tasks.listed(kind="identity")) == []
        (task,) = records.tasks.listed(kind="identity", status="done")
        assert (task.assignee, task.customer_id, task.reference[0]) == ("S1", "C1", "I")
