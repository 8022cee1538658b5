"""A bounded pace: about one message a second to a chat with short bursts, thirty a second in all (core.telegram.org/bots/faq)."""

import asyncio
import time
from collections.abc import Sequence

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from domain.errors import ChannelDown

PER_CHAT = "4 per 4 seconds"
OVERALL = "25 per second"
_PATIENCE_S = 8.0  # far below the lease of an outbox row


class Pace:
    """Lets a message go when its turn has come."""

    def __init__(self, *, per_chat: str = PER_CHAT, overall: str = OVERALL) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_chat, self._overall = parse(per_chat), parse(overall)

    async def wait(self, chat: int) -> None:
        """Wait for a turn. Raises ChannelDown when that would take too long: nothing was sent."""
        until = time.monotonic() + _PATIENCE_S
        limits: Sequence[tuple[RateLimitItem, str]] = ((self._per_chat, str(chat)), (self._overall, "all"))
        for item, key in limits:
            while not self._limiter.hit(item, key):
                pause = max(self._limiter.get_window_stats(item, key).reset_time - time.time(), 0.02)
                if time.monotonic() + pause > until:
                    raise ChannelDown("too many messages at once", retry_after_s=pause)
                await asyncio.sleep(pause)
