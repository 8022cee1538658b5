"""The web channel: the chat page shows the transcript, so a text is delivered by the ledger's own commit.

`Bell` tells open pages of this process that there is something new; a page that missed it finds everything in the transcript.
"""

import threading
from collections import defaultdict
from collections.abc import Callable

from bot.clock import Clock
from domain.message import Approved, Receipt


class WebChannel:
    """Delivery is the commit that follows: sending the same key twice changes nothing."""

    name = "web"
    idempotent = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Say that the text may be shown."""
        return Receipt(reference=key, at=self._clock())

    def close(self) -> None:
        """Nothing is held."""


class Bell:
    """Rings listeners of a conversation. Listeners are called on the ringing thread and must return at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def ring(self, conversation_id: str) -> None:
        """Tell the listeners of that conversation, and those of every conversation (`*`)."""
        with self._lock:
            listeners = [*self._listeners.get(conversation_id, ()), *self._listeners.get("*", ())]
        for listener in listeners:
            listener()

    def listen(self, conversation_id: str, listener: Callable[[], None]) -> Callable[[], None]:
        """Add a listener and return the call that removes it."""
        with self._lock:
            self._listeners[conversation_id].append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners[conversation_id]:
                    self._listeners[conversation_id].remove(listener)

        return stop
