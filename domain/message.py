"""A text has three states: Inbound -> Draft -> Approved. Only `compliance.gate` constructs an `Approved`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.party import BOT, Party


class Purpose(StrEnum):
    """Why a text leaves. The rules differ: a reply may go at night, a touch may not, internal texts go to staff only."""

    REPLY = "reply"
    TOUCH = "touch"  # greeting or care, no product in it
    MARKETING = "marketing"
    SERVICE = "service"  # something the customer must know about a running matter
    INTERNAL = "internal"


class Kind(StrEnum):
    """The form of a text. A channel that cannot show a form degrades it to text."""

    TEXT = "text"
    CHOICES = "choices"
    NOTICE = "notice"  # system line in the chat: a hand-off began, a person left
    IMAGE = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice under a message. `payload` comes back as the text of the next inbound when it is pressed."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page of the web that opens from under a message. No choice: nothing comes back, and it has no number to answer with.

    The gate lets it go only where it leads to an allowed host.
    """

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """What arrived, as the channel's edge parsed it. `message_id` is the channel's own and unique within the channel."""

    channel: str
    message_id: str
    sender: Party
    text: str
    received_at: datetime
    kind: str = "text"
    conversation_id: str = ""

    @property
    def conversation(self) -> str:
        """The conversation it belongs to: one per channel and person unless the channel says otherwise."""
        return self.conversation_id or conversation_id(self.channel, self.sender)


def conversation_id(channel: str, party: Party) -> str:
    """Name the conversation of one person on one channel, as in `web:customer:C000012`."""
    return f"{channel}:{party}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that wants to leave. Nobody has checked it; no channel takes it.

    `products` names every product code that the text speaks about, `about` the customers whose data is in it: the gate judges by
    these and by the text itself. `template` is the id of the approved card or wording that it came from, if any.
    """

    text: str
    to: Party
    purpose: Purpose
    kind: Kind = Kind.TEXT
    author: Party = BOT
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    image: str | None = None
    card_ids: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    template: str | None = None
    ai_generated: bool = False
    answers: int | None = None  # inbox row that this is the reply to


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a rule saw. `reason` is Chinese and fit to be shown to staff; `quote` is the offending piece of the text."""

    rule: str
    outcome: str  # block | review | defer
    reason: str
    quote: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A text that may leave, exactly as it stands. Constructed by `compliance.gate` and nowhere else (a test reads the code)."""

    draft: Draft
    text: str
    reviewed_at: datetime
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The text must never leave. All findings are kept, not only the first."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsReview:
    """A person decides. The text waits as a task."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """The text may leave, but not before `until`."""

    until: datetime
    findings: tuple[Finding, ...] = field(default=())


Verdict = Approved | Blocked | NeedsReview | Deferred


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The channel's word that it took the message. `reference` is its id there.

    `asked`: it reached nobody yet, a member of staff must confirm it first; the channel settles the ledger when it knows.
    """

    reference: str
    at: datetime
    asked: bool = False
