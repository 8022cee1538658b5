"""`POST /v1/chat/completions` in the modes of a bad day."""

import json
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.llm.saying import SAYING, say_well

_LOOK_S = 0.02  # how soon the server notices that it is to stop


class Mode(StrEnum):
    """How the server behaves."""

    GOOD = "good"
    SLOW = "slow"  # says well, after `let_go` or a minute
    DRIP = "drip"  # a byte now and then, so that no read ever times out
    ERROR = "error"  # 500
    LIMIT = "limit"  # 429
    GARBAGE = "garbage"  # 200, not JSON
    HALF = "half"  # half a body, then the connection ends
    EMPTY = "empty"  # no choices
    INVENTED = "invented"
    UNCITED = "uncited"
    WRONG_CITATION = "wrong_citation"
    PROMISE = "promise"
    ECHO = "echo"


class LlmServer:
    """Serves in one mode, which may be changed at any time. Use as a context manager. `requests` keeps the bodies that arrived."""

    def __init__(self, mode: Mode = Mode.GOOD, *, port: int = 0) -> None:
        self.mode = mode
        self.requests: list[dict[str, Any]] = []
        self.gate = threading.Event()
        self._http = _Http(("127.0.0.1", port), _Handler, self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(_LOOK_S,), daemon=True)

    @property
    def base_url(self) -> str:
        """What a client is given."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def let_go(self) -> None:
        """Give the slow answers."""
        self.gate.set()

    def __enter__(self) -> "LlmServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], llm: LlmServer) -> None:
        super().__init__(address, handler)
        self.llm = llm

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_POST(self) -> None:
        """One question."""
        llm = self.server.llm
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        llm.requests.append(body)
        mode = llm.mode
        if not self.path.endswith("/chat/completions"):
            return self._json(404, {"error": {"message": "not found"}})
        if mode in (Mode.ERROR, Mode.LIMIT):
            return self._json(500 if mode is Mode.ERROR else 429, {"error": {"message": f"simulated {mode}", "type": "server_error"}})
        if mode is Mode.GARBAGE:
            return self._write(200, b"<html>hello</html>", "text/html")
        if mode is Mode.SLOW:
            llm.gate.wait(60)
        answer = json.dumps(_completion(body, mode), ensure_ascii=False).encode()
        if mode is Mode.HALF:
            return self._half(answer)
        if mode is Mode.DRIP:
            return self._drip(answer)
        return self._write(200, answer, "application/json")

    def _json(self, code: int, body: Mapping[str, Any]) -> None:
        self._write(code, json.dumps(body).encode(), "application/json")

    def _write(self, code: int, body: bytes, kind: str) -> None:
        self._begin(code, len(body), kind)
        self.wfile.write(body)

    def _begin(self, code: int, length: int, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _half(self, body: bytes) -> None:
        self._begin(200, len(body), "application/json")
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _drip(self, body: bytes) -> None:
        self._begin(200, len(body), "application/json")
        for position in range(len(body)):
            self.wfile.write(body[position : position + 1])
            self.wfile.flush()
            if self.server.llm.gate.wait(0.1):
                return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class gives the name
        """Silent."""


def _completion(body: Mapping[str, Any], mode: Mode) -> dict[str, Any]:
    messages: Sequence[Mapping[str, str]] = body["messages"]
    message = {"role": "assistant", "content": SAYING.get(mode, say_well)(messages)}
    return {
        "id": "chatcmpl-sandbox",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body.get("model", ""),
        "choices": [] if mode is Mode.EMPTY else [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
