"""Many callers of one callback address: connections that are kept, threads, and the time each answer took."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.integration.wecom.kf_rig import CORP, KFID, seal, sign

PATH = "/wecom/kf"


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the query as it stands in the first line, and the body."""

    query: str
    body: bytes
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answered:
    """The status, and the seconds since the moment at which the call was due."""

    status: int
    took_s: float


def kf_event(nonce: str, *, open_kfid: str = KFID) -> Call:
    """What WeCom calls when something happened on an account."""
    fields = {"ToUserName": CORP, "CreateTime": str(int(time.time())), "MsgType": "event", "Event": "kf_msg_or_event"}
    fields |= {"Token": "ENC", "OpenKfId": open_kfid}
    return signed("<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items()) + "</xml>", nonce)


def signed(content: str, nonce: str) -> Call:
    """Any content, sealed and signed as WeCom would."""
    stamp, sealed = str(int(time.time())), seal(content)
    query = urlencode({"msg_signature": sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce})
    return Call(query, f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode())


def call_all(
    port: int, calls: Sequence[Call], *, threads: int, per_second: float = 0.0, before: Callable[[int], object] = lambda _number: None
) -> list[Answered]:
    """Make all calls, evenly spread where a rate is given. `before` runs just before each, with its number.

    A call that was due while the caller still waited for the answer before counts from when it was due: a slow server cannot hide.
    """
    answers: list[Answered | None] = [None] * len(calls)
    began = time.perf_counter() + 0.2

    def work(first: int) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        for number in range(first, len(calls), threads):
            due = began + number / per_second if per_second else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            before(number)
            line.request(calls[number].method, f"{PATH}?{calls[number].query}", body=calls[number].body)
            answer = line.getresponse()
            answer.read()
            answers[number] = Answered(answer.status, time.perf_counter() - due)
        line.close()

    workers = [threading.Thread(target=work, args=(first,)) for first in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [answer for answer in answers if answer is not None]
