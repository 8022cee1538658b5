"""A bounded pace: about one message a second to a chat with short bursts, thirty a second in all (core.telegram.org/bots/faq)."""

import asyncio
import time

from bot.channels.pace import Pace as Turns
from domain.errors import ChannelDown

PER_CHAT = "4 per 4 seconds"
OVERALL = "25 per second"
_PATIENCE_S = 8.0  # far below the lease of an outbox row


class Pace:
    """Lets a message go when its turn has come."""

    def __init__(self, *, per_chat: str = PER_CHAT, overall: str = OVERALL) -> None:
        self._turns = Turns(each=per_chat, overall=overall)

    async def wait(self, chat: int) -> None:
        """Wait for a turn. Raises ChannelDown when that would take too long: nothing was sent."""
        until = time.monotonic() + _PATIENCE_S
        while pause := self._turns.turn(str(chat)):
            if time.monotonic() + pause > until:
                raise ChannelDown("too many messages at once", retry_after_s=pause)
            await asyncio.sleep(pause)
