"""Who answers now: the bot or a person. A transition table and a pure `step`.

Two rules of this file. A conversation is owned by exactly one side at any time, and the bot says nothing to a customer while a
person owns it. Waiting belongs to the bot: until somebody takes over, the customer is still answered.
`python -m bot inventory` prints the table.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import IllegalTransition
from domain.message import Button
from domain.party import Party


class Owner(StrEnum):
    """Who answers."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"


class Event(StrEnum):
    """What can happen to the ownership."""

    HANDOFF_REQUESTED = "handoff_requested"
    HANDOFF_CANCELLED = "handoff_cancelled"
    TAKEN_OVER = "taken_over"
    HUMAN_SPOKE = "human_spoke"
    RELEASED = "released"
    SLA_EXPIRED = "sla_expired"


TRANSITIONS: dict[tuple[Owner, Event], Owner] = {
    (Owner.BOT, Event.HANDOFF_REQUESTED): Owner.WAITING,
    (Owner.BOT, Event.TAKEN_OVER): Owner.HUMAN,  # a person may step in unasked
    (Owner.WAITING, Event.HANDOFF_REQUESTED): Owner.WAITING,  # asking twice keeps the place in the queue
    (Owner.WAITING, Event.HANDOFF_CANCELLED): Owner.BOT,
    (Owner.WAITING, Event.TAKEN_OVER): Owner.HUMAN,
    (Owner.HUMAN, Event.HANDOFF_REQUESTED): Owner.HUMAN,  # the customer has a person already
    (Owner.HUMAN, Event.HUMAN_SPOKE): Owner.HUMAN,
    (Owner.HUMAN, Event.RELEASED): Owner.BOT,
    (Owner.HUMAN, Event.SLA_EXPIRED): Owner.WAITING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """A form under way: what was filled, in which order (for 上一步), and which slot was asked last."""

    name: str
    slots: tuple[tuple[str, str], ...] = ()
    asking: str = ""
    misses: int = 0

    def value(self, slot: str) -> str | None:
        """The filled value of a slot, in its canonical text form, or None."""
        return dict(self.slots).get(slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The state of one conversation. `version` counts saves and guards against lost updates.

    `staff` holds it or held it last. `waiting_since` and `owned_since` run the SLA clocks. `options` are the choices shown last,
    so that "2" or "第二个" means something. `focus` is the customer that staff are talking about, `focus_before` the one before that, so
    that "他们" means two; `topic` the last cards shown; `asked` what staff asked of one customer last, which "那李梅呢" asks again.
    """

    id: str
    channel: str
    party: Party
    owner: Owner = Owner.BOT
    staff: str | None = None
    waiting_since: datetime | None = None
    owned_since: datetime | None = None
    last_human_at: datetime | None = None
    form: FormState | None = None
    options: tuple[Button, ...] = ()
    topic: tuple[str, ...] = ()
    focus: str | None = None
    focus_before: str | None = None
    asked: str | None = None
    pending: str | None = None  # a command that waits for one more input, as a TOTP code
    greeted: bool = False
    misses: int = 0
    version: int = 0


def step(conversation: Conversation, event: Event, *, at: datetime, staff: str | None = None) -> Conversation:
    """Return the conversation after the event.

    Raises IllegalTransition when the table has no such row, or when somebody other than the holder speaks, releases or takes over.
    """
    after = TRANSITIONS.get((conversation.owner, event))
    if after is None:
        raise IllegalTransition(f"{event.value} is not possible while {conversation.owner.value} owns {conversation.id}")
    if event in (Event.HUMAN_SPOKE, Event.RELEASED) and staff != conversation.staff:
        raise IllegalTransition(f"{conversation.id} is held by somebody else")
    if event is Event.TAKEN_OVER:
        return replace(conversation, owner=after, staff=staff, owned_since=at, last_human_at=at, waiting_since=None, form=None, options=())
    if event is Event.HUMAN_SPOKE:
        return replace(conversation, last_human_at=at)
    if event is Event.RELEASED:
        return replace(conversation, owner=after, owned_since=None, last_human_at=None, misses=0)
    if event is Event.SLA_EXPIRED:
        return replace(conversation, owner=after, staff=None, waiting_since=at, owned_since=None, last_human_at=None)
    if event is Event.HANDOFF_CANCELLED:
        return replace(conversation, owner=after, waiting_since=None)
    if conversation.owner is Owner.BOT:
        return replace(conversation, owner=after, waiting_since=at)
    return conversation
