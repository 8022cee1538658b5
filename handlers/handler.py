"""The seam between the shell and the dialogue: a turn goes in, effects come out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.conversation import Conversation
from domain.effects import Effect
from domain.message import Button, Draft, Kind, Link, Purpose
from domain.party import Party, Role
from handlers.lookups import Lookups


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One inbound message as a handler sees it.

    `text` is what was typed (clipped to a sane length), `said` the same normalised (Simplified, half-width). `argument` is what a
    button or a routing rule adds: a card id, a customer id, a conversation id. `at` is the only clock.
    """

    at: datetime
    text: str
    said: str
    conversation: Conversation
    inbox_id: int
    argument: str = ""
    confidence: float = 1.0

    @property
    def party(self) -> Party:
        """Who speaks."""
        return self.conversation.party

    def reply(
        self,
        text: str,
        *,
        buttons: tuple[Button, ...] = (),
        links: tuple[Link, ...] = (),
        image: str | None = None,
        card_ids: tuple[str, ...] = (),
        citations: tuple[str, ...] = (),
        products: tuple[str, ...] = (),
        about: tuple[str, ...] = (),
        template: str | None = None,
        ai_generated: bool = False,
    ) -> Draft:
        """Draft an answer to the person who spoke. The purpose follows from who that is: REPLY to a customer, INTERNAL to staff."""
        return Draft(
            text=text,
            to=self.party,
            purpose=Purpose.REPLY if self.party.role is Role.CUSTOMER else Purpose.INTERNAL,
            kind=Kind.CHOICES if buttons else Kind.TEXT,
            buttons=buttons,
            links=links,
            image=image,
            card_ids=card_ids,
            citations=citations,
            products=products,
            about=about,
            template=template,
            ai_generated=ai_generated,
            answers=self.inbox_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """One intent. `examples` teach the classifier and document it; `cues` are regular expressions over `Turn.said` that decide alone.

    `audience` are the roles that may reach it; for anybody else it does not exist. `order` breaks ties of cues: lower first.
    `yields` says that a cue takes almost anything (哪些……): a very sure classifier goes before it.
    """

    intent: str
    title: str  # Chinese, for lists and buttons
    audience: frozenset[Role]
    handle: Callable[[Turn, Lookups], tuple[Effect, ...]]
    examples: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    order: int = 100
    about_one: bool = False  # asks something of one customer: the argument of its cues is a customer
    offered: bool = False  # asks of nobody in particular, and may be offered to somebody who was not understood
    yields: bool = False


CUSTOMER = frozenset({Role.CUSTOMER})
RM = frozenset({Role.RM})
STAFF = frozenset(role for role in Role if role.is_staff)
