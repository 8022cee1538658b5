"""Ways in which Telegram can go wrong, switched on for the next calls of a method."""

import threading
from collections import defaultdict, deque
from enum import StrEnum


class Fault(StrEnum):
    """What happens to a call. The comments say whether the message arrives."""

    FLOOD = "flood"  # 429 with retry_after; no
    BROKEN = "broken"  # 500 in the form of the Bot API; no
    GATEWAY = "gateway"  # 502 with a page of HTML; yes
    DROP_BEFORE = "drop_before"  # the connection ends, nothing was done
    DROP_AFTER = "drop_after"  # the connection ends, the message arrived
    SLOW = "slow"  # the message arrived, the answer waits until `let_go`
    GARBAGE = "garbage"  # 200 and half a body; yes


class Faults:
    """The faults to come, by method, in order."""

    def __init__(self) -> None:
        self._coming: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._gate = threading.Event()
        self.retry_after = 7

    def add(self, method: str, *faults: Fault | None) -> None:
        """The next calls of the method go wrong like this; None stands for one that goes well."""
        with self._lock:
            self._coming[method].extend(faults)

    def take(self, method: str) -> Fault | None:
        """The fault of this call."""
        with self._lock:
            coming = self._coming[method]
            return coming.popleft() if coming else None

    def hold(self, limit_s: float = 60.0) -> None:
        """Wait as a slow answer does."""
        self._gate.wait(limit_s)

    def let_go(self) -> None:
        """Give all slow answers, now and later."""
        self._gate.set()
