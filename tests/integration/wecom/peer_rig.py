"""The real product's customer service channel against `sandbox/wecom` over HTTP, both by one clock that tests move."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import App, build
from bot.channels.wecom.callback import Callback, callback_route
from bot.channels.wecom.kf.channel import KfChannel
from bot.channels.wecom.kf.names import conversation_of
from bot.channels.wecom.wiring import PATH, Reception, attach, envelope_of
from bot.clock import system_clock
from config.settings import Settings
from domain.conversation import Owner
from domain.customer_service import ServiceState
from domain.message import Draft
from sandbox.wecom import WecomServer
from sandbox.wecom.clock import Clock
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.app_rig import served
from tests.integration.wecom.kf_rig import words
from tests.integration.wecom_server.kit import OPTIONS, Corp

Json = dict[str, Any]
_WITHIN_S = 15.0


class Peers:
    """Both sides. Each test takes a customer of its own."""

    def __init__(self, app: App, clock: MovableClock, corp: Corp, reception: Reception) -> None:
        self.app, self.clock, self.corp, self.reception = app, clock, corp, reception
        self.kfid = corp.kfid
        self._customers = 0

    def customer(self) -> "Customer":
        """Somebody who has never been here."""
        self._customers += 1
        who = f"wmPeer{self._customers:04d}"
        self.corp.admin("customers", external_userid=who, name=f"客户{self._customers}")
        return Customer(self, who)

    def advance(self, seconds: float) -> None:
        """Time passes on both sides."""
        self.clock.at += timedelta(seconds=seconds)
        self.corp.advance(seconds)
        self.app.mover.wake()

    def fault(self, path: str, **what: Any) -> None:
        self.corp.admin("faults", path=path, **what)

    def calls(self, path: str, **given: Any) -> list[Json]:
        """The calls of a path whose bodies hold these."""
        return [one for one in self.corp.admin("calls", path=path) if given.items() <= one["given"].items()]

    def until(self, holds: Callable[[], bool], what: str, *, passing_s: float = 0.0) -> None:
        """Wait for something; `passing_s` seconds of the story pass with each look."""
        deadline = time.monotonic() + _WITHIN_S
        while not holds():
            assert time.monotonic() < deadline, what
            if passing_s:
                self.advance(passing_s)
            time.sleep(0.03)

    def quiet(self, *, passing_s: float = 0.0) -> None:
        """Until callbacks are delivered and everything is worked and sent."""

        def done() -> bool:
            waiting = self.corp.admin("callbacks/wait", wait_s=10)
            with self.app.store.reading() as records:
                busy = records.inbox.waiting() or any(records.outbox.by_status(one) for one in ("pending", "sending"))
            return not busy and waiting["busy"] == 0

        self.until(done, "there is still something to do", passing_s=passing_s)


class Customer:
    """A customer's phone, and what the product knows of the conversation."""

    def __init__(self, peers: Peers, who: str) -> None:
        self.peers, self.who = peers, who
        self.conversation = conversation_of(peers.kfid, who)
        self.address = {"open_kfid": peers.kfid, "external_userid": who}

    def say(self, text: str) -> None:
        self.peers.corp.customer("say", customer=self.who, text=text)

    def read(self) -> list[str]:
        """What the bot said, on the phone."""
        return [words(one["body"]) or str(one["body"]) for one in self.seen() if one["by"] == "api"]

    def seen(self) -> list[Json]:
        return self.peers.corp.seen(f"customer:{self.who}")

    def ask(self, text: str, *, passing_s: float = 0.0) -> str:
        """Say something and read the answer."""
        before = len(self.read())
        self.say(text)
        self.gets(before + 1, passing_s=passing_s)
        return self.read()[before]

    def gets(self, count: int, *, passing_s: float = 0.0) -> list[str]:
        """What the bot said, once there is so much."""
        self.peers.until(lambda: len(self.read()) >= count, f"{len(self.read())} of {count} arrived", passing_s=passing_s)
        return self.read()

    def servicer(self, action: str, **given: Any) -> None:
        self.peers.corp.servicer(action, customer=self.who, **given)

    def wecom_state(self) -> int:
        return int(self.peers.corp.kf("service_state/get", **self.address)["service_state"])

    def our_state(self) -> ServiceState:
        with self.peers.app.store.reading() as records:
            session = records.links.session(self.conversation)
            return session.state if session else ServiceState.NEW

    def owner(self) -> Owner:
        with self.peers.app.store.reading() as records:
            conversation = records.conversations.find(self.conversation)
            assert conversation is not None
            return conversation.owner

    def heard(self) -> list[str]:
        """What stands in our transcript of the customer's words."""
        with self.peers.app.store.reading() as records:
            lines = records.transcript.of(self.conversation)
        return [line.text for line in lines if line.author.startswith("customer:") and line.kind != "enter"]

    def to_send(self, draft: Draft, key: str) -> None:
        """Put a text into our outbox."""
        with self.peers.app.store.writing() as records:
            records.outbox.add(draft, conversation_id=self.conversation, channel="kf", at=self.peers.clock(), key=key)
        self.peers.app.mover.wake()

    def tasks(self) -> list[str]:
        with self.peers.app.store.reading() as records:
            return [one.kind for one in records.tasks.listed() if one.conversation_id == self.conversation]


@contextmanager
def peers(bank: Path, folder: Path, **given: Any) -> Iterator[Peers]:
    """Both sides, up: the callback address is verified as the console does. Keyword arguments go to the settings."""
    shutil.copytree(bank, folder / "data")
    clock, theirs = MovableClock(MORNING), Clock()
    theirs.set(MORNING.isoformat())
    with WecomServer(clock=theirs) as server:
        settings = Settings(
            data=folder / "data",
            sandbox=True,
            wecom_api_base=f"{server.url}/cgi-bin",
            wecom_corp_id=OPTIONS.corp_id,
            wecom_secret=OPTIONS.secrets["kf"],
            wecom_token=OPTIONS.token,
            wecom_aes_key=OPTIONS.aes_key,
            wecom_people={"zhou": "rm:S0003", "he": "rm:S0004"},
            **given,
        )
        with build(settings, clock=clock) as app:
            channel = app.channels["kf"]
            assert isinstance(channel, KfChannel)
            reception = attach(app, channel)
            # Callbacks are stamped with the network's time, which no story moves.
            callback = Callback(envelope_of(settings), reception.hear, system_clock)
            with served([callback_route(callback, PATH)]) as edge:
                app.mover.start()
                reception.start()
                corp = Corp(server.url)
                corp.admin("callback", url=f"{edge.base}{PATH}")
                yield Peers(app, clock, corp, reception)
                reception.stop()
