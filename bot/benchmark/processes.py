"""Whole processes: how long `say` takes from nothing, when the web answers, what the web process weighs after many turns."""

import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bot.benchmark.figures import Figure
from bot.benchmark.turning import SAID
from config.settings import Settings

_STARTS = 5
_PATIENCE_S = 60.0


def cold_start(settings: Settings) -> list[Figure]:
    """`python -m bot say` as a process of its own, median of five."""
    took = []
    for _ in range(_STARTS):
        started = time.perf_counter()
        subprocess.run(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "bot", "say", SAID[0], "--as", "customer:C000002"],
            env=_environment(settings),
            check=True,
            capture_output=True,
        )
        took.append(time.perf_counter() - started)
    return [Figure(name="say from a cold start (median of 5)", value=statistics.median(took), unit="s", wanted=2.5)]


def web(settings: Settings, *, turns: int) -> list[Figure]:
    """The web process: ready when /readyz says so, and its resident memory after so many turns."""
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", "bot", "run", "--sandbox", "--no-wecom", "--port", str(port)],
        env=_environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        ready = time.perf_counter() - started
        for number in range(turns):
            body = f'{{"as":"customer:C{number % 200 + 1:06d}","text":"{SAID[number % len(SAID)]}"}}'.encode()
            request = urllib.request.Request(f"http://127.0.0.1:{port}/api/say", data=body, headers={"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  loopback
                answer.read()
        weight = _resident_mb(process.pid)
    finally:
        process.terminate()
        process.wait(30)
    return [
        Figure(name="web ready", value=ready, unit="s", wanted=5),
        Figure(name=f"web process after {turns} turns", value=weight, unit="MB", wanted=330),
    ]


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "PEIBAN_DATA": str(settings.data), "PEIBAN_SANDBOX": "1", "PEIBAN_LOG_LEVEL": "ERROR"}


def free_port() -> int:
    """A port of loopback on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str) -> None:
    deadline = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{url} did not answer within {_PATIENCE_S:.0f} s")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
