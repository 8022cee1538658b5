"""Callbacks and calls that go wrong, between the product and a WeCom that can be told to: nothing lost, nothing twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.customer_service import ServiceState
from tests.integration.wecom.peer_rig import Customer, Peers, peers

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=12)]

FAULTS: tuple[dict[str, Any], ...] = (
    {"errcode": -1},
    {"errcode": 40014},
    {"errcode": 42001},
    {"errcode": 45033},
    {"http": 500},
    {"slow_s": 0.3},
    {"drop": "before"},
    {"drop": "after"},
)
A_MINUTE: dict[str, Any] = {"errcode": 45009}  # on sync_msg it is a minute of the network's time: there it is left out


def _called(fault: dict[str, Any]) -> str:
    return "-".join(map(str, next(iter(fault.items()))))


@pytest.fixture(scope="module")
def both(bank_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    with peers(bank_template, tmp_path_factory.mktemp("peers")) as running:
        running.customer().ask("你好")
        yield running


@pytest.fixture
def customer(both: Peers) -> Iterator[Customer]:
    yield both.customer()
    both.corp.http("DELETE", "/_sandbox/faults")
    both.quiet(passing_s=5)


def test_callbacks_twice_and_in_reverse(both: Peers) -> None:
    several = [both.customer() for _ in range(4)]
    both.corp.admin("settings", coalesce=False)
    for number, how in enumerate(({"twice": 4}, {"reverse": 4}), 1):
        both.corp.admin("callbacks", **how)
        for one in several:
            one.say("在吗")
        for one in several:
            one.gets(number)
        both.quiet()
        assert [len(one.read()) for one in several] == [number] * 4
    assert both.corp.admin("callbacks") | {"log": []} == {"waiting": 0, "busy": 0, "log": []}
    both.corp.admin("settings", coalesce=True)


def test_an_empty_page_is_not_the_end(both: Peers, customer: Customer) -> None:
    both.corp.admin("kf/empty_pages", open_kfid=both.kfid, times=2)
    assert customer.ask("在吗")
    both.quiet()
    assert len(customer.read()) == 1


def test_accounts_that_are_gone_keep_nobody_else_waiting(both: Peers, customer: Customer) -> None:
    for number in range(8):  # more than are pulled at once
        both.reception.hear({"Event": "kf_msg_or_event", "OpenKfId": f"wkGone{number}", "Token": "T"})
    both.until(lambda: len(both.calls("kf/sync_msg", open_kfid="wkGone7")) >= 1, "those before it hold the threads")
    assert customer.ask("在吗")


def test_a_callback_that_comes_after_its_token_has_ended(both: Peers, customer: Customer) -> None:
    both.corp.admin("callbacks", hold=True)
    customer.say("在吗")
    both.advance(660)
    both.corp.admin("callbacks", hold=False)
    customer.gets(1)
    both.quiet()
    refused = [one["n"] for one in both.calls("kf/sync_msg") if one["errcode"] == 95007]
    assert len(refused) == 1


def test_what_is_older_than_three_days_is_gone_and_the_rest_is_answered(both: Peers, customer: Customer) -> None:
    late = both.customer()
    both.corp.admin("callbacks", hold=True)
    customer.say("三天前")
    both.advance(4 * 86_400)
    late.say("刚才")
    both.corp.admin("callbacks", hold=False)
    assert late.gets(1)
    both.quiet()
    assert customer.read() == []


@pytest.mark.parametrize("fault", FAULTS, ids=_called)
def test_pulling(both: Peers, customer: Customer, fault: dict[str, Any]) -> None:
    both.fault("kf/sync_msg", **fault)
    customer.ask("在吗")
    both.quiet()
    assert len(customer.read()) == 1


@pytest.mark.parametrize("fault", [*FAULTS, A_MINUTE], ids=_called)
def test_sending(both: Peers, customer: Customer, fault: dict[str, Any]) -> None:
    both.fault("kf/send_msg", **fault)
    customer.ask("在吗", passing_s=5)
    both.quiet(passing_s=5)
    customer.ask("你好", passing_s=5)  # what is behind it is not held up
    both.quiet()
    assert len(customer.read()) == 2
    ids = {one["given"]["msgid"] for one in both.calls("kf/send_msg", touser=customer.who)}
    assert len(ids) == 2  # whatever was sent again went under its own id


@pytest.mark.parametrize("fault", [*FAULTS, A_MINUTE], ids=_called)
def test_handing_over(both: Peers, customer: Customer, fault: dict[str, Any]) -> None:
    customer.ask("你好")
    both.fault("kf/service_state/trans", **fault)
    customer.ask("转人工")

    def in_the_pool() -> bool:
        both.app.bell.ring(customer.conversation)
        return customer.our_state() is ServiceState.POOL

    both.until(in_the_pool, "nobody was asked for")
    assert customer.wecom_state() == 2
    both.quiet()
    assert len(customer.read()) == 2
