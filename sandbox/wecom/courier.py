"""Brings callbacks: signed and encrypted, 5 s, three tries, the same body each time; twice or in reverse when asked to."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sandbox.wecom import xml
from sandbox.wecom.crypto import Envelope, NotForUs
from sandbox.wecom.errors import Impossible
from sandbox.wecom.options import KINDS
from sandbox.wecom.web_client import call
from sandbox.wecom.world import Push, World

Json = dict[str, Any]
_AT_ONCE = 64  # what is pushed meanwhile waits, and may then be coalesced


@dataclass
class Courier:
    """Takes the pushes of the world. `hold` lets them wait; `twice` and `reverse` count the pushes still to be treated so."""

    world: World
    replied: Callable[[Push, str], None]
    urls: dict[str, str] = field(default_factory=dict)
    hold: bool = False
    twice: int = 0
    reverse: int = 0
    log: deque[Json] = field(default_factory=lambda: deque(maxlen=20_000))
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        options = self.world.options
        self.envelope = Envelope(options.token, options.aes_key, options.corp_id)

    def send_waiting(self) -> None:
        """Start what waits. To be called after everything that may have pushed something."""
        pushes = self.world.pushes
        while pushes and not self.hold and len(self._running) < _AT_ONCE:
            if self.reverse:
                if len(pushes) < self.reverse:
                    return
                batch = [pushes.popleft() for _ in range(self.reverse)]
                self.reverse = 0
                self._start(self._all(batch[::-1]))
                continue
            push = pushes.popleft()
            repeated = self.twice > 0
            self.twice -= repeated
            for _ in range(2 if repeated else 1):
                self._start(self._bring(push))

    @property
    def busy(self) -> int:
        """How many are waiting or under way."""
        return len(self.world.pushes) + len(self._running)

    async def verify(self, url: str, kinds: tuple[str, ...] = KINDS) -> None:
        """What the console does before it keeps an address: GET with an echostr, 1 s. Impossible when the answer is wrong."""
        echo = str(secrets.randbelow(10**19))
        sealed = self.envelope.seal(echo)
        status, body = await call("GET", self._signed(url, sealed, echostr=sealed), limit_s=self.world.settings.verify_timeout_s)
        if status != 200 or body != echo.encode():
            raise Impossible(f"openapi callback address request failed: HTTP {status}, {body[:60]!r}", 400)
        self.urls |= dict.fromkeys(kinds, url)

    async def close(self) -> None:
        """End what is under way."""
        self.hold = True
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.send_waiting()

    async def _all(self, batch: list[Push]) -> None:
        for push in batch:
            await self._bring(push)

    async def _bring(self, push: Push) -> None:
        url = self.urls.get(push.to, "")
        fields = {name: value for name, value in push.pairs if not isinstance(value, list)}
        entry: Json = {"n": len(self.log) + 1, "to": push.to, "fields": fields, "tries": [], "delivered": False}
        self.log.append(entry)
        if not url:
            return
        sealed = self.envelope.seal(xml.write(push.pairs))
        outer: list[tuple[str, Any]] = [("ToUserName", self.world.options.corp_id)]
        if push.to == "app":
            outer.append(("AgentID", self.world.options.agent_id))
        body = xml.write([*outer, ("Encrypt", sealed)]).encode()
        settings = self.world.settings
        for attempt in range(settings.callback_tries):
            if attempt:
                await asyncio.sleep(settings.callback_retry_wait_s)
            began = time.monotonic()
            status, answer = await call("POST", self._signed(url, sealed), body, settings.callback_timeout_s)
            entry["tries"].append({"status": status, "ms": round((time.monotonic() - began) * 1000)})
            if status == 200:
                entry["delivered"] = True
                self._read_reply(push, entry, answer)
                return

    def _signed(self, url: str, sealed: str, **more: str) -> str:
        # The signature carries the real time: it is the network's, not the story's.
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        query = urlencode({"msg_signature": self.envelope.sign(timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce, **more})
        return f"{url}{'&' if '?' in url else '?'}{query}"

    def _read_reply(self, push: Push, entry: Json, answer: bytes) -> None:
        """A passive reply: an encrypted envelope. Anything else in a body is ignored, as by the real one."""
        if not answer.lstrip().startswith(b"<xml>"):
            return
        try:
            outer = xml.read(answer)
            plain = self.envelope.open(outer["Encrypt"], outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
            self.replied(push, plain)
        except (ValueError, KeyError, NotForUs) as error:
            entry["reply_refused"] = f"{type(error).__name__}: {error}"
