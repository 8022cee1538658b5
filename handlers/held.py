"""Which of the held conversations a member of staff means."""

from collections.abc import Sequence

from handlers.handler import Turn
from handlers.lookups import QueueEntry


def the_one(turn: Turn, held: Sequence[QueueEntry], *, name: str = "") -> QueueEntry | None:
    """The named one, the only one, or the one whose customer is talked about; None when that is not clear."""
    if name:
        named = [entry for entry in held if entry.customer_name.startswith(name) or entry.conversation_id == name]
        return named[0] if len(named) == 1 else None
    if len(held) == 1:
        return held[0]
    return next((entry for entry in held if entry.customer_id == turn.conversation.focus), None)
