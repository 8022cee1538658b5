"""What goes wrong inside: a handler that always raises, a text that no rule can judge, a channel that breaks, a database that is held."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.inbound import MAX_ATTEMPTS, MAX_DEATHS
from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from domain.conversation import Owner
from domain.effects import Effect
from domain.message import Approved, Draft, Finding, Receipt
from domain.ports import OutboxRow
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from storage.ledger_tables import inbox
from tests.property.process_kit import House, Shelf, customer, house_over

WHO = customer(1)
CONVERSATION = f"web:{WHO}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_over(f"sqlite:///{tmp_path}/peiban.db", tmp_path, customers=3) as made:
        yield made


def poison(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    raise RuntimeError("whatever this handler does, it breaks")


POISON = Handler(intent="poison", title="毒", audience=CUSTOMER, handle=poison, order=0, cues=("^毒药$",))


def status_of(house: House, row_id: int) -> tuple[str, int]:
    with house.app.database.reading() as connection:
        row = connection.execute(select(inbox.c.status, inbox.c.attempts).where(inbox.c.id == row_id)).one()
    return row.status, row.attempts


def test_a_message_that_breaks_its_handler_is_parked_told_and_tasked_and_the_next_is_answered(house: House) -> None:
    house.knows(POISON)
    bad = house.arrives(WHO, "毒药")
    good = house.arrives(WHO, "大额存单是什么")
    other = house.arrives(customer(2), "你好")
    begun = house.clock()

    house.works()
    assert status_of(house, other)[0] == "done", "another customer does not wait"
    for _ in range(10):
        house.clock.forward(0.5)
        house.works()
    house.drains()

    assert house.clock() - begun <= timedelta(seconds=5)
    assert status_of(house, bad) == ("dead", MAX_ATTEMPTS)
    assert status_of(house, good)[0] == "done"
    lines = house.lines(CONVERSATION)
    assert [line.text for line in lines if line.author == str(WHO)] == ["毒药", "大额存单是什么"]
    assert "不会丢" in next(line.text for line in lines if line.author == "bot:peiban")
    assert lines[-1].author == "bot:peiban"
    with house.app.store.reading() as records:
        assert [task.key for task in records.tasks.listed(kind="dead_letter")] == [f"dead_letter/{bad}"]
        conversation = records.conversations.find(CONVERSATION)
    assert conversation is not None
    assert conversation.owner is Owner.WAITING


def test_a_message_that_killed_its_process_every_time_is_parked_without_another_try(house: House) -> None:
    row_id = house.arrives(WHO, "你好")
    for _ in range(MAX_DEATHS):
        with house.app.store.writing() as records:
            assert records.inbox.claim(now=house.clock(), worker="dead", lease_s=1) is not None
        house.clock.forward(2)

    house.works()

    assert status_of(house, row_id)[0] == "dead"


def test_a_worker_that_lost_its_lease_can_neither_settle_nor_give_back(house: House) -> None:
    """Two work the same message after a lease ran out: one turn is kept."""
    row_id = house.arrives(WHO, "你好")

    def slow(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
        if slow_ones.pop():
            house.clock.forward(60)
            house.app.desk.work(at=house.clock())  # somebody else, while this one still thinks
        return ()

    slow_ones = [True]
    house.knows(Handler(intent="slow", title="慢", audience=CUSTOMER, handle=slow, order=0, cues=("^你好$",)))
    house.works()
    house.drains()

    assert status_of(house, row_id) == ("done", 2)
    assert [line.author for line in house.lines(CONVERSATION)].count(str(WHO)) == 1


def broken_rule(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:
    if draft.to == WHO:
        raise RuntimeError("a rule with a mistake in it")
    return ()


def test_a_text_that_a_rule_breaks_on_does_not_leave_and_stops_nobody_else(house: House) -> None:
    rule = Rule(
        id="broken", title="坏", reference="测试", effective_from=house.clock().date(), severity=Severity.BLOCK, doc="坏", check=broken_rule
    )
    house.app.door._rules = (*house.app.door._rules, rule)
    house.arrives(WHO, "大额存单是什么")
    house.arrives(customer(2), "你好")
    house.works()
    for _ in range(300):
        house.drains()
        house.clock.forward(1)

    with house.app.store.reading() as records:
        failed: Sequence[OutboxRow] = records.outbox.by_status("failed")
        assert [row.draft.to for row in failed] == [WHO, WHO]  # the notice of a first contact, and the answer
        assert [task.key for task in records.tasks.listed(kind="delivery")] == [f"delivery/{row.id}" for row in failed]
    assert {conversation for conversation, _ in house.shelf.left.values()} == {f"web:{customer(2)}"}


class Breaking(Shelf):
    """Breaks in a way that no channel may."""

    def __init__(self, house: House, *, idempotent: bool) -> None:
        super().__init__(house.clock)
        self.idempotent = idempotent
        self.calls = 0

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        self.calls += 1
        raise KeyError("a mistake in the channel")


@pytest.mark.parametrize(("idempotent", "calls"), [(True, 6), (False, 1)], ids=["with keys", "without keys"])
def test_a_channel_that_breaks_is_tried_within_bounds_and_then_a_person_looks(house: House, idempotent: bool, calls: int) -> None:
    channel = Breaking(house, idempotent=idempotent)
    house.app.door._channels = {"web": channel}
    house.knows(Handler(intent="one", title="一", audience=CUSTOMER, handle=lambda turn, _: (), order=0, cues=("^一$",)))
    house.arrives(WHO, "一")  # the notice of a first contact is the one text
    house.works()
    for _ in range(200):
        house.drains()
        house.clock.forward(1)

    with house.app.store.reading() as records:
        assert [row.status for row in records.outbox.by_status("unknown")] == ["unknown"]
        assert len(records.tasks.listed(kind="delivery")) == 1
    assert channel.calls == calls


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE audit SET actor = 'somebody'")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


def test_a_database_that_another_process_holds_for_seconds_leaves_nothing_half_done(house: House, tmp_path: Path) -> None:
    house.arrives(WHO, "你好")
    house.works()
    before = len(house.lines(CONVERSATION))
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "peiban.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        def talk() -> None:
            house.arrives(WHO, "大额存单是什么")
            house.works()
            house.drains()

        talking = threading.Thread(target=talk)
        talking.start()
        talking.join(3)
        assert talking.is_alive()
        assert len(house.lines(CONVERSATION)) == before
        holder.communicate("", timeout=10)
    talking.join(30)

    assert not talking.is_alive()
    lines = house.lines(CONVERSATION)[before:]
    assert {line.author for line in lines} == {str(WHO), "bot:peiban"}
    with house.app.store.reading() as records:
        assert records.inbox.waiting() == 0
        assert records.audit.verify() is None


def test_a_text_with_half_a_surrogate_pair_is_kept(house: House) -> None:
    row_id = house.arrives(WHO, "你好\ud83d")
    house.works()

    assert status_of(house, row_id)[0] == "done"
