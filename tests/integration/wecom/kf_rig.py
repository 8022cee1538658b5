"""A small kf server as an outsider would write one to drive our channel: callbacks out, sync_msg and send_msg in, faults on demand.

It knows WeCom's pages and nothing of ours. The product runs beside it as `python -m bot run --rig echo`.
"""

import base64
import hashlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN, CORP, KFID = "rigtoken", "ww0123456789", "wkRig0001"
KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
ROOT = Path(__file__).parents[3]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A product that is killed breaks its connections: that is the point."""


class KfServer:
    """The server's state. `fault` answers a path with an errcode so many times; `bare` leaves out every field that may be left out."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.log: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.ids: set[str] = set()
        self.calls: Counter[str] = Counter()
        self.repeated = 0
        self.faults: dict[str, list[int]] = {}
        self.drop_after_accept = 0
        self.says_so_after_s = 0.0  # a message is taken at once, and the sender is told later
        self.empty_pages = 0
        self.bare = False
        self.states: dict[str, int] = {}
        self.servicers: dict[str, int] = {}
        self.accounts: list[dict[str, Any]] = [{"open_kfid": KFID, "name": "小陪", "manage_privilege": True}]
        self.codes: dict[str, str] = {}
        self.half_a_file = False
        self.files: dict[str, tuple[str, str, bytes]] = {}
        self.now: Callable[[], float] = time.time
        self._http = _Http(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        self.base = f"http://127.0.0.1:{self._http.server_port}/cgi-bin"

    def forget(self) -> None:
        """Begin to count anew; what was said stays said."""
        with self.lock:
            self.sent.clear()
            self.calls.clear()
            self.repeated, self.bare = 0, False

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def say(self, customer: str, content: str, *, age_s: float = 0.0, **more: Any) -> str:
        with self.lock:
            msgid = f"m{len(self.log)}"
            item = {
                "msgid": msgid,
                "open_kfid": KFID,
                "external_userid": customer,
                "send_time": int(self.now() - age_s),
                "origin": 3,
                "msgtype": "text",
                "text": {"content": content},
            }
            self.log.append(item | more)
        return msgid

    def texts(self) -> list[str]:
        with self.lock:
            return [words(one) for one in self.sent]

    def fault(self, path: str, code: int, times: int = 1) -> None:
        with self.lock:
            self.faults.setdefault(path, []).extend([code] * times)

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.calls[path] += 1
            waiting = self.faults.get(path)
            if waiting:
                return {"errcode": waiting.pop(0), "errmsg": "no, hint: [1764], from ip: 203.0.113.9, more at open.work"}
            return dict(getattr(self, "_" + path.replace("/", "_"))(body))

    def file(self, media_id: str) -> bytes | None:
        """The whole answer of media/get; None where it is JSON."""
        with self.lock:
            if media_id not in self.files or self.faults.get("media/get"):
                return None
            self.calls["media/get"] += 1
            name, kind, content = self.files[media_id]
        about = f'Content-Type: {kind}\r\nContent-disposition: attachment; filename="{name}"\r\nContent-Length: {len(content)}'
        return f"HTTP/1.1 200 OK\r\n{about}\r\n\r\n".encode() + content

    def _media_upload(self, _body: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 0, "type": "image", "media_id": f"U{self.calls['media/upload']}", "created_at": "1"}

    def _media_get(self, _body: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 40007, "errmsg": "invalid media_id"}

    def _gettoken(self, _body: dict[str, Any]) -> dict[str, Any]:
        return {"access_token": "AT"} if self.bare else {"errcode": 0, "errmsg": "ok", "access_token": "AT", "expires_in": 7200}

    def _kf_sync_msg(self, body: dict[str, Any]) -> dict[str, Any]:
        start = int(body.get("cursor") or 0)
        if self.empty_pages:
            self.empty_pages -= 1
            return {"errcode": 0, "errmsg": "ok", "next_cursor": str(start), "has_more": 1, "msg_list": []}
        page = self.log[start : start + int(body.get("limit", 1000))]
        stop = start + len(page)
        answer = {"errcode": 0, "next_cursor": str(stop), "msg_list": page}
        return answer if self.bare and stop == len(self.log) else answer | {"errmsg": "ok", "has_more": int(stop < len(self.log))}

    def _kf_send_msg(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.states.get(body["touser"], 1) not in (0, 1):
            return {"errcode": 95018}
        if body["msgid"] in self.ids:
            self.repeated += 1
            return {"errcode": 95999, "errmsg": "msgid repeated"}
        self.ids.add(body["msgid"])
        self.sent.append(body)
        return {"errcode": 0} if self.bare else {"errcode": 0, "errmsg": "ok", "msgid": body["msgid"]}

    def _kf_service_state_get(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 0, "errmsg": "ok", "service_state": self.states.get(body["external_userid"], 1)}

    def _kf_servicer_list(self, _body: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 0, "servicer_list": [{"userid": userid, "status": status} for userid, status in self.servicers.items()]}

    def _kf_account_list(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 0, "account_list": self.accounts[body["offset"] : body["offset"] + body["limit"]]}

    def _getcallbackip(self, _body: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 0, "ip_list": ["192.0.2.*", "198.51.100.7"]}

    def _kf_service_state_trans(self, body: dict[str, Any]) -> dict[str, Any]:
        customer, to = body["external_userid"], body["service_state"]
        if to not in {0: (1, 2, 3), 1: (2, 3), 2: (3,), 3: (3, 4)}.get(self.states.get(customer, 1), ()):
            return {"errcode": 95016}
        if to == 3 and self.servicers.get(body.get("servicer_userid", ""), 1) != 0:
            return {"errcode": 95019}
        self.states[customer] = to
        return {"errcode": 0, "errmsg": "ok", "msg_code": self.code(customer)}

    def _kf_send_msg_on_event(self, body: dict[str, Any]) -> dict[str, Any]:
        customer = self.codes.pop(body["code"], None)
        if customer is None:
            return {"errcode": 41050}
        self.sent.append(body | {"touser": customer})
        return {"errcode": 0, "errmsg": "ok", "msgid": f"e{len(self.sent)}"}

    def code(self, customer: str) -> str:
        """A code for one message on an event."""
        name = f"code{len(self.codes)}-{customer}"
        self.codes[name] = customer
        return name

    def happens(self, customer: str, what: str, *, age_s: float = 0.0, **fields: Any) -> None:
        """An event: the ids stand inside."""
        event = {"event_type": what, "open_kfid": KFID, "external_userid": customer} | fields
        with self.lock:
            stamp = int(self.now() - age_s)
            self.log.append({"msgid": f"e{len(self.log)}", "send_time": stamp, "origin": 4, "msgtype": "event", "event": event})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _go(self) -> None:
                path = urlsplit(self.path).path.removeprefix("/cgi-bin/")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if path == "media/get" and (file := server.file(query_of(self.path).get("media_id", ""))):
                    self.wfile.write(file[: len(file) // 2] if server.half_a_file else file)
                    self.close_connection = server.half_a_file
                    return
                answer = server.answer(path, {} if path == "media/upload" else json.loads(body or b"{}"))
                if path == "kf/send_msg" and server.says_so_after_s:
                    time.sleep(server.says_so_after_s)
                if path == "kf/send_msg" and server.drop_after_accept:
                    server.drop_after_accept -= 1
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                out = b"" if self.command == "HEAD" else json.dumps(answer).encode()
                date = formatdate(server.now(), usegmt=True)
                head = f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: application/json\r\nContent-Length: {len(out)}\r\n\r\n".encode()
                self.wfile.write(head + out)

            do_GET = do_POST = do_HEAD = _go  # noqa: N815  the library's names

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler


def words(body: dict[str, Any]) -> str:
    """What the customer reads of a message."""
    return str(body.get("text", {}).get("content") or body.get("msgmenu", {}).get("head_content", ""))


def seal(text: str, *, corp: str = CORP) -> str:
    key = base64.b64decode(KEY + "=")
    plain = os.urandom(16) + struct.pack(">I", len(text.encode())) + text.encode() + corp.encode()
    pad = 32 - len(plain) % 32
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()).decode()


def sign(stamp: str, nonce: str, sealed: str) -> str:
    return hashlib.sha1("".join(sorted((TOKEN, stamp, nonce, sealed))).encode(), usedforsecurity=False).hexdigest()


def query_of(target: str) -> dict[str, str]:
    """The query of what stands in a request's first line."""
    return dict(parse_qsl(urlsplit(target).query))


class Product:
    """Our process, and the one address that it is called at."""

    def __init__(self, server: KfServer, data: Path, *, delay_s: float = 0.0) -> None:
        self.server = server
        self.data = data
        self.delay_s = delay_s
        self.port = _free_port()
        self.log = data.with_name(f"{data.name}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and wait until it takes calls."""
        self.launch()
        self.until_ready()

    def launch(self) -> None:
        """Begin; what it logs is kept over all starts."""
        settings = {
            "PEIBAN_WECOM_API_BASE": self.server.base,
            "PEIBAN_WECOM_CORP_ID": CORP,
            "PEIBAN_WECOM_SECRET": "rigsecret",
            "PEIBAN_WECOM_TOKEN": TOKEN,
            "PEIBAN_WECOM_AES_KEY": KEY,
            "PEIBAN_RIG_DELAY": str(self.delay_s),
            "PEIBAN_DATA": str(self.data),
            "PEIBAN_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "bot", "run", "--rig", "echo", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=log)

    def until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the product did not come up: {self.faults()[-3:]}")

    def faults(self) -> list[str]:
        """What it logged: only what an operator must look at is logged here."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(20)

    def call(self, fields: dict[str, str] | None = None, *, age_s: float = 0.0, corp: str = CORP, body: bytes | None = None) -> int:
        """One callback; returns the HTTP status."""
        stamp, nonce = str(int(time.time() - age_s)), str(time.monotonic_ns())
        event = {"ToUserName": CORP, "CreateTime": stamp, "MsgType": "event", "Event": "kf_msg_or_event", "Token": "ENC", "OpenKfId": KFID}
        parts = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in (event if fields is None else fields).items())
        sealed = seal(f"<xml>{parts}</xml>", corp=corp)
        query = urlencode({"msg_signature": sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce})
        whole = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
        return self.post(query, whole if body is None else body)

    def post(self, query: str, body: bytes) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/wecom/kf?{query}", data=body)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def verify(self, echo: str, *, wrong: bool = False) -> tuple[int, str]:
        stamp, nonce, sealed = str(int(time.time())), "n1", seal(echo)
        signature = sign(stamp, nonce, sealed) if not wrong else "0" * 40
        query = urlencode({"msg_signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed})
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/wecom/kf?{query}", timeout=10) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def kf_server() -> Iterator[KfServer]:
    server = KfServer()
    try:
        yield server
    finally:
        server.close()


def wait_for(count: int, server: KfServer, *, seconds: float = 20.0) -> list[str]:
    """The texts that were sent, once there are so many; fails when they do not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if len(texts := server.texts()) >= count:
            return texts
        time.sleep(0.02)
    raise AssertionError(f"{len(server.texts())} of {count} answers arrived")
