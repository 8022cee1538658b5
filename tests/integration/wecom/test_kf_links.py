"""Links in WeChat: an answer opens the bank's page from its menu, and nothing opens any other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.message import Draft, Link, Purpose
from tests.integration.wecom.peer_rig import Customer, Peers, peers

pytestmark = pytest.mark.slow
HOME, APP = "https://www.bank.example/", "https://www.bank.example/app?from=kf"


@pytest.fixture(scope="module")
def both(bank_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    settings = {"bank_pages": {"home": HOME, "app": APP}, "link_hosts": ("www.bank.example",)}
    with peers(bank_template, tmp_path_factory.mktemp("links"), **settings) as running:
        yield running


@pytest.fixture
def customer(both: Peers) -> Customer:
    return both.customer()


def menu(customer: Customer, number: int) -> list[dict[str, Any]]:
    """The items under a message of the bot, as the phone shows them."""
    said = [one["body"] for one in customer.seen() if one["by"] == "api"]
    return list(said[number].get("msgmenu", {}).get("list", []))


def test_who_opens_the_chat_finds_the_banks_page_above_the_choices(both: Peers, customer: Customer) -> None:
    both.corp.customer("enter", customer=customer.who)
    customer.gets(1)
    first, *others = menu(customer, 0)
    assert first == {"type": "view", "view": {"url": HOME, "content": "银行官网"}}
    assert {one["type"] for one in others} == {"click"}
    assert [one["errcode"] for one in both.calls("kf/send_msg_on_event")] == [0]


def test_an_answer_opens_its_page_and_its_choices_still_answer(both: Peers, customer: Customer) -> None:
    customer.say("手机银行登不上去了")
    customer.gets(2)  # who speaks, and the answer
    opens, *answers = menu(customer, 1)
    assert opens == {"type": "view", "view": {"url": APP, "content": "官网下载App"}}
    more = next(one["click"] for one in answers if one["click"]["content"] == "展开")
    both.corp.customer("say", customer=customer.who, text=more["content"], menu_id=more["id"])
    assert "应用商店" in customer.gets(3)[2]
    assert menu(customer, 2)[0] == opens
    assert {one["errcode"] for one in both.calls("kf/send_msg", touser=customer.who)} == {0}
    with both.app.store.reading() as records:
        linked = [line.links for line in records.transcript.of(customer.conversation) if line.links]
    assert linked == [(("官网下载App", APP),)] * 2


def test_a_link_that_leads_elsewhere_stays_in_the_house(both: Peers, customer: Customer) -> None:
    customer.say("手机银行登不上去了")
    before = len(customer.gets(2))
    with both.app.store.reading() as records:
        conversation = records.conversations.find(customer.conversation)
    assert conversation is not None
    away = Link(label="领取权益", url="https://www.bank.example.evil.example/")
    customer.to_send(Draft(text="您看看这个。", to=conversation.party, purpose=Purpose.REPLY, links=(away,)), f"away-{customer.who}")
    both.until(lambda: len(customer.read()) > before, "nothing was said in its place")
    both.quiet()
    assert "您看看这个。" not in customer.read()
    assert all("evil" not in str(one) for one in customer.seen())
    with both.app.store.reading() as records:
        row = records.outbox.of_key(f"away-{customer.who}")
    assert row is not None
    assert (row.status, [rule for rule, _, _ in row.findings]) == ("blocked", ["outward_links"])
