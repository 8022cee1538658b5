"""A server that writes head and body apart, with Nagle's algorithm on, costs no delayed acknowledgement."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from bot.channels.wecom.client import _Bounded

CALLS = 20
DELAYED_S = 0.040  # what Linux waits before it acknowledges


class TwoWrites(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"errcode": 0}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_the_head_of_an_answer_is_acknowledged_at_once() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), TwoWrites)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", _Bounded(5.0, 1))
        address = f"http://127.0.0.1:{server.server_port}/"
        for _ in range(20):  # a fresh connection acknowledges at once by itself
            session.post(address, data=b"{}")
        began = time.monotonic()
        for _ in range(CALLS):
            assert session.post(address, data=b"{}").json() == {"errcode": 0}
        took = time.monotonic() - began
    server.shutdown()
    server.server_close()
    assert took < CALLS * DELAYED_S / 2
