"""What will happen when, and the clock that is moved from one thing to the next."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count


class PlayClock:
    """The clock of a play: stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Agenda:
    """Things to do by time; of those at one instant the one that was put down first comes first."""

    def __init__(self, clock: PlayClock) -> None:
        self._clock = clock
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def put(self, at: datetime, act: Callable[[], None]) -> None:
        """Have something done at the instant, or now when that is over."""
        heapq.heappush(self._coming, (max(at, self._clock.at), next(self._order), act))

    def next_at(self) -> datetime | None:
        """When the next thing is to be done."""
        return self._coming[0][0] if self._coming else None

    def do_due(self) -> None:
        """Do what is due now, and what comes of it at once."""
        while self._coming and self._coming[0][0] <= self._clock.at:
            heapq.heappop(self._coming)[2]()
