"""Random walks of a conversation through WeCom's states: one side answers at a time, and what has ended is the bot's again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.kf.channel import KfChannel
from bot.channels.wecom.kf.messages import Answered, Happened
from bot.channels.wecom.kf.names import CHANNEL, conversation_of, visitor
from bot.channels.wecom.kf.sessions import answered, happened, heard, session_of
from bot.channels.wecom.people import WeComPeople
from compliance.gate import Context, review
from domain.conversation import Conversation, Event, Owner, step
from domain.customer_service import ServiceState
from domain.errors import ChannelDown, NotOurTurn, RecipientGone
from domain.message import Approved, Draft, Purpose
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore
from tests.conftest import MORNING, MovableClock

KFID = "wk1"
PEOPLE = WeComPeople({"LinXiao": "rm:S0004", "ZhouMin": "rm:S0003"})
NEW, POOL, PERSON, ENDED = ServiceState.NEW, ServiceState.POOL, ServiceState.PERSON, ServiceState.ENDED
#: What can happen in which states of WeCom's, and the state after it.
MOVES: dict[str, tuple[frozenset[ServiceState], ServiceState | None]] = {
    "customer": (frozenset(ServiceState), None),
    "ask": (frozenset({NEW}), POOL),
    "pick": (frozenset({POOL}), PERSON),
    "pass": (frozenset({PERSON}), PERSON),
    "speak": (frozenset({PERSON}), PERSON),
    "close": (frozenset({PERSON}), ENDED),
    "reopen": (frozenset({ENDED}), PERSON),
}
CHANGES = {"pick": (1, "LinXiao"), "pass": (2, "ZhouMin"), "close": (3, ""), "reopen": (4, "LinXiao")}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('walks') / 'w.db'}")
    migrate(database)
    yield SqlStore(database)
    database.close()


class Walk:
    """One conversation, WeCom's own account of it, and ours."""

    numbers = count()

    def __init__(self, store: SqlStore) -> None:
        self.store, self.clock = store, MovableClock(MORNING)
        self.who = f"wm{next(self.numbers)}"
        self.id = conversation_of(KFID, self.who)
        self.truth = NEW
        # Nothing listens there: a send that was let through fails otherwise than one that was held.
        self.client = WeComClient(store, api_base="http://127.0.0.1:9/cgi-bin", corp_id="ww", secret="s", clock=self.clock)
        self.channel = KfChannel(store, self.client, self.clock, corp_id="ww")
        with store.writing(durable=False) as records:
            records.conversations.save(Conversation(id=self.id, channel=CHANNEL, party=visitor(self.who)), at=MORNING)

    def move(self, name: str, *, code: bool) -> None:
        self.clock.at += timedelta(seconds=30)
        at = self.clock()
        with self.store.writing(durable=False) as records:
            if name == "customer":
                heard(records, self.id, at=at)
                self.truth = NEW if self.truth is ENDED else self.truth
                return
            if name == "ask":
                conversation = records.conversations.find(self.id)
                assert conversation is not None
                records.conversations.save(step(conversation, Event.HANDOFF_REQUESTED, at=at), at=at)
                records.links.keep_session(replace(session_of(records, self.id, at=at), state=POOL, changed_at=at))
            elif name == "speak":
                said = Answered(msgid="m", open_kfid=KFID, customer=self.who, at=at, servicer="LinXiao", text="您好")
                answered(records, said, PEOPLE, at=at, party=visitor(self.who))
            else:
                change, servicer = CHANGES[name]
                fields: dict[str, Any] = {"change_type": change} | ({"new_servicer_userid": servicer} if servicer else {})
                fields |= {"msg_code": "C"} if code else {}
                event = Happened(msgid="e", open_kfid=KFID, customer=self.who, at=at, what="session_status_change", fields=fields)
                happened(records, event, PEOPLE, at=at, party=visitor(self.who))
            self.truth = MOVES[name][1] or self.truth

    def held(self) -> type[Exception] | None:
        """How an answer of the bot's is held back; None when it was let through to WeCom, which is not there."""
        draft = Draft(text="好的", to=visitor(self.who), purpose=Purpose.REPLY)
        verdict = review(draft, Context(at=self.clock(), channel=CHANNEL, in_reply_to_own_message=True), ())
        assert isinstance(verdict, Approved)
        try:
            self.channel.send(verdict, key="k", conversation_id=self.id)
        except (NotOurTurn, RecipientGone) as held:
            return type(held)
        except ChannelDown:
            return None
        raise AssertionError("nobody is there to take it")

    def ours(self) -> tuple[Owner, ServiceState]:
        with self.store.reading() as records:
            conversation = records.conversations.find(self.id)
            assert conversation is not None
            return conversation.owner, session_of(records, self.id, at=self.clock()).state


@given(steps=st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=14))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_one_side_answers_at_a_time_and_the_bot_has_what_ended(store: SqlStore, steps: list[tuple[int, bool]]) -> None:
    walk = Walk(store)
    for chance, code in steps:
        possible = [name for name, (states, _) in MOVES.items() if walk.truth in states]
        walk.move(possible[chance % len(possible)], code=code)
        owner, state = walk.ours()
        assert state is walk.truth
        assert (owner is Owner.HUMAN) == (state is PERSON)
        held = walk.held()
        # Nothing is said but while the conversation is the bot's, whether or not there was a code: a code is for the line of its event.
        assert held == {NEW: None, POOL: NotOurTurn, PERSON: NotOurTurn, ENDED: RecipientGone}[state]
    if walk.truth is ENDED:
        walk.move("customer", code=False)
        assert walk.ours() == (Owner.BOT, NEW)
        assert walk.held() is None
    walk.client.close()
