"""One turn of dialogue: who answers, which handler, which effects. Reads only; nothing is changed here.

While a person owns a customer's conversation no handler speaks. What the customer must be able to do at any time still counts: a refusal of
contact is recorded and a complaint opened at once, silently; of a complaint the person is told.
What the customer tells of themselves is kept too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.complaints import taken_silently
from bot.inbound_text import readable
from bot.knowledge_base import KnowledgeBase
from bot.lookups import LookupsFactory
from domain.conversation import Conversation, Owner
from domain.effects import Effect, RecordConsent, RecordSurvey, RecordTag
from domain.party import Role
from domain.ports import InboxRow, Records
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.mentions import mentions
from handlers.respond import respond
from handlers.routing import Routed, choose
from language.normalise import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a turn comes to."""

    intent: str
    confidence: float
    effects: tuple[Effect, ...]
    reason: str = ""


class Decides(Protocol):
    """Whoever takes a turn."""

    def decide(self, records: Records, conversation: Conversation, row: InboxRow, *, at: datetime) -> Decision: ...


class Dialogue:
    """Decides turns."""

    def __init__(self, *, handlers: Sequence[Handler], knowledge: KnowledgeBase, lookups: LookupsFactory) -> None:
        self._handlers = tuple(handlers)
        self._knowledge = knowledge
        self._lookups = lookups

    def decide(self, records: Records, conversation: Conversation, row: InboxRow, *, at: datetime) -> Decision:
        """Choose the handler for a message and let it say what should happen."""
        text = readable(row.inbound)
        turn = Turn(at=at, text=text, said=normalise(text), conversation=conversation, inbox_id=row.id)
        lookups = self._lookups.over(records, party=conversation.party, conversation_id=conversation.id, at=at)
        if conversation.owner is Owner.HUMAN and conversation.party.role is Role.CUSTOMER:
            free = replace(turn, conversation=replace(conversation, form=None, options=(), pending=None))
            routed = choose(free, handlers=self._handlers, evidence=lambda: lookups.search(turn.said))
            effects = respond(free, routed, handlers=self._handlers, lookups=lookups)
            kept = tuple(effect for effect in effects if isinstance(effect, RecordConsent | RecordSurvey | RecordTag))
            complaint = taken_silently(records, conversation, effects, at=at)
            return Decision(intent="human", confidence=1.0, effects=(*kept, *complaint), reason="owned")
        routed = self._routed(turn, lookups)
        effects = respond(turn, routed, handlers=self._handlers, lookups=lookups)
        return Decision(intent=routed.intent, confidence=routed.confidence, effects=effects, reason=routed.reason)

    def routed(self, records: Records, conversation: Conversation, text: str, *, at: datetime) -> Routed:
        """How a text would be understood; nothing is answered and nothing changes."""
        turn = Turn(at=at, text=text, said=normalise(text), conversation=conversation, inbox_id=0)
        return self._routed(turn, self._lookups.over(records, party=conversation.party, conversation_id=conversation.id, at=at))

    def _routed(self, turn: Turn, lookups: Lookups) -> Routed:
        return choose(
            turn,
            handlers=self._handlers,
            evidence=lambda: lookups.search(turn.said),
            classifier=self._knowledge.classifier,
            mentioned=lambda: mentions(turn.said, lookups),
        )
