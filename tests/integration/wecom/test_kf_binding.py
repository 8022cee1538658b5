"""A stranger on WeChat shows who they are, is known from then on, and is a stranger again after unbinding."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.app import App
from bot.channels.wecom.kf.channel import KfChannel
from bot.channels.wecom.kf.names import conversation_of, visitor
from bot.channels.wecom.wiring import attach
from compliance.stepup import code_at
from domain.binding import BindCode, digest_of
from domain.contacts import Binding
from domain.conversation import Owner
from domain.message import Draft, Inbound, Purpose
from domain.party import Party, Role
from storage.book_tables import customers
from storage.records import SqlRecords
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.kf_rig import CORP, KEY, KFID, TOKEN, kf_server
from tests.integration.wecom.test_kf_house import Rig

pytestmark = pytest.mark.slow

WHO = "wmVisitor"
CONVERSATION = conversation_of(KFID, WHO)


@pytest.fixture
def rig(house: Callable[..., App]) -> Iterator[Rig]:
    with kf_server() as server:
        server.now = MORNING.timestamp
        clock = MovableClock(MORNING)
        settings = {"wecom_api_base": server.base, "wecom_corp_id": CORP, "wecom_secret": "s", "wecom_token": TOKEN, "wecom_aes_key": KEY}
        app = house(clock=clock, **settings, wecom_people={"ZhouMin": "rm:S0003", "LinXiao": "rm:S0004"})
        channel = app.channels["kf"]
        assert isinstance(channel, KfChannel)
        reception = attach(app, channel)
        app.mover.start()
        reception.start()
        yield Rig(app, reception, server)
        reception.stop()


def say(rig: Rig, party: Party, text: str) -> str:
    """Somebody says something on our page; what comes back."""
    conversation = f"web:{party}"

    def lines() -> list[str]:
        with rig.app.store.reading() as records:
            return [
                line.text
                for line in records.transcript.of(conversation, last=50)
                if line.author == "bot:peiban" and line.kind != "notice" and not line.text.startswith("您好，我是")
            ]

    before = len(lines())
    message = Inbound(channel="web", message_id=f"{party}-{text}-{before}", sender=party, text=text, received_at=rig.app.clock())
    rig.app.receive(message)
    rig.until(lambda: len(lines()) > before, "no answer")
    return lines()[-1]


def code_in(text: str) -> str:
    found = re.search(r"[0-9]{8}", text)
    assert found, text
    return found.group()


def party_of(rig: Rig) -> Party:
    with rig.app.store.reading() as records:
        conversation = records.conversations.find(CONVERSATION)
        assert conversation is not None
        return conversation.party


def test_from_stranger_to_customer_and_back(rig: Rig) -> None:
    rm, customer, server = Party(Role.RM, "S0003"), Party(Role.CUSTOMER, "C000001"), rig.server
    server.servicers = {"ZhouMin": 0, "LinXiao": 0}
    with rig.app.store.reading() as records:
        secret = records.stepups.sandbox_secret(rm.id)
    assert secret

    # A code is given only after the second factor, and to nobody who does not look after the customer.
    assert "口令" not in say(rig, Party(Role.RM, "S0004"), "给C000001绑定码")
    assert "6 位动态口令" in say(rig, rm, "绑定码 C000001")
    code = code_in(say(rig, rm, code_at(secret, rig.app.clock())))

    rig.ask("你好")
    assert party_of(rig) == visitor(WHO)
    assert "8 位数字" in rig.ask("绑定微信")
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    assert "不对，或者已经过期" in (refused := rig.ask(wrong))
    assert "张" not in refused
    done = rig.ask(f"绑定 {code}")
    assert "已绑定：张*" in done
    assert party_of(rig) == customer
    rig.until(lambda: "绑定好了" in _last(rig, f"web:{rm}"), "the relationship manager was not told")

    # From now on it is the customer who speaks, here and to their own relationship manager.
    assert "客户经理" in rig.ask("我的客户经理是谁")
    with rig.app.store.reading() as records:
        authors = [line.author for line in records.transcript.of(CONVERSATION, last=50) if line.author.startswith("customer:")]
        assert authors[0] == str(visitor(WHO))
        assert authors[-1] == str(customer)
        assert [one.id for one in records.conversations.of_party(customer) if one.channel == "kf"] == [CONVERSATION]
        assert records.contacts.customers_of([WHO]) == {WHO: customer.id}
    assert "已经绑定了" in rig.ask(f"绑定 {code}")

    # A code cannot be used a second time, by the same person after unbinding either; then they are a stranger.
    assert "确定吗" in rig.ask("解绑微信")
    assert "已经解绑" in rig.ask("确认解绑")
    assert party_of(rig) == visitor(WHO)
    assert "没有固定的客户经理" in rig.ask("我的客户经理是谁")
    assert "不对，或者已经过期" in rig.ask(f"绑定 {code}")

    # By our page, where they are logged in; then a person is asked for, and it is their own.
    code = code_in(say(rig, customer, "绑定微信"))
    assert "已绑定" in rig.ask(f"绑定 {code}")
    rig.ask("转人工")
    rig.until(lambda: server.states.get(WHO) == 3, "the own relationship manager was not asked")
    rig.until(lambda: rig.owner() == (Owner.HUMAN, "S0003"), "it is not the own relationship manager's")


def test_five_wrong_codes_lock_whatever_is_typed_then(rig: Rig) -> None:
    customer = Party(Role.CUSTOMER, "C000001")
    code = code_in(say(rig, customer, "绑定微信"))
    assert "要在微信里做" in say(rig, customer, f"绑定 {code}")  # on our page a code does nothing
    rig.ask("你好")
    others = [f"{(int(code) + step) % 10**8:08d}" for step in range(1, 6)]
    answers = [rig.ask(f"绑定 {other}") for other in others[:3]]
    _late(rig)
    assert len({*answers, rig.ask(f"绑定 {code}")}) == 1, "an expired code must sound like a wrong one"
    assert "先停一个小时" in rig.ask(f"绑定 {others[4]}")
    fresh = code_in(say(rig, customer, "绑定微信"))
    assert "先停一个小时" in rig.ask(f"绑定 {fresh}")
    with rig.app.store.reading() as records:
        assert [task.kind for task in records.tasks.listed(kind="review")] == ["review"]
        assert records.contacts.bindings_of(customer.id) == []
    assert party_of(rig) == visitor(WHO)


def test_of_two_who_type_one_code_at_once_one_is_bound(house: Callable[..., App]) -> None:
    app = house()
    digest = digest_of("12345678")
    until = MORNING + timedelta(minutes=10)
    code = BindCode(digest=digest, customer_id="C000001", how="rm_code", by="rm:S0003", tell="web:rm:S0003", at=MORNING, until=until)
    with app.store.writing() as records:
        assert records.bind_codes.issue(code)
    got: list[object] = []

    def use() -> None:
        with app.store.writing() as records:
            got.append(records.bind_codes.use(digest, at=MORNING))

    both = [threading.Thread(target=use) for _ in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join(10)
    assert sorted(one is not None for one in got) == [False, False, False, True]


def test_a_waiting_stranger_is_seen_by_every_manager_and_taken_in_wecom(rig: Rig) -> None:
    rig.ask("找真人")
    rig.until(lambda: rig.owner()[0] is Owner.WAITING, "nobody was asked for")
    for manager in ("S0003", "S0004"):
        assert "微信访客" in say(rig, Party(Role.RM, manager), "待接")
    assert "企业微信的客服工作台" in say(rig, Party(Role.RM, "S0004"), f"take_over:{CONVERSATION}")
    assert "现在没有客户在等" not in say(rig, Party(Role.RM, "S0003"), "待接 ")
    assert rig.owner() == (Owner.WAITING, None)


def test_a_closed_customer_is_a_stranger_and_hears_nothing_meant_for_the_customer(rig: Rig) -> None:
    customer, store = Party(Role.CUSTOMER, "C000001"), rig.app.store
    with store.writing() as records:
        records.contacts.bind(Binding(external_userid=WHO, customer_id=customer.id, at=MORNING, how="rm_code", by="rm:S0003"))
    rig.ask("我的客户经理是谁")
    assert party_of(rig) == customer
    with store.writing() as records:
        assert isinstance(records, SqlRecords)
        records.connection.execute(update(customers).where(customers.c.id == customer.id).values(status="closed"))
    assert "没有固定的客户经理" in rig.ask("我的客户经理是谁")
    assert party_of(rig) == visitor(WHO)
    said = len(rig.server.sent)
    with store.writing() as records:
        late = Draft(text="只给张伟看", to=customer, purpose=Purpose.REPLY)
        records.outbox.add(late, conversation_id=CONVERSATION, channel="kf", at=MORNING, key="late")
    rig.ask("你好")
    assert "只给张伟看" not in rig.server.texts()[said:]


def _late(rig: Rig) -> None:
    clock = rig.app.clock
    assert isinstance(clock, MovableClock)
    clock.at += timedelta(minutes=11)


def _last(rig: Rig, conversation: str) -> str:
    with rig.app.store.reading() as records:
        return records.transcript.of(conversation, last=1)[-1].text
