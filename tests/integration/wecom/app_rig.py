"""A small WeCom as the app of staff meets it: message/send, cards that change once, media, menu, who a code stands for; faults on demand.

It knows WeCom's pages and nothing of ours. Our callback is served on loopback beside it.
"""

import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from fastapi import APIRouter, FastAPI

from bot.web.guard import Guard
from tests.integration.wecom.kf_rig import CORP, KEY, TOKEN, seal, sign

AGENT = 1000002
ZHOU, LIN, STRANGER = "ZhouMin", "LinXiao", "Nobody"
PEOPLE = {ZHOU: "rm:S0003", LIN: "rm:S0004"}
SETTINGS: dict[str, Any] = {
    "wecom_corp_id": CORP,
    "wecom_app_agent_id": AGENT,
    "wecom_app_secret": "appsecret",
    "wecom_app_token": TOKEN,
    "wecom_app_aes_key": KEY,
    "wecom_people": PEOPLE,
}


class AppServer:
    """The server's state. `fault` answers a path with an errcode so many times."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.members = {ZHOU, LIN, STRANGER}
        self.sent: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        self.uploads: list[bytes] = []
        self.menus: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.faults: dict[str, list[int]] = {}
        self.drop_after_accept = 0
        self.tasks: set[str] = set()
        self.responses: set[str] = set()
        self.codes: dict[str, dict[str, Any]] = {}
        self.media: set[str] = set()
        self.tokens = ["AT0"]
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        self.base = f"http://127.0.0.1:{self._http.server_port}/cgi-bin"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def fault(self, path: str, code: int, times: int = 1) -> None:
        with self.lock:
            self.faults.setdefault(path, []).extend([code] * times)

    def expire_token(self) -> None:
        with self.lock:
            self.tokens.append(f"AT{len(self.tokens)}")

    def to(self, userid: str) -> list[dict[str, Any]]:
        with self.lock:
            return [one for one in self.sent if one["touser"] == userid]

    def answer(self, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        with self.lock:
            self.calls[path] += 1
            waiting = self.faults.get(path)
            if waiting:
                return {"errcode": waiting.pop(0), "errmsg": "hint: [1764] more at open.work.weixin.qq.com/devtool"}
            if path == "gettoken":
                return {"errcode": 0, "errmsg": "ok", "access_token": self.tokens[-1], "expires_in": 7200}
            if query.get("access_token") != self.tokens[-1]:
                return {"errcode": 42001, "errmsg": "access_token expired"}
            return dict(getattr(self, "_" + path.replace("/", "_"))(query, body))

    def _message_send(self, _query: dict[str, str], raw: bytes) -> dict[str, Any]:
        body = json.loads(raw)
        if body["agentid"] != AGENT:
            return {"errcode": 40056}
        if body["touser"] not in self.members:
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid", "invaliduser": body["touser"].lower()}
        card = body.get("template_card", {})
        if task := card.get("task_id"):
            if task in self.tasks or not re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", task):
                return {"errcode": 42014}
            self.tasks.add(task)
        if body["msgtype"] == "image" and body["image"]["media_id"] not in self.media:
            return {"errcode": 40007}
        if (what := body["msgtype"]) in ("text", "markdown") and len(body[what]["content"].encode()) > 2048:
            return {"errcode": 45002}
        self.sent.append(body)
        answer = {"errcode": 0, "errmsg": "ok", "msgid": f"M{len(self.sent)}"}
        return answer | ({"response_code": self.response_code()} if card else {})

    def response_code(self) -> str:
        """A code that changes a card once."""
        code = f"R{len(self.responses)}"
        self.responses.add(code)
        return code

    def _message_update_template_card(self, _query: dict[str, str], raw: bytes) -> dict[str, Any]:
        body = json.loads(raw)
        if body["response_code"] not in self.responses or any(one["response_code"] == body["response_code"] for one in self.updates):
            return {"errcode": 42016}
        self.updates.append(body)
        return {"errcode": 0, "errmsg": "ok", "invaliduser": []}

    def _media_upload(self, query: dict[str, str], raw: bytes) -> dict[str, Any]:
        if query.get("type") != "image" or b'name="media"; filename=' not in raw:
            return {"errcode": 44001}
        self.uploads.append(raw)
        media_id = f"MEDIA{len(self.uploads)}"
        self.media.add(media_id)
        return {"errcode": 0, "errmsg": "", "type": "image", "media_id": media_id, "created_at": "1380000000"}

    def _menu_create(self, query: dict[str, str], raw: bytes) -> dict[str, Any]:
        if query.get("agentid") != str(AGENT):
            return {"errcode": 40056}
        self.menus.append(json.loads(raw))
        return {"errcode": 0, "errmsg": "ok"}

    def _auth_getuserinfo(self, query: dict[str, str], _raw: bytes) -> dict[str, Any]:
        found = self.codes.pop(query.get("code", ""), None)
        return {"errcode": 40029} if found is None else {"errcode": 0, "errmsg": "ok"} | found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _go(self) -> None:
                asked = urlsplit(self.path)
                path = asked.path.removeprefix("/cgi-bin/")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer = server.answer(path, {name: values[0] for name, values in parse_qs(asked.query).items()}, body)
                if path == "message/send" and server.drop_after_accept:
                    server.drop_after_accept -= 1
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                out = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            do_GET = do_POST = _go  # noqa: N815  the library's names

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler


class Edge:
    """Our routes, served on loopback, and the browser and the WeCom that call them."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.now = time.time

    def event(self, *fields: tuple[str, str], age_s: float = 0.0, **how: Any) -> int:
        """One callback with these fields in this order; returns the HTTP status."""
        parts = "".join(f"<{name}>{value if value.startswith('<') else f'<![CDATA[{value}]]>'}</{name}>" for name, value in fields)
        return self.call(f"<xml>{parts}</xml>", age_s=age_s, **how)

    def call(self, document: str, *, age_s: float = 0.0, corp: str = CORP, signature: str = "", body: bytes | None = None) -> int:
        stamp, nonce, sealed = str(int(self.now() - age_s)), str(time.monotonic_ns()), seal(document, corp=corp)
        query = urlencode({"msg_signature": signature or sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce})
        whole = f"<xml><ToUserName>{CORP}</ToUserName><AgentID>{AGENT}</AgentID><Encrypt>{sealed}</Encrypt></xml>".encode()
        return self._open(urllib.request.Request(f"{self.base}/wecom/app?{query}", data=whole if body is None else body))[0]

    def verify(self, echo: str) -> tuple[int, str]:
        stamp, sealed = str(int(self.now())), seal(echo)
        query = urlencode({"msg_signature": sign(stamp, "n", sealed), "timestamp": stamp, "nonce": "n", "echostr": sealed})
        return self._open(urllib.request.Request(f"{self.base}/wecom/app?{query}"))[:2]

    def _open(self, request: urllib.request.Request) -> tuple[int, str, str]:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status), answer.read().decode(), ""
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), refused.headers.get("Location", "")


class Browser:
    """A browser that keeps cookies and follows nothing."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(_Still(), urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, text and where it leads."""
        try:
            with self._opener.open(self.base + path, timeout=10) as answer:
                return int(answer.status), answer.read().decode(), ""
        except urllib.error.HTTPError as said:
            return said.code, said.read().decode(), said.headers.get("Location", "")

    def cookie(self, name: str) -> str:
        return next((one.value or "" for one in self.cookies if one.name == name), "")


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@contextmanager
def app_server() -> Iterator[AppServer]:
    server = AppServer()
    try:
        yield server
    finally:
        server.close()


class _Front:
    """A web server in a thread, for one house after another: stopping one takes a fifth of a second."""

    def __init__(self) -> None:
        self.app: Any = None
        config = uvicorn.Config(
            self._pass, host="127.0.0.1", port=0, log_level="error", access_log=False, lifespan="off", interface="asgi3"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the edge did not come up"
            time.sleep(0.01)
        self.port = int(self._server.servers[0].sockets[0].getsockname()[1])

    async def _pass(self, scope: Any, receive: Any, send: Any) -> None:
        assert self.app is not None, "a call after the house was closed"
        await self.app(scope, receive, send)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


_idle: list[_Front] = []


def stop_idle() -> None:
    """At the end of all tests."""
    while _idle:
        _idle.pop().stop()


@contextmanager
def served(routes: list[APIRouter]) -> Iterator[Edge]:
    """Our routes behind our guard, on a port of loopback."""
    web = FastAPI()
    for route in routes:
        web.include_router(route)
    web.add_middleware(Guard)
    front = _idle.pop() if _idle else _Front()
    front.app = web
    try:
        yield Edge(front.port)
    finally:
        front.app = None
        _idle.append(front)


def shown(*bodies: dict[str, Any]) -> str:
    """What a member reads of messages."""
    lines: list[str] = []
    for body in bodies:
        card = body.get("template_card", {})
        lines += [body.get("text", {}).get("content"), card.get("main_title", {}).get("title"), card.get("sub_title_text")]
    return "\n".join(filter(None, lines))


def buttons(body: dict[str, Any]) -> dict[str, str]:
    """Label and key of a card's buttons."""
    return {one["text"]: one["key"] for one in body.get("template_card", {}).get("button_list", [])}
