"""From an event of a page to a stored message. What a page sends is not trusted: anything out of shape is dropped."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from bot.app import App
from bot.inbound_text import MAX_TEXT
from bot.web.identity import Visitor
from bot.web.live import off_loop
from bot.web.sources import CHANNEL
from domain.message import Inbound, conversation_id

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that a page wants to say. `place` is the conversation that was open there."""

    id: str
    text: str
    place: str


def said(body: Any, *, field: str = "text") -> Said | None:
    """Read an event of a page. None for what no page of ours sends."""
    if not isinstance(body, dict):
        return None
    message_id, text, place = body.get("id"), body.get(field), body.get("place")
    if not isinstance(message_id, str) or not isinstance(text, str) or not isinstance(place, str) or not _ID.fullmatch(message_id):
        return None
    text = text.strip()[:MAX_TEXT]
    return Said(id=message_id, text=text, place=place) if text else None


class Sender:
    """Says what one person says, in the order in which it was said. A message that comes again under its id counts once."""

    def __init__(self, app: App, visitor: Visitor) -> None:
        self._app = app
        self._visitor = visitor
        self._in_order = asyncio.Lock()

    @property
    def open(self) -> bool:
        """Whether the visit lasts still."""
        return self._visitor.may_go_on(self._app.clock())

    async def send(self, message_id: str, text: str) -> bool:
        """Store a message. Returns whether it was new. When this returns the message cannot be lost."""
        party = self._visitor.party
        inbound = Inbound(
            channel=CHANNEL,
            # The page makes the id; with the conversation before it, nobody can use up somebody else's.
            message_id=f"{conversation_id(CHANNEL, party)}/{message_id}",
            sender=party,
            text=text,
            received_at=self._app.clock(),
        )
        async with self._in_order:
            return await off_loop(self._app.receive, inbound) is not None
