"""A WeCom on loopback whose clock stands at a morning, with its invented people."""

from collections.abc import Iterator

import pytest

from sandbox.wecom import WecomServer
from sandbox.wecom.clock import Clock
from tests.integration.wecom_server.kit import Callbacks, Corp


@pytest.fixture
def corp() -> Iterator[Corp]:
    clock = Clock()
    clock.set("2026-12-01T09:30")
    with WecomServer(clock=clock) as server:
        yield Corp(server.url)


@pytest.fixture
def callbacks(corp: Corp) -> Iterator[Callbacks]:
    """Where the callbacks of `corp` go, after a verification."""
    with Callbacks() as receiver:
        corp.admin("callback", url=receiver.url)
        yield receiver
