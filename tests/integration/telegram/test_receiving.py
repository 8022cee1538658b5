"""An update is stored before it is acknowledged: nothing is lost or worked twice, whatever ends in between."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.app import App
from bot.channels.telegram.reception import MAX_BODY, Reception
from bot.channels.telegram.webhook import webhook_route
from domain.errors import BadSettings
from domain.message import Inbound
from domain.party import Party
from sandbox.telegram import Fault, TelegramServer
from tests.integration.telegram.conftest import SECRET, WAITS_S, ZHOU_USER, Line, Opener, channel_to

QUEUE = "没有客户在等"


def test_polling_goes_on_after_a_restart_without_loss_or_repetition(server: TelegramServer, open_line: Opener) -> None:
    server.faults.add("getupdates", None, Fault.DROP_BEFORE)  # stored and answered, but the acknowledgement is lost
    server.world.say(ZHOU_USER, "待接")
    first = open_line(waits_s=(3600,))  # it ends before it acknowledges at a second try, however long that takes here
    assert server.world.wait(lambda: len(server.world.sent) == 1)
    first.reception.stop()
    first.app.close()
    assert server.world.waiting == 1
    server.world.say(ZHOU_USER, "待接 ")

    second = open_line()

    assert server.world.wait(lambda: server.world.waiting == 0 and len(server.world.sent) == 2)
    second.reception.stop()
    second.app.mover.stop()
    assert [QUEUE in sent.text for sent in server.world.sent] == [True, True]


@dataclass
class Stumbling:
    """A house whose database is locked at the first message."""

    app: App
    stumbles: int = 1

    def receive(self, inbound: Inbound) -> int | None:
        if self.stumbles:
            self.stumbles -= 1
            raise OSError("database is locked")
        return self.app.receive(inbound)

    def known(self, party: Party) -> Party:
        return self.app.known(party)


def test_what_could_not_be_stored_comes_again(server: TelegramServer, open_line: Opener) -> None:
    line = open_line(start=False)
    reception = Reception(Stumbling(line.app), line.channel, waits_s=WAITS_S)
    reception.start()

    server.world.say(ZHOU_USER, "待接")

    assert server.world.wait(lambda: len(server.world.sent) == 1 and server.world.waiting == 0)
    reception.stop()


@pytest.mark.parametrize("fault", [Fault.FLOOD, Fault.BROKEN, Fault.GATEWAY, Fault.GARBAGE])
def test_polling_survives_a_bad_hour_of_telegram(server: TelegramServer, open_line: Opener, fault: Fault) -> None:
    server.faults.retry_after = 0
    server.faults.add("getupdates", fault)
    open_line()

    server.world.say(ZHOU_USER, "待接")

    assert server.world.wait(lambda: len(server.world.sent) == 1 and server.world.waiting == 0)


# The webhook.


@contextmanager
def serving(make: Callable[[str], Reception]) -> Iterator[tuple[Reception, str]]:
    """A web server on loopback with the route of a reception that is made for its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/hooks/telegram"
    reception = make(url)
    web = FastAPI()
    web.include_router(webhook_route(reception, url))
    server = uvicorn.Server(uvicorn.Config(web, log_level="warning", lifespan="off", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield reception, url
    finally:
        reception.stop()
        server.should_exit = True
        thread.join()
        listening.close()


def post(url: str, body: bytes, secret: str | None = SECRET) -> int:
    address = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=10)
    connection.request("POST", address.path, body, {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {})
    status = connection.getresponse().status
    connection.close()
    return status


def update(number: int, text: str = "待接") -> bytes:
    user = {"id": ZHOU_USER, "is_bot": False, "first_name": "周"}
    message = {"message_id": number, "date": 1, "from": user, "chat": {"id": ZHOU_USER, "type": "private"}, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


@contextmanager
def hooked(line: Line) -> Iterator[tuple[Reception, str]]:
    with serving(lambda url: Reception(line.app, line.channel, webhook_url=url, secret=SECRET)) as served:
        yield served


def test_telegram_pushes_and_the_answer_comes(server: TelegramServer, open_line: Opener) -> None:
    line = open_line(start=False)
    with hooked(line) as (reception, url):
        reception.start()
        assert server.world.wait(lambda: server.world.webhook.url == url)

        server.world.say(ZHOU_USER, "待接")

        assert server.world.wait(lambda: len(server.world.sent) == 1 and server.world.waiting == 0)
        assert server.world.webhook.secret == SECRET
        assert [status for _, status in server.world.delivered] == [200]


def test_the_secret_decides_before_anything_is_read(open_line: Opener) -> None:
    line = open_line(start=False)
    with hooked(line) as (reception, url):
        refused = [post(url, update(1), secret) for secret in (None, "", "wrong", SECRET[:-1], SECRET + "1", "s\xe9cret")]

        assert refused == [403] * 6
        assert reception.refused["secret"] == 6
        with line.app.store.reading() as records:
            assert records.inbox.waiting() == 0


def test_the_same_update_twice_is_answered_twice_and_worked_once(server: TelegramServer, open_line: Opener) -> None:
    server.world.say(ZHOU_USER, "/start")
    line = open_line(start=False)
    with hooked(line) as (_, url):
        assert [post(url, update(7)), post(url, update(7)), post(url, update(8, "我的客户名单"))] == [200, 200, 200]

        assert server.world.wait(lambda: len(server.world.sent) >= 2)
        line.app.mover.stop()
        assert len(server.world.sent) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (MAX_BODY + 1), 413),
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b"[]", 200),
        (b'{"update_id": 5}', 200),
        (b'{"update_id": 5, "message": {"chat": 1}}', 200),
    ],
)
def test_a_hostile_body_is_refused_and_breaks_nothing(open_line: Opener, body: bytes, status: int) -> None:
    line = open_line(start=False)
    with hooked(line) as (_, url):
        assert post(url, body) == status
        with line.app.store.reading() as records:
            assert records.inbox.waiting() == 0


def test_what_could_not_be_stored_is_not_acknowledged(server: TelegramServer, open_line: Opener) -> None:
    line = open_line(start=False)
    with serving(lambda url: Reception(Stumbling(line.app), line.channel, webhook_url=url, secret=SECRET)) as (reception, url):
        reception.start()
        assert server.world.wait(lambda: server.world.webhook.url == url)

        server.world.say(ZHOU_USER, "待接")

        assert server.world.wait(lambda: len(server.world.sent) == 1 and server.world.waiting == 0)
        assert [status for _, status in server.world.delivered] == [503, 200]


@pytest.mark.parametrize("secret", ["", "mit Leerzeichen", "密", "x" * 257])
def test_a_secret_that_telegram_would_not_take_stops_the_start(server: TelegramServer, open_line: Opener, secret: str) -> None:
    channel = channel_to(server)

    with pytest.raises(BadSettings):
        Reception(open_line(start=False).app, channel, webhook_url="https://bank.example/hook", secret=secret)

    channel.close()


def test_the_settings_choose_between_polling_and_webhook(server: TelegramServer, open_line: Opener) -> None:
    open_line(telegram_webhook_url="http://127.0.0.1:9/hook", telegram_secret=SecretStr(SECRET))

    assert server.world.wait(lambda: server.world.webhook.url == "http://127.0.0.1:9/hook")
