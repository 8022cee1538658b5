"""One server for all browser tests; each test is another customer, so their conversations do not meet."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.browser_house import Server, Visits, serving
from tests.conftest import made_once

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sandbox that was served once and ended: bank made, imported, cards published. Made once for all workers."""

    def make(folder: Path) -> None:
        with serving(folder / "data", sandbox=True, log=folder / "log.txt"):
            pass

    return made_once(tmp_path_factory, "demonstration", make) / "data"


@pytest.fixture(scope="session")
def server(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A sandbox, served."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(demonstration, folder / "data")
    with serving(folder / "data", sandbox=True, log=folder / "log.txt") as running:
        yield running


@pytest.fixture(scope="session")
def strict_server(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A second process over the same bank that lets in by signed link only."""
    with serving(server.data, sandbox=False, log=tmp_path_factory.mktemp("strict") / "log.txt") as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A real Chromium with an empty profile. Not for the session: its driver runs an event loop on this thread while it lives."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield running
        running.close()


@pytest.fixture
def visits(browser: Browser, server: Server) -> Iterator[Visits]:
    """Pages of this test. Ends with no complaint of any page."""
    opened = Visits(browser=browser, server=server)
    yield opened
    opened.close()
