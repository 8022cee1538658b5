"""What the ledger promises, alike on SQLite and PostgreSQL."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.event import listen

from compliance.gate import review
from compliance.rule import Context
from domain.audit import AuditRecord
from domain.conversation import Conversation, Event, FormState, step
from domain.errors import Conflict
from domain.message import Approved, Button, Draft, Inbound, Link, Purpose, Receipt
from domain.party import BOT, Party, Role
from domain.ports import Line
from storage.engine import Database
from storage.ledger_tables import audit
from storage.migrate import migrate, newest_revision
from storage.records import SqlStore

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
WANG = Party(Role.CUSTOMER, "C1")
LI = Party(Role.CUSTOMER, "C2")


def inbound(text: str, message_id: str, sender: Party = WANG) -> Inbound:
    return Inbound(channel="web", message_id=message_id, sender=sender, text=text, received_at=NOW)


def draft(text: str = "您好", to: Party = WANG, purpose: Purpose = Purpose.REPLY) -> Draft:
    return Draft(text=text, to=to, purpose=purpose, answers=1 if purpose is Purpose.REPLY else None)


def approved(one: Draft) -> Approved:
    verdict = review(one, Context(at=NOW, channel="web"), ())
    assert isinstance(verdict, Approved)
    return verdict


def test_a_message_that_arrives_again_is_stored_once(store: SqlStore) -> None:
    with store.writing() as records:
        first = records.inbox.accept(inbound("挂失", "m1"))
        again = records.inbox.accept(inbound("挂失", "m1"))

    assert first is not None
    assert again is None


def test_messages_of_one_conversation_are_worked_in_order_and_others_need_not_wait(store: SqlStore) -> None:
    with store.writing() as records:
        for number in range(3):
            records.inbox.accept(inbound(f"第{number}句", f"m{number}"))
        records.inbox.accept(inbound("另一位", "m9", LI))

    with store.writing() as records:
        one = records.inbox.claim(now=NOW, worker="a", lease_s=60)
        other = records.inbox.claim(now=NOW, worker="b", lease_s=60)
        nothing = records.inbox.claim(now=NOW, worker="c", lease_s=60)
        assert one is not None
        records.inbox.finish(one.id, at=NOW)
        after = records.inbox.claim(now=NOW, worker="c", lease_s=60)

    assert one.inbound.text == "第0句"
    assert other is not None
    assert other.inbound.text == "另一位"
    assert nothing is None
    assert after is not None
    assert after.inbound.text == "第1句"


def test_a_message_whose_worker_died_is_taken_again_with_its_attempts_counted(store: SqlStore) -> None:
    with store.writing() as records:
        records.inbox.accept(inbound("在吗", "m1"))
        records.inbox.claim(now=NOW, worker="dead", lease_s=60)
        too_early = records.inbox.claim(now=NOW + timedelta(seconds=59), worker="b", lease_s=60)
        again = records.inbox.claim(now=NOW + timedelta(seconds=61), worker="b", lease_s=60)

    assert too_early is None
    assert again is not None
    assert again.attempts == 2


def test_a_buried_message_lets_the_conversation_go_on(store: SqlStore) -> None:
    with store.writing() as records:
        records.inbox.accept(inbound("坏的", "m1"))
        records.inbox.accept(inbound("好的", "m2"))
        bad = records.inbox.claim(now=NOW, worker="a", lease_s=60)
        assert bad is not None
        records.inbox.bury(bad.id, at=NOW, error="ValueError")
        good = records.inbox.claim(now=NOW, worker="a", lease_s=60)

    assert good is not None
    assert good.inbound.text == "好的"


def test_an_occasion_is_queued_once_for_ever(store: SqlStore) -> None:
    with store.writing() as records:
        kept = [
            records.outbox.add(draft(), conversation_id="c", channel="web", at=NOW, key=f"k{n}", occasion="solar_term/冬至/2026/C1")
            for n in range(3)
        ]

    assert [one is not None for one in kept] == [True, False, False]
    with store.reading() as records:
        assert records.outbox.occasions("solar_term/冬至/2026/") == ["solar_term/冬至/2026/C1"]


def test_texts_of_one_conversation_leave_in_order_and_a_postponed_one_holds_nobody_up(store: SqlStore) -> None:
    with store.writing() as records:
        records.outbox.add(draft("一"), conversation_id="c", channel="web", at=NOW, key="1")
        records.outbox.add(draft("二"), conversation_id="c", channel="web", at=NOW, key="2")
        first = records.outbox.claim(now=NOW, worker="a", lease_s=60)
        blocked_by_first = records.outbox.claim(now=NOW, worker="b", lease_s=60)
        assert first is not None
        records.outbox.postpone(first.id, until=NOW + timedelta(hours=12))
        second = records.outbox.claim(now=NOW, worker="b", lease_s=60)

    assert first.draft.text == "一"
    assert blocked_by_first is None
    assert second is not None
    assert second.draft.text == "二"


def test_a_row_left_in_sending_is_found_when_its_lease_runs_out(store: SqlStore) -> None:
    with store.writing() as records:
        records.outbox.add(draft(), conversation_id="c", channel="web", at=NOW, key="1")
        records.outbox.claim(now=NOW, worker="host:1", lease_s=60)

    with store.writing() as records:
        assert records.outbox.stale(now=NOW) == []
        assert records.outbox.on_the_way("c")
        records.outbox.expire("host:1", at=NOW)
        assert [row.key for row in records.outbox.stale(now=NOW)] == ["1"]


def test_what_was_sent_keeps_the_text_that_left(store: SqlStore) -> None:
    one = draft("冬至安康", purpose=Purpose.TOUCH)
    with store.writing() as records:
        row_id = records.outbox.add(one, conversation_id="c", channel="web", at=NOW, key="1")
        assert row_id is not None
        records.outbox.claim(now=NOW, worker="a", lease_s=60)
        records.outbox.sent(row_id, approved(one), Receipt(reference="r1", at=NOW))

    with store.reading() as records:
        row = records.outbox.find(row_id)
        contacts = records.outbox.contacts("C1", since=NOW - timedelta(days=1))
    assert row is not None
    assert row.status == "sent"
    assert row.sent_at == NOW
    assert [contact.id for contact in contacts] == [row_id]


def test_a_conversation_comes_back_as_it_was_saved(store: SqlStore) -> None:
    said = Conversation(
        id="web:customer:C1",
        channel="web",
        party=WANG,
        form=FormState(name="study_abroad", slots=(("country", "英国"),), asking="when", misses=1),
        options=(Button(label="展开", payload="more:card"),),
        topic=("card-a",),
        focus="C2",
        pending="code>show_assets:C2",
        greeted=True,
        misses=2,
    )
    with store.writing() as records:
        saved = records.conversations.save(said, at=NOW)

    with store.reading() as records:
        found = records.conversations.find(said.id)
    assert found == saved == replace(said, version=1)


def test_a_stale_conversation_is_refused(store: SqlStore) -> None:
    with store.writing() as records:
        saved = records.conversations.save(Conversation(id="c", channel="web", party=WANG), at=NOW)
        records.conversations.save(replace(saved, greeted=True), at=NOW)

    with pytest.raises(Conflict), store.writing() as records:
        records.conversations.save(replace(saved, misses=1), at=NOW)


def test_those_who_wait_longest_come_first(store: SqlStore) -> None:
    with store.writing() as records:
        for number, minutes in (("a", 1), ("b", 5), ("c", 3)):
            waiting = step(Conversation(id=number, channel="web", party=WANG), Event.HANDOFF_REQUESTED, at=NOW - timedelta(minutes=minutes))
            records.conversations.save(waiting, at=NOW)

    with store.reading() as records:
        assert [conversation.id for conversation in records.conversations.waiting()] == ["b", "c", "a"]


def test_a_write_that_raises_leaves_nothing_behind(store: SqlStore) -> None:
    def half() -> None:
        with store.writing() as records:
            records.inbox.accept(inbound("丢了吗", "m1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    with store.reading() as records:
        assert records.inbox.waiting() == 0


def test_the_transcript_keeps_order_and_gives_the_newest(store: SqlStore) -> None:
    with store.writing() as records:
        for number in range(5):
            records.transcript.add(
                Line(
                    id=0,
                    conversation_id="c",
                    at=NOW,
                    author=str(WANG),
                    kind="text",
                    text=str(number),
                    buttons=(("是", "yes:"),),
                    links=(("网点查询", "https://www.bank.example/"),),
                )
            )

    with store.reading() as records:
        lines = records.transcript.of("c")
        assert [line.text for line in records.transcript.of("c", last=2)] == ["3", "4"]
        assert [line.text for line in records.transcript.of("c", after=lines[3].id)] == ["4"]
        assert lines[0].buttons == (("是", "yes:"),)
        assert lines[0].links == (("网点查询", "https://www.bank.example/"),)


def test_a_draft_waits_with_its_links(store: SqlStore) -> None:
    one = replace(draft(), links=(Link(label="网点查询", url="https://www.bank.example/"),))
    with store.writing() as records:
        records.outbox.add(one, conversation_id="c", channel="web", at=NOW, key="linked")

    with store.reading() as records:
        row = records.outbox.of_key("linked")
        assert row is not None
        assert row.draft == one


def test_a_task_is_opened_once_for_its_key_and_has_a_number(store: SqlStore) -> None:
    with store.writing() as records:
        first = records.tasks.open(key="k", kind="complaint", title="投诉", detail="", at=NOW, assignee="S1")
        again = records.tasks.open(key="k", kind="complaint", title="投诉", detail="", at=NOW, assignee="S1")
        urgent = records.tasks.open(key="u", kind="review", title="复核", detail="", at=NOW, assignee="S1", urgency="high")

    assert first == again
    assert first.reference == f"C-{first.id:04d}"
    with store.writing() as records:
        assert [task.id for task in records.tasks.listed(assignee="S1")] == [urgent.id, first.id]
        records.tasks.close("u", at=NOW)
        assert [task.id for task in records.tasks.listed(assignee="S1")] == [first.id]


def record(number: int) -> AuditRecord:
    return AuditRecord(at=NOW, actor=str(BOT), action="outbound.sent", subject="customer:C1", purpose="reply", detail=(("n", str(number)),))


def test_the_audit_chain_holds_and_a_changed_record_breaks_it(store: SqlStore) -> None:
    with store.writing() as records:
        for number in range(6):
            records.audit.append(record(number))
    with store.reading() as records:
        assert records.audit.verify() is None
        assert len(records.audit.of_subject("customer:C1")) == 6

    with store.writing() as records:
        records.connection.execute(audit.update().where(audit.c.seq == 3).values(actor="customer:C9"))

    with store.reading() as records:
        assert records.audit.verify() == 3


def test_a_removed_audit_record_is_noticed(store: SqlStore) -> None:
    with store.writing() as records:
        for number in range(4):
            records.audit.append(record(number))
    with store.writing() as records:
        records.connection.execute(audit.delete().where(audit.c.seq == 2))

    with store.reading() as records:
        assert records.audit.verify() == 2


def test_many_threads_append_one_unbroken_chain_and_claim_every_message_once(store: SqlStore) -> None:
    with store.writing() as records:
        for number in range(40):
            records.inbox.accept(inbound("在", f"m{number}", Party(Role.CUSTOMER, f"C{number}")))
    claimed: list[int] = []

    def work(name: str) -> None:
        while True:
            with store.writing() as records:
                row = records.inbox.claim(now=NOW, worker=name, lease_s=60)
                if row is None:
                    return
                records.audit.append(record(row.id))
                records.inbox.finish(row.id, at=NOW)
            claimed.append(row.id)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed) == sorted(set(claimed))
    assert len(claimed) == 40
    with store.reading() as records:
        assert records.audit.verify() is None


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate(database) == newest_revision()


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from storage.metadata import metadata

    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata)

    assert differences == []


@pytest.mark.parametrize("ask", ["next_due", "stale"])
def test_what_is_asked_at_every_step_does_not_read_what_was_sent(tmp_path: Path, ask: str) -> None:
    """SQLite only: PostgreSQL reads a small table whole whatever indexes there are."""
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    migrate(database)
    asked: list[str] = []
    listen(database.engine, "before_cursor_execute", lambda _, __, statement, *___: asked.append(statement))
    with SqlStore(database).reading() as records:
        records.outbox.next_due() if ask == "next_due" else records.outbox.stale(now=NOW)
        (statement,) = [one for one in asked if "FROM outbox" in one]
        plan = records.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?")).all()
    database.close()

    assert all("USING INDEX ix_outbox_due" in row[3] for row in plan), plan
