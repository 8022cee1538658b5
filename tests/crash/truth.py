"""The outside world of the crash rig: a channel that keeps what people saw, and the sender's list of what was acknowledged.

It lives in the test's process, so no kill touches it. Of the calls 5 in 100 are refused before the text is taken (503), and 5 in 100 take
the text and then drop the connection. Which ones follows from the key and from how often it came, not from chance.
"""

import hashlib
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@dataclass
class Truth:
    """What really happened, whatever the product believes."""

    idempotent: bool
    shown: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))  # conversation -> (key, text) as seen
    calls: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)  # told by a child that came to its end
    lock: threading.Lock = field(default_factory=threading.Lock)
    started: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> Counter[str]:
        """How often each key was shown."""
        return Counter(key for lines in self.shown.values() for key, _ in lines)

    def send(self, key: str, conversation: str, text: str) -> str:
        """Take a text. Returns `refuse`, `drop` (taken, but the sender is not told) or `ok`."""
        with self.lock:
            self.calls[key] += 1
            fate = hashlib.sha256(f"{key}/{self.calls[key]}".encode()).digest()[0] / 256
            if fate < 0.05:
                return "refuse"
            if not self.idempotent or self.calls[key] == 1 or key not in {known for known, _ in self.shown[conversation]}:
                self.shown[conversation].append((key, text))
            return "drop" if fate < 0.10 else "ok"


@contextmanager
def serving(truth: Truth) -> Iterator[str]:
    """Serve on loopback; gives the address as host:port."""

    class Edge(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = 200
            if self.path == "/send":
                fate = truth.send(unquote(self.headers["Idempotency-Key"]), body["conversation"], body["text"])
                if fate == "drop":
                    self.close_connection = True
                    return
                status = 503 if fate == "refuse" else 200
            elif self.path == "/acknowledged":
                with truth.lock:
                    truth.acknowledged.add(body["message"])
            elif self.path == "/started":
                truth.started.set()
            elif self.path == "/finished":
                truth.counts = body
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            return  # a killed child breaks its connections: that is the point

    server = Server(("127.0.0.1", 0), Edge)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
