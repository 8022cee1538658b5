"""WeChat customer service: `run --rig echo` as a process of its own, driven by a small server of ours that counts its own time apart.

A round trip is a callback in, the message pulled, the echo committed and sent; what the server itself took for its answers is not ours.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.benchmark.figures import Figure
from bot.benchmark.processes import free_port
from bot.channels.wecom.envelope import Envelope
from bot.channels.wecom.wiring import PATH
from config.settings import Settings

_CORP, _KFID, _TOKEN = "wwbench", "wkbench", "benchtoken"
_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
_ENVELOPE = Envelope(token=_TOKEN, aes_key=_KEY, receiver=_CORP)
_WARM, _CUSTOMERS = 50, 300
_PAGE = 1_000
_PATIENCE_S = 60.0

Answer = dict[str, Any]


class KfBench:
    """The measuring server: what was said on one account, and what came back."""

    def __init__(self) -> None:
        self.said: list[Answer] = []
        self.came: dict[str, float] = {}  # text -> when it came back
        self.own_s = 0.0
        self._waited_for: dict[str, asyncio.Event] = {}

    def say(self, customer: str, content: str) -> None:
        """A customer writes."""
        item = {"msgid": f"m{len(self.said)}", "open_kfid": _KFID, "external_userid": customer, "send_time": int(time.time()), "origin": 3}
        self.said.append(item | {"msgtype": "text", "text": {"content": content}})

    def answered(self, content: str) -> asyncio.Event:
        """Is set once the echo of this text has come."""
        return self._waited_for.setdefault(f"R:{content}", asyncio.Event())

    def application(self) -> web.Application:
        """The three calls that the channel needs."""
        served = web.Application()
        for method, path, answer in (("GET", "gettoken", _token), ("POST", "kf/sync_msg", self._sync), ("POST", "kf/send_msg", self._send)):
            served.router.add_route(method, f"/cgi-bin/{path}", self._timed(answer))
        return served

    def _timed(self, answer: Callable[[Answer], Answer]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.read()
            started = time.perf_counter()
            response = web.json_response({"errcode": 0, "errmsg": "ok"} | answer(json.loads(body or b"{}")))
            self.own_s += time.perf_counter() - started
            return response

        return handle

    def _sync(self, body: Answer) -> Answer:
        start = int(body["cursor"] or 0)
        page = self.said[start : start + _PAGE]
        stop = start + len(page)
        return {"next_cursor": str(stop), "has_more": int(stop < len(self.said)), "msg_list": page}

    def _send(self, body: Answer) -> Answer:
        text = body["text"]["content"]
        self.came[text] = time.perf_counter()
        if text in self._waited_for:
            self._waited_for.pop(text).set()
        return {"msgid": body["msgid"]}


def round_trips(settings: Settings, *, turns: int) -> list[Figure]:
    """So many round trips one after the other, above the server's own time, and how fast a backlog is worked off; every commit durable."""
    return asyncio.run(_measure(settings, turns, backlog=turns * 3 // 2))


async def _measure(settings: Settings, turns: int, *, backlog: int) -> list[Figure]:
    bench = KfBench()
    runner = web.AppRunner(bench.application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = runner.addresses[0][1]
    port = free_port()
    process = subprocess.Popen(  # noqa: S603  our own interpreter and module; nothing else runs yet
        [sys.executable, "-m", "bot", "run", "--rig", "echo", "--port", str(port)],
        env=_environment(settings, server),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            await _ready(session)
            took = await _serial(bench, session, turns)
            rate = await _backlog(bench, session, backlog)
    finally:
        process.terminate()
        process.wait(30)
        await runner.cleanup()
    return [
        Figure(name="kf round trip p95, above the server's own time", value=took[len(took) * 95 // 100], unit="ms", wanted=12),
        Figure(name=f"kf backlog of {backlog:,}", value=rate, unit="messages/s", wanted=200, at_most=False),
    ]


async def _serial(bench: KfBench, session: aiohttp.ClientSession, turns: int) -> list[float]:
    took = []
    for number in range(_WARM + turns):
        text = f"你好{number}"
        answered = bench.answered(text)
        bench.say(f"u{number % 20}", text)
        bench.own_s = 0.0
        started = time.perf_counter()
        call = asyncio.create_task(_callback(session))
        await asyncio.wait_for(answered.wait(), _PATIENCE_S)
        took.append((time.perf_counter() - started - bench.own_s) * 1000)
        await call
    return sorted(took[_WARM:])


async def _backlog(bench: KfBench, session: aiohttp.ClientSession, size: int) -> float:
    texts = [f"旧{number}" for number in range(size)]
    answered = [bench.answered(text) for text in texts]
    for number, text in enumerate(texts):
        bench.say(f"v{number % _CUSTOMERS}", text)
    started = time.perf_counter()
    await _callback(session)
    await asyncio.wait_for(asyncio.gather(*(one.wait() for one in answered)), _PATIENCE_S)
    return size / (max(bench.came.values()) - started)


async def _callback(session: aiohttp.ClientSession) -> None:
    stamp, nonce = str(int(time.time())), str(time.monotonic_ns())
    fields = {"ToUserName": _CORP, "CreateTime": stamp, "MsgType": "event", "Event": "kf_msg_or_event", "Token": "T", "OpenKfId": _KFID}
    sealed = _ENVELOPE.seal("<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</xml>")
    signature = _ENVELOPE.sign(sealed, timestamp=stamp, nonce=nonce)
    query = urlencode({"msg_signature": signature, "timestamp": stamp, "nonce": nonce})
    async with session.post(f"{PATH}?{query}", data=f"<xml><Encrypt>{sealed}</Encrypt></xml>") as answer:
        answer.raise_for_status()


async def _ready(session: aiohttp.ClientSession) -> None:
    deadline = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < deadline:
        try:
            async with session.get("/readyz") as answer:
                if answer.ok:
                    return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    raise TimeoutError(f"the product was not ready within {_PATIENCE_S:.0f} s")


def _environment(settings: Settings, server: int) -> dict[str, str]:
    given = {
        "WECOM_API_BASE": f"http://127.0.0.1:{server}/cgi-bin",
        "WECOM_CORP_ID": _CORP,
        "WECOM_SECRET": "bench",
        "WECOM_TOKEN": _TOKEN,
        "WECOM_AES_KEY": _KEY,
        "DATA": str(settings.data / "kf"),
        "LOG_LEVEL": "ERROR",
    }
    return {**os.environ, **{f"PEIBAN_{name}": value for name, value in given.items()}}


def _token(_body: Answer) -> Answer:
    return {"access_token": "bench", "expires_in": 7200}
