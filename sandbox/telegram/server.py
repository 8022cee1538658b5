"""The HTTP side of the stand-in: `/bot<token>/<method>`, form or multipart or JSON in, JSON out. Loopback only."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.telegram.faults import Fault, Faults
from sandbox.telegram.world import BOT, Refused, World

Given = Mapping[str, Any]
_METHODS: dict[str, Callable[[World, Given], Any]] = {
    "getme": lambda _world, _given: BOT | {"can_join_groups": True},
    "getupdates": lambda world, given: world.updates(
        offset=int(given.get("offset", 0)), limit=int(given.get("limit", 100)), timeout_s=float(given.get("timeout", 0))
    ),
    "sendmessage": lambda world, given: world.send(int(given["chat_id"]), str(given.get("text", "")), _keyboard(given), None),
    "sendphoto": lambda world, given: world.send(int(given["chat_id"]), str(given.get("caption", "")), _keyboard(given), given["photo"]),
    "answercallbackquery": lambda world, given: world.answer(str(given["callback_query_id"])),
    "editmessagereplymarkup": lambda world, given: world.edit_keyboard(int(given["chat_id"]), int(given["message_id"]), _keyboard(given)),
    "setmycommands": lambda world, given: world.set_commands(_list(given["commands"])),
    "setwebhook": lambda world, given: world.hook(str(given["url"]), str(given.get("secret_token", ""))),
    "deletewebhook": lambda world, _given: world.hook("", ""),
}
_UNDONE = {
    Fault.FLOOD: (429, "Too Many Requests: retry after {retry_after}"),
    Fault.BROKEN: (500, "Internal Server Error"),
}


_LOOK_S = 0.02  # how soon the server notices that it is to stop


class TelegramServer:
    """Serves a `World`. Use as a context manager, or `start` and `stop`."""

    def __init__(self, *, token: str, port: int = 0) -> None:
        self.world = World()
        self.faults = Faults()
        self.token = token
        self._http = _Http(("127.0.0.1", port), _Handler, self)
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._http.serve_forever, args=(_LOOK_S,), daemon=True),
            threading.Thread(target=self._push, daemon=True),
        ]

    @property
    def api_base(self) -> str:
        """What stands for https://api.telegram.org."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End. Open polls end too."""
        self._stopping.set()
        self.faults.let_go()
        self.world.hook("", "")
        self._http.shutdown()
        self._http.server_close()
        self._threads[1].join()

    def __enter__(self) -> "TelegramServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _push(self) -> None:
        """Push updates to the webhook, one at a time, again until it says yes."""
        world, failures = self.world, 0
        while not self._stopping.is_set():
            world.wait(lambda: self._stopping.is_set() or bool(world.webhook.url and world.oldest()), 0.5)
            hook, update = world.webhook, world.oldest()
            if not hook.url or update is None:
                continue
            status = _post(hook.url, hook.secret, json.dumps(update).encode())
            world.pushed(update["update_id"], status)
            failures = 0 if 200 <= status < 300 else failures + 1
            if failures:
                self._stopping.wait(min(0.05 * failures, 1.0))


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], telegram: TelegramServer) -> None:
        super().__init__(address, handler)
        self.telegram = telegram

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_GET(self) -> None:
        """Methods may be called by GET too."""
        self.do_POST()

    def do_POST(self) -> None:
        """One call."""
        telegram = self.server.telegram
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token, _, method = urlsplit(self.path).path.removeprefix("/bot").partition("/")
        name = method.lower()
        fault = telegram.faults.take(name)
        if fault is Fault.DROP_BEFORE:
            return self._hang_up()
        if fault in _UNDONE:
            code, words = _UNDONE[fault]
            wait = telegram.faults.retry_after
            more = {"parameters": {"retry_after": wait}} if fault is Fault.FLOOD else {}
            return self._json(code, {"ok": False, "error_code": code, "description": words.format(retry_after=wait)} | more)
        code, answer = _answer(telegram, token, name, _given(self, body))
        if fault is Fault.DROP_AFTER:
            return self._hang_up()
        if fault is Fault.GATEWAY:
            return self._write(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
        if fault is Fault.GARBAGE:
            return self._write(code, json.dumps(answer).encode()[:23], "application/json")
        if fault is Fault.SLOW:
            telegram.faults.hold()
        return self._json(code, answer)

    def _json(self, code: int, answer: Mapping[str, Any]) -> None:
        self._write(code, json.dumps(answer).encode(), "application/json")

    def _write(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class gives the name
        """Silent."""


def _answer(telegram: TelegramServer, token: str, name: str, given: Given) -> tuple[int, Mapping[str, Any]]:
    try:
        if token != telegram.token:
            raise Refused(401, "Unauthorized")
        if name not in _METHODS:
            raise Refused(404, "Not Found: method not found")
        return 200, {"ok": True, "result": _METHODS[name](telegram.world, given)}
    except Refused as refused:
        return refused.code, {"ok": False, "error_code": refused.code, "description": str(refused)}
    except (KeyError, ValueError) as error:
        return 400, {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}


def _given(handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
    """The arguments of a call, from the address and the body."""
    given: dict[str, Any] = dict(parse_qsl(urlsplit(handler.path).query))
    kind = handler.headers.get("Content-Type", "")
    if kind.startswith("multipart/form-data"):
        message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        for part in message.iter_parts():
            content = part.get_payload(decode=True)
            name = str(part.get_param("name", header="content-disposition"))
            given[name] = content if part.get_filename() else bytes(content or b"").decode()
        return _attached(given)
    if kind.startswith("application/json"):
        return given | dict(json.loads(body))
    return given | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _attached(given: dict[str, Any]) -> dict[str, Any]:
    """A file may be given by the name of another part: attach://name."""
    for name, value in list(given.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            given[name] = given[value.removeprefix("attach://")]
    return given


def _keyboard(given: Given) -> list[list[dict[str, Any]]]:
    markup = given.get("reply_markup") or {}
    body = json.loads(markup) if isinstance(markup, str) else markup
    return list(body.get("inline_keyboard", []))


def _list(written: Any) -> list[dict[str, Any]]:
    return list(json.loads(written) if isinstance(written, str) else written)


def _post(url: str, secret: str, body: bytes) -> int:
    """Push to a webhook; 0 when it cannot be reached."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=10)
    headers = {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})
    try:
        connection.request("POST", address.path or "/", body, headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
