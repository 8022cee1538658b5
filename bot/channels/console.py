"""The console channel: what was approved is collected, and the command that runs the conversation shows it."""

import threading
from datetime import datetime

from bot.clock import Clock
from domain.message import Approved, Receipt


class ConsoleChannel:
    """Keeps deliveries by conversation until the command takes them. The same key is shown once."""

    name = "console"
    idempotent = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._delivered: dict[str, datetime] = {}

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Take a text. The transcript shows it from the ledger's commit on; nothing else has to be done here."""
        with self._lock:
            at = self._delivered.setdefault(key, self._clock())
        return Receipt(reference=key, at=at)

    def close(self) -> None:
        """Nothing is held."""
