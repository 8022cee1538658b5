"""The long connection: one thread that connects, subscribes, listens and beats, and begins again when the connection is gone.

WeCom keeps one connection a bot: a new one displaces the old. Displaced we stand aside for a minute, then longer and longer, so that two
processes with one bot do not push each other out all the time; only one of several should have the bot in its settings.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.channels.wecom.aibot.frames import DISPLACED, EVENT, MESSAGE, PING, SUBSCRIBE, Frame, event_type, frame, parse
from bot.channels.wecom.client import WeComRefused
from bot.observe import event, fault
from domain.errors import ChannelDown, DeliveryUnknown

WAITS_S = (1.0, 2.0, 5.0, 15.0, 60.0)
DISPLACED_S = (60.0, 300.0, 1800.0)
HEARTBEAT_S = 30.0
_ANSWER_S = 10.0
_MAX = 1_000_000  # bytes of a frame
_GONE = (OSError, WebSocketException, TimeoutError)


class _Displaced(Exception):
    """Another connection took over."""


class Line:
    """Any number of threads may call. A line that was stopped is not used again."""

    def __init__(
        self,
        url: str,
        bot_id: str,
        secret: str,
        *,
        waits_s: Sequence[float] = WAITS_S,
        displaced_s: Sequence[float] = DISPLACED_S,
        heartbeat_s: float = HEARTBEAT_S,
        answer_s: float = _ANSWER_S,
    ) -> None:
        logging.getLogger("websockets").setLevel(logging.WARNING)  # below, it writes whole frames
        self._url, self._bot_id, self._secret = url, bot_id, secret
        self._waits_s, self._displaced_s = waits_s, displaced_s
        self._heartbeat_s, self._answer_s = heartbeat_s, answer_s
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._connection: ClientConnection | None = None
        self._waiting: dict[str, tuple[threading.Event, list[int]]] = {}
        self._hear: Callable[[Frame], None] = lambda _frame: None
        self._thread = threading.Thread(target=self._run, name="wecom-aibot", daemon=True)
        self.round = 0  # which connection it is: what an earlier one said cannot be answered on a later

    def start(self, hear: Callable[[Frame], None]) -> None:
        """Connect, and hand each callback to `hear` on the line's own thread. Returns at once."""
        self._hear = hear
        self._thread.start()

    def stop(self) -> None:
        """End. What waits for an answer becomes `unknown`."""
        self._stopping.set()
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def call(self, cmd: str, body: dict[str, Any], *, req_id: str = "") -> None:
        """Say something and wait for the answer; `req_id` is that of a callback.

        Raises ChannelDown where nothing left, WeComRefused for an errcode, DeliveryUnknown without an answer.
        """
        name = req_id or f"{cmd}_{secrets.token_hex(8)}"
        answered: tuple[threading.Event, list[int]] = (threading.Event(), [])
        with self._lock:
            connection = self._connection
            if connection is None:
                raise ChannelDown("there is no connection to WeCom", retry_after_s=min(self._waits_s))
            if name in self._waiting:
                raise ChannelDown("an answer to this is on its way")
            self._waiting[name] = answered
        try:
            connection.send(frame(cmd, name, body))
            answered[0].wait(self._answer_s)
        except _GONE:
            raise DeliveryUnknown("the connection to WeCom ended meanwhile") from None
        finally:
            with self._lock:
                self._waiting.pop(name, None)
        if not answered[1]:
            raise DeliveryUnknown("WeCom did not answer")
        if answered[1][0]:
            raise WeComRefused(cmd, answered[1][0])

    def _run(self) -> None:
        misses = displaced = 0
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                self._once()
                wait = 0.0
            except _Displaced:
                if time.monotonic() - begun > max(self._displaced_s):
                    displaced = 0
                wait, displaced = self._displaced_s[min(displaced, len(self._displaced_s) - 1)], displaced + 1
                event("wecom.aibot.displaced", level=logging.WARNING, seconds=wait)
            except WeComRefused as refused:
                wait = max(self._waits_s)
                event("wecom.aibot.subscribe.refused", level=logging.WARNING, code=refused.code, seconds=wait)
            except _GONE as error:
                subscribed = self._connection is not None
                misses = 0 if subscribed else misses
                wait, misses = self._waits_s[min(misses, len(self._waits_s) - 1)], misses + 1
                event("wecom.aibot.waits", error=type(error).__name__, seconds=wait)
            except Exception as error:  # the thread's boundary: whatever happened, the line begins again
                wait, misses = self._waits_s[min(misses, len(self._waits_s) - 1)], misses + 1
                fault("wecom.aibot.failed", error)
            self._hang_up()
            self._stopping.wait(wait)

    def _once(self) -> None:
        with connect(self._url, open_timeout=self._answer_s, close_timeout=1, ping_interval=None, max_size=_MAX) as connection:
            self._subscribe(connection)
            with self._lock:
                self._connection = connection
                self.round += 1
            event("wecom.aibot.connected")
            self._listen(connection)

    def _subscribe(self, connection: ClientConnection) -> None:
        name = f"{SUBSCRIBE}_{secrets.token_hex(8)}"
        connection.send(frame(SUBSCRIBE, name, {"bot_id": self._bot_id, "secret": self._secret}))
        until = time.monotonic() + self._answer_s
        while True:
            answer = parse(connection.recv(timeout=max(until - time.monotonic(), 0.0)))
            if answer is not None and answer.req_id == name:
                if answer.errcode:
                    raise WeComRefused(SUBSCRIBE, answer.errcode)
                return

    def _listen(self, connection: ClientConnection) -> None:
        beat, next_beat = "", time.monotonic() + self._heartbeat_s
        while not self._stopping.is_set():
            try:
                one = parse(connection.recv(timeout=max(next_beat - time.monotonic(), 0.0)))
            except TimeoutError:
                if beat:  # the last one was not answered: the connection only looks alive
                    raise
                beat, next_beat = f"{PING}_{secrets.token_hex(8)}", time.monotonic() + self._heartbeat_s
                connection.send(frame(PING, beat))
                continue
            if one is None:
                event("wecom.aibot.unreadable")
            elif one.req_id == beat and not one.cmd:
                beat = ""
            elif event_type(one) == DISPLACED:
                raise _Displaced
            elif one.cmd in (MESSAGE, EVENT):
                self._hear(one)
            else:
                self._answered(one)

    def _answered(self, one: Frame) -> None:
        with self._lock:
            waiting = self._waiting.get(one.req_id)
        if waiting is not None and one.errcode is not None:
            waiting[1].append(one.errcode)
            waiting[0].set()

    def _hang_up(self) -> None:
        with self._lock:
            self._connection = None
            for waits, _ in self._waiting.values():
                waits.set()
