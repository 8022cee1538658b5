"""The real app over a WeCom on loopback, for the app of staff."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot.app import App
from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.reception import Reception
from bot.channels.wecom.wiring import attach_app
from domain.message import Inbound
from domain.party import Party, Role
from domain.ports import OutboxRow
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.app_rig import AGENT, SETTINGS, ZHOU, AppServer, Edge, app_server, buttons, served, shown, stop_idle

Field = tuple[str, str]


class Office:
    """An app that talks over WeCom's app of staff."""

    def __init__(self, app: App, channel: AppChannel, reception: Reception, server: AppServer, edge: Edge) -> None:
        self.app, self.channel, self.reception, self.server, self.edge = app, channel, reception, server, edge
        self._said = 0

    def stamp(self) -> str:
        return str(int(self.app.clock().timestamp()))

    def fields(self, userid: str, what: str, *more: Field) -> tuple[Field, ...]:
        head = (("ToUserName", "corp"), ("FromUserName", userid), ("CreateTime", self.stamp()), ("MsgType", what), ("AgentID", str(AGENT)))
        return (*head, *more)

    def say(self, text: str, *, userid: str = ZHOU) -> None:
        self._said += 1
        assert self.edge.event(*self.fields(userid, "text", ("Content", text), ("MsgId", f"45{self._said:015d}"))) == 200

    def event(self, name: str, *more: Field, userid: str = ZHOU) -> None:
        assert self.edge.event(*self.fields(userid, "event", ("Event", name), *more)) == 200

    def press(self, card: dict[str, Any], label: str, *, userid: str = ZHOU) -> str:
        """Press a button of a card; returns the response code that WeCom gave along."""
        with self.server.lock:
            code = self.server.response_code()
        key, task = buttons(card)[label], card["template_card"]["task_id"]
        more = (("EventKey", key), ("TaskId", task), ("CardType", "button_interaction"), ("ResponseCode", code))
        self.event("template_card_event", *more, userid=userid)
        return code

    def hear(self, count: int, *, userid: str = ZHOU) -> list[dict[str, Any]]:
        """What a member got, once there is so much."""
        got: list[dict[str, Any]] = []

        def enough() -> bool:
            got[:] = self.server.to(userid)
            return len(got) >= count

        until(enough, lambda: f"{len(got)} of {count}: {[shown(one) for one in got]}")
        return got

    def ask(self, text: str, *, userid: str = ZHOU) -> list[dict[str, Any]]:
        """Say something and read all that comes back."""
        before = len(self.server.to(userid))
        self.say(text, userid=userid)
        self.hear(before + 1, userid=userid)
        self.quiet()
        return self.server.to(userid)[before:]

    def quiet(self) -> None:
        """Wait until everything is worked and sent."""

        def done() -> bool:
            with self.app.store.reading() as records:
                return records.inbox.waiting() == 0 and not any(records.outbox.by_status(one) for one in ("pending", "sending"))

        until(done, lambda: "there is still something to do")

    def rows(self, status: str) -> list[OutboxRow]:
        with self.app.store.reading() as records:
            return list(records.outbox.by_status(status))

    def lines(self, conversation: str) -> list[tuple[str, str]]:
        with self.app.store.reading() as records:
            return [(line.author, line.text) for line in records.transcript.of(conversation)]

    def customer(self) -> Party:
        with self.app.store.reading() as records:
            return Party(Role.CUSTOMER, next(one.id for one in records.book.customers_of("S0003") if one.kind == "person"))

    def on_the_web(self, party: Party, text: str) -> None:
        self.app.receive(Inbound(channel="web", message_id=f"web-{text}", sender=party, text=text, received_at=self.app.clock()))


def until(holds: Callable[[], bool], what: Callable[[], str]) -> None:
    """Wait for something; fails when it does not come."""
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


@pytest.fixture(scope="session", autouse=True)
def _servers_end() -> Iterator[None]:
    yield
    stop_idle()


@pytest.fixture
def wecom() -> Iterator[AppServer]:
    with app_server() as server:
        yield server


@pytest.fixture
def open_office(house: Callable[..., App], wecom: AppServer) -> Iterator[Callable[..., Office]]:
    """Opens offices. Keyword arguments go to the settings."""
    with ExitStack() as ends:

        def make(**settings: Any) -> Office:
            clock = MovableClock(MORNING)
            app = house(clock=clock, wecom_api_base=wecom.base, **(SETTINGS | settings))
            channel = app.channels["wecom"]
            assert isinstance(channel, AppChannel)
            reception = attach_app(app, channel)
            edge = ends.enter_context(served(reception.routes()))
            edge.now = lambda: clock().timestamp()
            ends.callback(reception.stop)
            app.mover.start()
            return Office(app, channel, reception.edge, wecom, edge)

        yield make


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office()
