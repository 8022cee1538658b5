"""A bounded pace per person and in all. The one place that counts; who waits, and how, is the channel's own.

Counted in this process and by the wall clock: what a limit forbids is forbidden whatever time the house plays.
"""

import threading
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_LEAST_S = 0.02


class Pace:
    """Gives turns. Any number of threads may ask."""

    def __init__(self, *, each: str, overall: str = "") -> None:
        """Limits are written as in "4 per 4 seconds"; `each` holds for every key by itself."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._each = parse(each)
        self._overall = parse(overall) if overall else None
        self._lock = threading.Lock()

    def turn(self, key: str, *, count: int = 1) -> float:
        """Take so many turns at once. 0 when they are taken; else none is, and the seconds after which one more will be free."""
        limits = [(self._each, key), *([(self._overall, "all")] if self._overall else [])]
        with self._lock:
            for item, name in limits:
                cost = min(count, item.amount)  # more than a whole window holds is never free: it goes when the window is empty
                if not self._limiter.test(item, name, cost=cost):
                    return max(self._limiter.get_window_stats(item, name).reset_time - time.time(), _LEAST_S)
            for item, name in limits:
                self._limiter.hit(item, name, cost=min(count, item.amount))
        return 0.0
