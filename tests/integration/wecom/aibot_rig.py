"""WeCom's side of a smart robot's long connection, on loopback. It knows WeCom's page and nothing of ours."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

BOT, SECRET = "aibTest", "robotsecret"
ZHOU, LIN, STRANGER = "ZhouMin", "LinXiao", "Nobody"
SETTINGS: dict[str, Any] = {
    "wecom_aibot_id": BOT,
    "wecom_aibot_secret": SECRET,
    "wecom_people": {ZHOU: "rm:S0003", LIN: "rm:S0004"},
}


class RobotServer:
    """One bot. `refuse` and `drop` say what happens to the next frames of a command; `deaf` leaves heartbeats unanswered."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.frames: list[dict[str, Any]] = []
        self.refuse: dict[str, list[int]] = {}
        self.drop: list[str] = []
        self.deaf = False
        self.subscribed = 0
        self._current: ServerConnection | None = None
        self._numbers = iter(range(1, 100_000))
        self._server = serve(self._handle, "127.0.0.1", 0, ping_interval=None)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        if self._current is not None:
            self._current.close()
        self._thread.join()

    def say(self, text: str, *, userid: str = ZHOU, msgid: str = "", chattype: str = "single", **more: Any) -> str:
        """Somebody writes; returns the callback's id."""
        number = next(self._numbers)
        body = {"msgid": msgid or f"M{number}", "aibotid": BOT, "chattype": chattype, "from": {"userid": userid}}
        said = more or {"msgtype": "text", "text": {"content": text}}
        return self._callback("aibot_msg_callback", f"req{number}", body | said)

    def event(self, what: str, *, userid: str = ZHOU, **more: Any) -> str:
        number = next(self._numbers)
        body = {"msgid": f"E{number}", "aibotid": BOT, "chattype": "single", "from": {"userid": userid}, "msgtype": "event"}
        return self._callback(
            "aibot_event_callback", f"req{number}", body | {"event": {"eventtype": what} | ({what: more} if more else {})}
        )

    def displace(self) -> None:
        """Another connection of the same bot takes over."""
        self.event("disconnected_event")
        assert self._current is not None
        self._current.close()

    def of(self, *commands: str) -> list[dict[str, Any]]:
        with self.changed:
            return [one for one in self.frames if one["cmd"] in commands]

    def wait(self, holds: Callable[[], bool], limit_s: float = 15.0) -> bool:
        with self.changed:
            return self.changed.wait_for(holds, limit_s)

    def hear(self, command: str, count: int) -> list[dict[str, Any]]:
        assert self.wait(lambda: len([one for one in self.frames if one["cmd"] == command]) >= count), [one["cmd"] for one in self.frames]
        return self.of(command)

    def _callback(self, cmd: str, req_id: str, body: dict[str, Any]) -> str:
        assert self.wait(lambda: self._current is not None)
        assert self._current is not None
        self._current.send(json.dumps({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}))
        return req_id

    def _handle(self, connection: ServerConnection) -> None:
        try:
            for raw in connection:
                if not self._take(connection, json.loads(raw)):
                    return
        except ConnectionClosed:
            pass
        finally:
            with self.changed:
                if self._current is connection:
                    self._current = None
                self.changed.notify_all()

    def _take(self, connection: ServerConnection, one: dict[str, Any]) -> bool:
        cmd, body = one["cmd"], one.get("body", {})
        code = 0
        with self.changed:
            self.frames.append(one)
            if cmd in self.drop:
                self.drop.remove(cmd)
                return False
            if cmd == "ping" and self.deaf:
                return True
            if self.refuse.get(cmd):
                code = self.refuse[cmd].pop(0)
            elif cmd == "aibot_subscribe":
                code = 0 if body == {"bot_id": BOT, "secret": SECRET} else 853000
            elif self._current is not connection:
                code = 40001
            elif cmd == "aibot_send_msg" and (body["msgtype"] == "text" or body["chat_type"] != 1):
                code = 40008
        connection.send(json.dumps({"headers": one["headers"], "errcode": code, "errmsg": "ok" if not code else "no"}))
        with self.changed:
            if cmd == "aibot_subscribe" and not code:
                self._current = connection
                self.subscribed += 1
            self.changed.notify_all()
        return True


@contextmanager
def robot_server() -> Iterator[RobotServer]:
    server = RobotServer()
    try:
        yield server
    finally:
        server.close()


def words(one: dict[str, Any]) -> str:
    """What a member reads of a frame."""
    body = one["body"]
    card = body.get("template_card", {})
    said = [body.get(kind, {}).get("content") for kind in ("stream", "markdown", "text")]
    return "\n".join(filter(None, [*said, card.get("main_title", {}).get("title"), card.get("sub_title_text")]))
