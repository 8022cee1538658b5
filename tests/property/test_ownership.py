"""Who speaks: in any order of events, the bot is silent while a person holds the conversation, and nobody's words are lost.

The product itself is driven: what arrives, what is worked and what is sent are three things that happen whenever Hypothesis likes.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from bot.handoff import return_silent
from domain.conversation import Conversation, Owner
from domain.party import Party, Role
from tests.crash.bank import MANAGERS
from tests.property.process_kit import House, customer, house_over

pytestmark = pytest.mark.long(seconds=10)

SLA = timedelta(minutes=3)
SAID = ("你好", "我的银行卡丢了怎么办", "转人工", "不用转人工了", "别再给我发消息了", "大额存单是什么", "在吗", "谢谢")
RARELY = st.sampled_from([False, False, False, True])
OF_THE_STRETCH = ("来接您了", "先告一段落", "临时走不开")  # the notices that mark a stretch


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("ownership")
    with house_over(f"sqlite:///{folder}/peiban.db", folder, customers=2000) as made:
        yield made


class Ownership(RuleBasedStateMachine):
    """One customer, the manager who is responsible, and one who is not."""

    def __init__(self, house: House, number: int) -> None:
        super().__init__()
        self.house = house
        self.who = customer(number)
        self.conversation_id = f"web:{self.who}"
        self.manager, self.stranger = (Party(Role.RM, MANAGERS[(number + other) % 2]) for other in (1, 0))
        self.said: list[str] = []

    def conversation(self) -> Conversation | None:
        with self.house.app.store.reading() as records:
            return records.conversations.find(self.conversation_id)

    def owner(self) -> Owner:
        found = self.conversation()
        return found.owner if found else Owner.BOT

    def _tick(self) -> None:
        return_silent(self.house.app.store, at=self.house.clock(), sla=SLA)

    @rule(text=st.sampled_from(SAID), seconds=st.sampled_from([0, 1, 30]))
    def customer_says(self, text: str, seconds: int) -> None:
        self.house.clock.forward(seconds)
        self.said.append(text)
        self.house.arrives(self.who, text)

    @initialize()
    def they_know_each_other(self) -> None:
        self.customer_says("你好", 0)
        self.house.works()

    @rule(stranger=RARELY)
    def somebody_takes_over(self, stranger: bool) -> None:
        self.house.arrives(self.stranger if stranger else self.manager, f"take_over:{self.conversation_id}")

    @rule(text=st.sampled_from(SAID))
    def a_person_takes_over_while_answers_wait_to_be_sent(self, text: str) -> None:
        self.customer_says(text, 0)
        self.somebody_takes_over(stranger=False)
        self.house.works()

    @rule(stranger=RARELY, number=st.integers(0, 99))
    def somebody_replies(self, stranger: bool, number: int) -> None:
        self.house.arrives(self.stranger if stranger else self.manager, f"reply:{self.conversation_id}>好的，我帮您看一下第{number}项。")

    @rule(stranger=RARELY)
    def somebody_releases(self, stranger: bool) -> None:
        self.house.arrives(self.stranger if stranger else self.manager, f"release:{self.conversation_id}")

    @rule()
    def one_turn_is_worked(self) -> None:
        self.house.desk.work(at=self.house.clock())

    @rule()
    def everything_is_worked(self) -> None:
        self.house.works()

    @rule()
    def one_text_is_sent(self) -> None:
        self.house.app.door.send_one(at=self.house.clock())

    @rule()
    def everything_is_sent(self) -> None:
        self.house.drains()

    @rule(seconds=st.sampled_from([1, 60, 181]))
    def time_passes(self, seconds: int) -> None:
        self.house.clock.forward(seconds)

    @rule()
    def the_ticker_looks(self) -> None:
        self._tick()

    @precondition(lambda self: self.owner() is Owner.HUMAN)
    @rule()
    def a_silent_person_loses_it(self) -> None:
        self.house.works()
        if self.owner() is not Owner.HUMAN:
            return
        self.house.clock.forward(1)
        self.customer_says("有人吗", 0)
        self.house.works()
        self.house.clock.forward(SLA.total_seconds())
        self._tick()
        assert self.owner() is Owner.WAITING

    @precondition(lambda self: self.owner() is Owner.HUMAN)
    @rule()
    def a_person_who_answered_keeps_it(self) -> None:
        self.house.works()
        if self.owner() is not Owner.HUMAN:
            return
        self.house.clock.forward(1)
        self.somebody_replies(stranger=False, number=0)
        self.house.works()
        self.house.drains()
        self.house.clock.forward(SLA.total_seconds() * 2)
        self._tick()
        assert self.owner() is Owner.HUMAN

    @precondition(lambda self: self.owner() is not Owner.HUMAN)
    @rule()
    def the_bot_answers_whenever_no_person_has_it(self) -> None:
        self.house.works()
        self.house.drains()
        if self.owner() is Owner.HUMAN:
            return
        before = len(self.house.lines(self.conversation_id))
        self.customer_says("大额存单是什么", 0)
        self.house.works()
        self.house.drains()
        assert "bot:peiban" in [line.author for line in self.house.lines(self.conversation_id)[before:]]

    @invariant()
    def the_bot_is_silent_in_a_human_stretch(self) -> None:
        inside = False
        for line in self.house.lines(self.conversation_id):
            if line.kind == "mark":
                inside = line.text.startswith("人工开始")
            elif inside and line.author == "bot:peiban":
                assert line.kind == "notice", line.text
                assert any(words in line.text for words in OF_THE_STRETCH), line.text

    @invariant()
    def the_marks_alternate_and_agree_with_the_owner(self) -> None:
        marks = [line.text[:4] for line in self.house.lines(self.conversation_id) if line.kind == "mark"]
        assert marks == (["人工开始", "人工结束"] * len(marks))[: len(marks)]
        assert (self.owner() is Owner.HUMAN) == (len(marks) % 2 == 1)

    @invariant()
    def the_state_is_whole(self) -> None:
        found = self.conversation()
        if found is None:
            return
        assert (found.owner is Owner.HUMAN) == (found.owned_since is not None)
        assert (found.owner is Owner.WAITING) == (found.waiting_since is not None)
        if found.owner is Owner.HUMAN:
            assert found.staff == self.manager.id

    @invariant()
    def the_customers_words_are_kept_in_order(self) -> None:
        kept = [line.text for line in self.house.lines(self.conversation_id) if line.author == str(self.who)]
        assert kept == self.said[: len(kept)]

    def teardown(self) -> None:
        self.house.clock.forward(5)
        self.house.works()
        self.house.drains()
        kept = [line.text for line in self.house.lines(self.conversation_id) if line.author == str(self.who)]
        assert kept == self.said
        if self.owner() is Owner.HUMAN:
            self.house.arrives(self.manager, f"release:{self.conversation_id}")
            self.house.works()
            self.house.drains()
        with self.house.app.store.reading() as records:
            waiting = {task.conversation_id for task in records.tasks.listed(kind="hand_off")}
        assert (self.conversation_id in waiting) == (self.owner() is Owner.WAITING)


def test_in_any_order_of_events_one_side_speaks_and_nothing_is_lost(house: House) -> None:
    numbers = count(1)
    run_state_machine_as_test(
        lambda: Ownership(house, next(numbers)),
        settings=settings(
            max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        ),
    )
