"""The sandbox's clock: it follows the real one, or stands still until it is moved."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


@dataclass
class Clock:
    """`standing` is the instant at which the clock stands; None lets it run, `ahead_s` before the real one."""

    standing: float | None = None
    ahead_s: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead_s if self.standing is None else self.standing

    def seconds(self) -> int:
        """The whole seconds, as the interface writes an instant."""
        return int(self.now())

    def set(self, at: str) -> None:
        """Stand at an instant (ISO 8601; Beijing unless it says otherwise), or run again with "real"."""
        if at == "real":
            self.standing, self.ahead_s = None, 0.0
        else:
            moment = datetime.fromisoformat(at)
            self.standing = (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp()

    def advance(self, seconds: float) -> None:
        """Move on; a clock that runs goes on running."""
        if self.standing is None:
            self.ahead_s += seconds
        else:
            self.standing += seconds

    def day(self) -> datetime:
        """Now, in Beijing."""
        return self.at(self.now())

    def at(self, instant: float) -> datetime:
        """An instant, in Beijing."""
        return datetime.fromtimestamp(instant, BEIJING)
