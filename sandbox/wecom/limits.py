"""Counting within windows of the sandbox's clock (D/90312), with the block that follows."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.wecom.errors import Refused

_DAY_S = 86400


@dataclass
class Window:
    """How many in the window that is open. Windows lie side by side; they do not slide."""

    began: int = -1
    count: int = 0


@dataclass
class Limits:
    """Refuses with 45009. A key is whatever is counted together."""

    windows: dict[tuple[str, int], Window] = field(default_factory=dict)
    blocked_until: dict[str, float] = field(default_factory=dict)
    recent: dict[str, deque[float]] = field(default_factory=dict)

    def count(self, key: str, now: float, length_s: int, most: int, *, by: int = 1, block_s: float = 0) -> None:
        """Count; above `most` refuse, and go on refusing for `block_s`."""
        if now < self.blocked_until.get(key, 0):
            raise Refused(45009, "blocked")
        window = self.windows.setdefault((key, length_s), Window())
        # Days begin at midnight in Beijing.
        number = int((now + (8 * 3600 if length_s == _DAY_S else 0)) // length_s)
        if window.began != number:
            window.began, window.count = number, 0
        window.count += by
        if window.count > most:
            if block_s:
                self.blocked_until[key] = now + block_s
            raise Refused(45009)

    def room(self, key: str, now: float, length_s: float, most: int) -> bool:
        """Whether one more fits into the last `length_s`, which slides; it is counted if so."""
        times = self.recent.setdefault(key, deque())
        while times and times[0] <= now - length_s:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True

    def api(self, path: str, now: float) -> None:
        """The limits of every API: 10 000 a minute and 150 000 an hour per corp."""
        self.count(path, now, 60, 10_000, block_s=60)
        self.count(path, now, 3600, 150_000, block_s=3600)
