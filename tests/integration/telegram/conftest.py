"""The real app and the real library against a Telegram on loopback."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from bot.app import App
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.reception import Reception
from bot.channels.telegram.wiring import attach
from domain.ports import OutboxRow
from sandbox.telegram import TelegramServer
from tests.conftest import MORNING

TOKEN = "7000000001:SANDBOX-token-of-nobody"
SECRET = "webhook_secret-1"
ZHOU_USER, STRANGER = 1001, 6666
WAITS_S = (0.05,)
PEOPLE = {str(ZHOU_USER): "rm:S0003"}


@dataclass
class Line:
    """An app that talks over Telegram."""

    app: App
    channel: TelegramChannel
    reception: Reception

    def rows(self, status: str) -> list[OutboxRow]:
        with self.app.store.reading() as records:
            return list(records.outbox.by_status(status))


Opener = Callable[..., Line]


def channel_to(server: TelegramServer, people: Mapping[str, str] = PEOPLE, **more: Any) -> TelegramChannel:
    given: dict[str, Any] = {
        "clock": lambda: MORNING,
        "per_chat": "500 per second",
        "overall": "500 per second",
        "poll_s": 5.0,
    }
    return TelegramChannel(TOKEN, server.api_base, people, **(given | more))


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(token=TOKEN) as running:
        yield running


@pytest.fixture
def sending(server: TelegramServer) -> Iterator[TelegramChannel]:
    """The sending half alone, to a person who wrote to the bot before."""
    server.world.say(ZHOU_USER, "/start")
    channel = channel_to(server)
    yield channel
    channel.close()


@pytest.fixture
def open_line(house: Callable[..., App], server: TelegramServer) -> Iterator[Opener]:
    """Opens lines: an app that moves, and its reception. `start=False` leaves the reception waiting."""
    with ExitStack() as ends:

        def make(
            people: Mapping[str, str] = PEOPLE,
            *,
            start: bool = True,
            customers: bool = False,
            waits_s: Sequence[float] = WAITS_S,
            **settings: Any,
        ) -> Line:
            channel = channel_to(server, people, customers=customers)
            app = house(channels={"telegram": channel}, **settings)
            app.mover.start()
            reception = attach(app, channel, waits_s=waits_s)
            ends.callback(reception.stop)
            if start:
                reception.start()
            return Line(app, channel, reception)

        yield make
