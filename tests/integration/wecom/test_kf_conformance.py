"""Sessions, windows and limits of WeChat customer service as the product meets them (docs/wecom.md has the table)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.conversation import Conversation, Owner
from domain.customer_service import ServiceState
from domain.message import Button, Draft, Purpose
from domain.party import Party, Role
from tests.integration.wecom.peer_rig import Customer, Peers, peers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def both(bank_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    with peers(bank_template, tmp_path_factory.mktemp("peers")) as running:
        yield running


@pytest.fixture
def customer(both: Peers) -> Iterator[Customer]:
    yield both.customer()
    both.corp.http("DELETE", "/_sandbox/faults")
    both.corp.admin("callbacks", hold=False)
    both.quiet(passing_s=5)


def test_a_session_through_every_state_with_each_code_once(both: Peers, customer: Customer) -> None:
    customer.ask("你好")
    assert customer.wecom_state() == 1  # answered in 0
    customer.ask("转人工")
    both.until(lambda: customer.our_state() is ServiceState.POOL, "nobody was asked for")
    assert customer.wecom_state() == 2
    customer.say("还要多久")
    both.until(lambda: "还要多久" in customer.heard(), "it was lost")

    said = len(customer.read())
    customer.servicer("take")
    assert "来接您了" in customer.gets(said + 1)[said]
    assert (customer.wecom_state(), customer.owner()) == (3, Owner.HUMAN)
    customer.servicer("say", text="您好")
    customer.servicer("transfer", to="he")
    customer.say("我想改手机号")
    both.until(lambda: "我想改手机号" in customer.heard(), "it was lost")
    both.quiet()
    assert len(customer.read()) == said + 1, "the bot spoke while a person has it"

    customer.servicer("end", member="he")
    assert "先告一段落" in customer.gets(said + 2)[said + 1]
    assert (customer.wecom_state(), customer.owner()) == (4, Owner.BOT)
    customer.servicer("say", member="zhou", text="补充一句")  # from 4 back to 3, by the client only
    both.until(lambda: customer.our_state() is ServiceState.PERSON, "the reopened session was not noted")
    customer.servicer("end", member="zhou")
    both.until(lambda: customer.our_state() is ServiceState.ENDED, "the second end was not noted")
    both.quiet()
    assert customer.ask("周末开门吗")
    assert customer.wecom_state() == 1
    on_events = both.calls("kf/send_msg_on_event")
    used = [one["given"]["code"] for one in on_events if one["errcode"] == 0]
    assert len(used) == len(set(used)) >= 2
    assert [one["errcode"] for one in both.calls("kf/send_msg", touser=customer.who) if one["errcode"]] == []


@pytest.mark.parametrize(("late_s", "shown"), [(5, 1), (25, 0)])
def test_a_welcome_within_its_twenty_seconds_only(both: Peers, customer: Customer, late_s: int, shown: int) -> None:
    both.corp.admin("callbacks", hold=True)
    both.corp.customer("enter", customer=customer.who)
    both.advance(late_s)
    both.corp.admin("callbacks", hold=False)
    customer.ask("在吗")  # what came before it has been worked
    both.quiet()
    assert len(customer.read()) == 1 + shown
    assert {one["errcode"] for one in both.calls("kf/send_msg_on_event")} <= {0}


def test_a_closing_word_that_comes_too_late_is_not_said(both: Peers, customer: Customer) -> None:
    customer.ask("转人工")
    both.until(lambda: customer.our_state() is ServiceState.POOL, "nobody was asked for")
    said = len(customer.read())
    customer.servicer("take")
    customer.gets(said + 1)
    both.corp.admin("callbacks", hold=True)
    customer.servicer("end")
    both.advance(30)
    both.corp.admin("callbacks", hold=False)
    both.until(lambda: customer.our_state() is ServiceState.ENDED, "the end was not noted")
    both.quiet()
    assert len(customer.read()) == said + 1
    assert customer.ask("周末开门吗")


@pytest.mark.parametrize("code", [95014, 95016, 95019])
def test_a_manager_whom_wecom_refuses_leaves_the_customer_in_the_pool(both: Peers, customer: Customer, code: int) -> None:
    both.corp.admin("callbacks", hold=True)
    customer.say("转人工")
    both.fault("kf/service_state/trans", errcode=code)
    with both.app.store.writing() as records:
        party = Party(Role.CUSTOMER, records.book.customers_of("S0004")[0].id)
        waiting = Conversation(id=customer.conversation, channel="kf", party=party, owner=Owner.WAITING)
        records.conversations.save(waiting, at=both.clock())

    def in_the_pool() -> bool:
        both.app.bell.ring(customer.conversation)
        return customer.our_state() is ServiceState.POOL

    both.until(in_the_pool, "not in the pool")
    tried = [(one["given"]["service_state"], one["errcode"]) for one in both.calls("kf/service_state/trans", **customer.address)]
    assert tried == [(3, code), (2, 0)]
    assert customer.wecom_state() == 2


def test_a_person_took_it_and_the_event_has_not_come_yet(both: Peers, customer: Customer) -> None:
    customer.ask("你好")
    both.corp.kf("service_state/trans", **customer.address, service_state=3, servicer_userid="zhou")
    said = len(customer.read())
    customer.say("我的卡丢了")
    both.until(lambda: customer.our_state() is ServiceState.PERSON, "the state was not asked for")  # after 95018
    both.quiet()
    assert len(customer.read()) == said
    assert [one["errcode"] for one in both.calls("kf/send_msg", touser=customer.who)].count(95018) == 1


def test_a_refusal_for_the_state_that_has_passed_delays_only(both: Peers, customer: Customer) -> None:
    customer.ask("你好")
    both.fault("kf/send_msg", errcode=95018)
    customer.ask("我的卡丢了", passing_s=1)
    both.quiet()
    assert len(customer.read()) == 2


def test_long_answers_and_large_menus_keep_to_the_limits(both: Peers, customer: Customer) -> None:
    both.corp.admin("callbacks", hold=True)
    customer.say("你好")
    both.advance(1)  # as in life, the answer is later than the question
    both.corp.admin("callbacks", hold=False)
    customer.gets(1)
    with both.app.store.reading() as records:
        conversation = records.conversations.find(customer.conversation)
    assert conversation is not None
    long = "。".join(f"第{number}条，带上身份证到网点办理" for number in range(900))
    buttons = tuple(Button(label=f"选项{number}", payload=f"选项{number}") for number in range(14))
    customer.to_send(Draft(text=long, to=conversation.party, purpose=Purpose.REPLY, buttons=buttons), f"long-{customer.who}")
    customer.gets(5)
    both.quiet()
    sent = both.calls("kf/send_msg", touser=customer.who)
    assert len(sent) == 5  # the greeting, and four parts
    assert {one["errcode"] for one in sent} == {0}
    assert all(len(one["given"].get("msgmenu", {}).get("list", [])) <= 10 for one in sent)


def test_what_is_over_five_waits_for_the_customer(both: Peers, customer: Customer) -> None:
    customer.ask("你好")
    for number in range(4):
        message = {"msgtype": "text", "text": {"content": f"别的程序{number}"}}
        assert both.corp.kf("send_msg", touser=customer.who, open_kfid=both.kfid, **message)["errcode"] == 0
    with both.app.store.reading() as records:
        conversation = records.conversations.find(customer.conversation)
    assert conversation is not None
    customer.to_send(Draft(text="您问的已经查到了。", to=conversation.party, purpose=Purpose.REPLY), f"over-{customer.who}")
    both.until(lambda: 95001 in [one["errcode"] for one in both.calls("kf/send_msg", touser=customer.who)], "it was not tried")
    assert len(customer.read()) == 5
    customer.say("在吗")
    texts = customer.gets(7, passing_s=5)
    assert texts[5] == "您问的已经查到了。"  # and nothing overtook it
    both.quiet()
    assert len(customer.read()) == 7


def test_after_forty_eight_hours_a_person_is_told(both: Peers, customer: Customer) -> None:
    customer.ask("你好")
    with both.app.store.reading() as records:
        conversation = records.conversations.find(customer.conversation)
    assert conversation is not None
    both.advance(49 * 3600)
    customer.to_send(Draft(text="您问的已经查到了。", to=conversation.party, purpose=Purpose.REPLY), f"old-{customer.who}")
    both.until(lambda: bool(customer.tasks()), "nobody was told")
    assert [one["errcode"] for one in both.calls("kf/send_msg", touser=customer.who)][-1] == 95002
    assert customer.ask("我回来了")
