"""A caller of the sandbox WeCom, and a place that its callbacks come to. The envelope is opened by the library, not by the sandbox."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import xmltodict
from wechatpy.work.crypto import WeChatCrypto

from sandbox.wecom import Options

Json = dict[str, Any]
OPTIONS = Options()
CUSTOMER, OTHER_CUSTOMER = "wmSandbox0000000001", "wmSandbox0000000002"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\r\n--\n" * 20


@dataclass
class Corp:
    """Calls by path. `kf("send_msg", …)` posts with the kf secret's token."""

    url: str
    tokens: dict[str, str] = field(default_factory=dict)

    def http(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        try:
            # No Content-Type: the library in use sends none either.
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def token(self, kind: str) -> str:
        if kind not in self.tokens:
            self.tokens[kind] = self.gettoken(kind)["access_token"]
        return self.tokens[kind]

    def gettoken(self, kind: str = "app", **given: str) -> Json:
        query = {"corpid": OPTIONS.corp_id, "corpsecret": OPTIONS.secrets[kind], **given}
        return self._json(self.http("GET", f"/cgi-bin/gettoken?{urlencode(query)}"))

    def post(self, kind: str, path: str, /, **given: Any) -> Json:
        body = json.dumps(given, ensure_ascii=False).encode()
        return self._json(self.http("POST", f"/cgi-bin/{path}?access_token={self.token(kind)}", body))

    def get(self, kind: str, path: str, **query: str) -> Json:
        return self._json(self.http("GET", f"/cgi-bin/{path}?{urlencode({'access_token': self.token(kind), **query})}"))

    def kf(self, path: str, /, **given: Any) -> Json:
        return self.post("kf", f"kf/{path}", **given)

    def contact(self, path: str, /, **given: Any) -> Json:
        return self.post("contacts", f"externalcontact/{path}", **given)

    def upload(self, kind: str, name: str, content: bytes, path: str = "media/upload") -> Json:
        edge = b"----edge"
        head = f'Content-Disposition: form-data; name="media"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = b"--" + edge + b"\r\n" + head.encode() + content + b"\r\n--" + edge + b"--\r\n"
        headers = {"Content-Type": f"multipart/form-data; boundary={edge.decode()}"}
        return self._json(self.http("POST", f"/cgi-bin/{path}?access_token={self.token('app')}&type={kind}", body, headers))

    # The sandbox's own pages.

    def admin(self, path: str, /, **given: Any) -> Any:
        status, body = self.http("POST", f"/_sandbox/{path}", json.dumps(given).encode())
        assert status == 200, body.decode()
        return json.loads(body)

    def refused(self, path: str, /, **given: Any) -> str:
        status, body = self.http("POST", f"/_sandbox/{path}", json.dumps(given).encode())
        assert status in (400, 404, 409), (status, body)
        return str(json.loads(body)["error"])

    def customer(self, action: str, **given: Any) -> Json:
        return dict(self.admin(f"phones/customer/{action}", **({"customer": CUSTOMER, "open_kfid": self.kfid} | given)))

    def servicer(self, action: str, member: str = "zhou", **given: Any) -> Json:
        return dict(self.admin(f"phones/servicer/{action}", **({"customer": CUSTOMER, "open_kfid": self.kfid, "member": member} | given)))

    def member(self, action: str, member: str = "zhou", **given: Any) -> Json:
        return dict(self.admin(f"phones/member/{action}", member=member, **given))

    def seen(self, owner: str, **given: Any) -> list[Json]:
        return list(self.admin("phones/seen", owner=owner, **given))

    def advance(self, seconds: float) -> None:
        self.admin("clock", advance_s=seconds)

    @property
    def kfid(self) -> str:
        return next(iter(self.admin("")["accounts"]))

    def sync(self, **given: Any) -> Json:
        return self.kf("sync_msg", open_kfid=self.kfid, **given)

    def send(self, words: str = "您好", /, **given: Any) -> Json:
        message = {"touser": CUSTOMER, "open_kfid": self.kfid, "msgtype": "text", "text": {"content": words}}
        return self.kf("send_msg", **(message | given))

    def trans(self, to: int, servicer: str = "") -> Json:
        more = {"servicer_userid": servicer} if servicer else {}
        return self.kf("service_state/trans", open_kfid=self.kfid, external_userid=CUSTOMER, service_state=to, **more)

    def state(self) -> Json:
        return self.kf("service_state/get", open_kfid=self.kfid, external_userid=CUSTOMER)

    @staticmethod
    def _json(answer: tuple[int, bytes]) -> Json:
        status, body = answer
        assert status == 200, (status, body)
        return dict(json.loads(body))


@dataclass
class Pushed:
    """A callback that came: its outer and inner fields, as the library decrypted them."""

    outer: Json
    fields: Json
    raw: bytes


class Callbacks:
    """A receiver. `statuses` are the answers to come (200 when empty), `waits_s` how long each takes, `reply` the body."""

    def __init__(self) -> None:
        self.got: list[Pushed] = []
        self.statuses: list[int] = []
        self.waits_s: list[float] = []
        self.reply: Callable[[], bytes] = lambda: b""
        self.wrong_echo = False
        self.crypto = WeChatCrypto(OPTIONS.token, OPTIONS.aes_key, OPTIONS.corp_id)
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.callbacks = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/wecom"

    def events(self, event: str = "") -> list[Json]:
        return [pushed.fields for pushed in self.got if event in ("", pushed.fields.get("Event"))]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    callbacks: Callbacks

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up is part of the test."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        callbacks = self.server.callbacks
        query = dict(parse_qsl(urlsplit(self.path).query))
        echo = callbacks.crypto.check_signature(query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"])
        self._answer(200, b"wrong" if callbacks.wrong_echo else str(echo).encode())

    def do_POST(self) -> None:
        callbacks = self.server.callbacks
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        query = dict(parse_qsl(urlsplit(self.path).query))
        inner = callbacks.crypto.decrypt_message(raw, query["msg_signature"], query["timestamp"], query["nonce"])
        callbacks.got.append(Pushed(dict(xmltodict.parse(raw)["xml"]), dict(xmltodict.parse(inner)["xml"]), raw))
        self._answer(callbacks.statuses.pop(0) if callbacks.statuses else 200, callbacks.reply())

    def _answer(self, status: int, body: bytes) -> None:
        waits = self.server.callbacks.waits_s
        time.sleep(waits.pop(0) if waits else 0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class gives the name
        """Silent."""
