"""A real server in its own process, and real pages over it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route, WebSocket, expect

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
KEEP_PICTURES = os.environ.get("PEIBAN_TEST_KEEP_PICTURES") == "1"
LARGEST_PICTURE = 200_000
SECRET = "a key of the tests that signs links and cookies"
_STARTS_WITHIN_S = 240.0  # the first start also publishes the cards, on a machine that may be busy

# People whom the simulated bank always has, in the book of the first relationship manager.
RM, RM_CALLED = "rm:S0003", "周经理"
_MESSAGE_ID = re.compile(r'\\?"id\\?":\\?"([0-9a-f]{32})')


@dataclass
class Server:
    """A running `python -m bot run`."""

    base: str
    data: Path
    environment: Mapping[str, str]
    ready_after_s: float

    def command(self, *arguments: str) -> str:
        """Run another command over the same data and return what it printed."""
        given = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(given, cwd=ROOT, env=dict(self.environment), check=True, capture_output=True, text=True, timeout=60).stdout

    def ask(self, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> tuple[int, dict[str, str], str]:
        """One plain request: status, headers, text. Redirects are followed."""
        request = urllib.request.Request(self.base + path, data=body, headers=dict(headers or {}))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, {name.lower(): value for name, value in answer.headers.items()}, answer.read().decode()


@contextmanager
def serving(data: Path, *, sandbox: bool, log: Path, wecom: bool = False) -> Iterator[Server]:
    """Serve until the block ends, then end the process as an operator would and see that it ends well."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEIBAN_")}
    environment |= {"PEIBAN_DATA": str(data), "PEIBAN_SECRET_KEY": SECRET, "PEIBAN_PORT": str(port), "PEIBAN_SANDBOX_WECOM_PORT": "0"}
    environment |= {"PEIBAN_ASSESS": "false"}  # as all tests (tests/conftest.py): each server would judge its copy of the bank
    given = [sys.executable, "-m", "bot", "run", *(["--sandbox"] if sandbox else []), *([] if wecom else ["--no-wecom"])]
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(given, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_until_ready(base, process, log, started + _STARTS_WITHIN_S)
            yield Server(base=base, data=data, environment=environment, ready_after_s=time.monotonic() - started)
            process.terminate()
            assert process.wait(20) == 0, log.read_text(encoding="utf-8")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said
    assert '"level": "error"' not in said, said


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(base: str, process: subprocess.Popen[bytes], log: Path, deadline: float) -> None:
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
    raise AssertionError(f"not ready in time: {log.read_text(encoding='utf-8')}")


@dataclass
class Panel:
    """One conversation on a page."""

    root: Locator
    page: Page

    @property
    def own(self) -> Locator:
        """The bubbles of the person at the page that the server has."""
        return self.root.locator(".line--me:not(.line--pending) .bubble")

    @property
    def bot(self) -> Locator:
        """The bubbles of the bot."""
        return self.root.locator(".line--bot .bubble:not(.typing)")

    @property
    def staff(self) -> Locator:
        """The bubbles of bank staff."""
        return self.root.locator(".line--staff .bubble")

    @property
    def customer(self) -> Locator:
        """The bubbles of a customer."""
        return self.root.locator(".line--customer .bubble")

    @property
    def marks(self) -> Locator:
        """The dividers."""
        return self.root.locator(".chat-mark")

    @property
    def status(self) -> Locator:
        """The line that says who answers."""
        return self.root.locator(".chat-status")

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.root.get_by_label("输入消息")

    def say(self, text: str) -> None:
        """Write and press Enter."""
        expect(self.box).to_be_enabled()
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> str:
        """Say something and return the bot's next words."""
        before = self.bot.count()
        self.say(text)
        self.bot.nth(before).wait_for()  # looks sooner again than `expect`
        expect(self.root.locator(".typing")).to_have_count(0)
        return self.bot.last.inner_text()


@dataclass
class Visits:
    """Opens pages and keeps an eye on them: every request goes to our own server, nothing is complained about on the console."""

    browser: Browser
    server: Server
    complaints: list[str] = field(default_factory=list)
    sent_ids: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def chat(self, who: str, *, width: int = 1000, height: int = 760) -> Panel:
        """The chat of a customer of the sandbox."""
        page = self.open(f"{self.server.base}/chat?as={who}", width=width, height=height)
        return Panel(root=page.locator(".chat--customer"), page=page)

    def workbench(self, who: str = RM, *, width: int = 1360, height: int = 820) -> Page:
        """The workbench of somebody of the sandbox's staff."""
        return self.open(f"{self.server.base}/workbench?as={who}", width=width, height=height)

    def open(self, address: str, *, width: int = 1000, height: int = 760, within: BrowserContext | None = None) -> Page:
        """A page in a browser of its own, or in the given one."""
        context = within or self.browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        if within is None:
            self.contexts.append(context)
            context.route("**/*", self._only_to_us)
            context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("websocket", self._connected)
        page.goto(address)
        return page

    def close(self) -> None:
        """Close every page, then complain."""
        for context in self.contexts:
            context.close()
        assert self.complaints == []

    def _only_to_us(self, route: Route) -> None:
        if not self._is_ours(route.request.url):
            self.complaints.append(f"request to {route.request.url}")
            route.abort()
            return
        route.continue_()

    def _is_ours(self, address: str) -> bool:
        return urlsplit(address).hostname == "127.0.0.1" or address.startswith("data:")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _connected(self, socket_: WebSocket) -> None:
        if not self._is_ours(socket_.url):
            self.complaints.append(f"socket to {socket_.url}")
        socket_.on("framesent", lambda frame: self.sent_ids.extend(_MESSAGE_ID.findall(str(frame))))


def desk(page: Page) -> Panel:
    """On a workbench: the customer's conversation."""
    return Panel(root=page.locator(".chat--desk"), page=page)


def assistant(page: Page) -> Panel:
    """On a workbench: the own chat with the bot."""
    return Panel(root=page.locator(".chat--own"), page=page)


def keep_picture(page: Page, name: str) -> None:
    """Save a picture for the documents, when asked to."""
    if not KEEP_PICTURES:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.screenshot(path=PICTURES / name, animations="disabled")
    assert (PICTURES / name).stat().st_size <= LARGEST_PICTURE
