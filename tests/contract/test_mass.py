"""What every database must answer for texts that a member must confirm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from compliance.gate import review
from compliance.rule import Context
from domain.contacts import Binding, Contact
from domain.mass import MassTarget
from domain.message import Approved, Draft, Purpose, Receipt
from domain.party import Party, Role
from storage.records import SqlRecords, SqlStore

AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
UNTIL = AT + timedelta(days=1)
ONE = MassTarget(key="k1", external_userid="wmA", customer_id="C1", userid="zhou", text="冬至安康", collected_at=AT, until=UNTIL)
OTHER = replace(ONE, key="k2", external_userid="wmB", customer_id="C2")


def asked(records: SqlRecords, target: MassTarget) -> int:
    draft = Draft(text=target.text, to=Party(Role.CUSTOMER, target.customer_id), purpose=Purpose.TOUCH)
    row_id = records.outbox.add(draft, conversation_id=target.customer_id, channel="wecom_mass", at=AT, key=target.key)
    assert row_id is not None
    approved = review(draft, Context(at=AT, channel="wecom_mass"), ())
    assert isinstance(approved, Approved)
    records.mass.collect(target)
    assert [one.key for one in records.mass.collected()].count(target.key) == 0  # not before the ledger says that it is asked
    assert records.outbox.asked(row_id, approved, Receipt(reference="m", at=AT, asked=True))
    return row_id


def test_from_collected_to_settled(store: SqlStore) -> None:
    with store.writing() as records:
        row_id = asked(records, ONE)
        asked(records, OTHER)
        records.mass.collect(replace(ONE, text="另一句"))  # the key is there
        assert records.mass.collected() == [ONE, OTHER]
        task = records.mass.begin("zhou", "冬至安康", UNTIL, ["k1", "k2"], at=AT)
        assert task is not None
        assert (task.status, task.msgid, task.reminded) == ("asking", "", 0)
        assert records.mass.begin("zhou", "冬至安康", UNTIL, ["k1", "k2"], at=AT) is None
        assert [one.id for one in records.mass.open()] == [task.id]
        assert records.mass.waiting() == []

        assert records.mass.undo(task.id)
        assert not records.mass.undo(task.id)
        assert records.mass.collected() == [ONE, OTHER]
        task = records.mass.begin("zhou", "冬至安康", UNTIL, ["k1", "k2"], at=AT)
        assert task is not None
        assert records.mass.asked(task.id, "m1")
        assert not records.mass.asked(task.id, "m2")
        assert not records.mass.undo(task.id)
        assert (records.mass.known("m1"), records.mass.known("m2")) == (True, False)
        assert [one.key for one in records.mass.waiting()] == ["k1", "k2"]

        assert records.mass.reminded(task.id, before=0, at=AT)
        assert not records.mass.reminded(task.id, before=0, at=AT)
        assert records.mass.settle("k1", "sent", at=AT)
        assert not records.mass.settle("k1", "expired", at=AT)
        assert records.outbox.confirmed(row_id, at=AT + timedelta(hours=1))
        assert not records.outbox.confirmed(row_id, at=AT + timedelta(hours=2))
        assert [one.status for one in records.mass.targets(task.id)] == ["sent", "waiting"]
        assert [records.mass.had(who, since=AT, but="") for who in ("wmA", "wmB", "wmC")] == [1, 1, 0]
        assert [records.mass.had("wmA", since=since, but=but) for since, but in ((UNTIL, ""), (AT, "k1"))] == [0, 0]
        records.mass.end(task.id)
        assert records.mass.open() == []

    with store.reading() as records:
        row = records.outbox.of_key("k1")
        assert row is not None
        assert (row.status, row.sent_at) == ("sent", AT + timedelta(hours=1))
        contacts = [records.outbox.contacts(customer, since=AT) for customer in ("C1", "C2")]
        assert [[one.status for one in some] for some in contacts] == [["sent"], ["asked"]]
        assert records.outbox.of_key("nobody") is None


def test_what_was_settled_is_not_asked_again(store: SqlStore) -> None:
    with store.writing() as records:
        row_id = asked(records, ONE)
        records.outbox.hold(row_id, status="expired")
        draft = Draft(text="x", to=Party(Role.CUSTOMER, "C1"), purpose=Purpose.TOUCH)
        approved = review(draft, Context(at=AT, channel="wecom_mass"), ())
        assert isinstance(approved, Approved)
        assert not records.outbox.asked(row_id, approved, Receipt(reference="m", at=AT, asked=True))
        assert records.mass.collected() == []


def test_who_can_be_reached(store: SqlStore) -> None:
    with store.writing() as records:
        for person, customer in (("wmA", "C1"), ("wmB", "C2")):
            records.contacts.bind(Binding(external_userid=person, customer_id=customer, at=AT, how="rm_code", by="rm:S0003"))
            records.contacts.keep([Contact(external_userid=person, userid="zhou", added_at=AT)])
        records.contacts.left("wmB", "zhou", at=AT)
        assert records.mass.reachable() == frozenset({"C1"})
