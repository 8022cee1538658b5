"""What is noted while a play runs, for the checks and the summary."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(slots=True, kw_only=True)
class Wait:
    """One wait for a person: since when, and when and by whom it ended if it did."""

    conversation_id: str
    since: datetime
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A text that the gate held back: by which rule, and whether for good or for later."""

    outbox_id: int
    touch: str
    purpose: str
    rule: str
    outcome: str


@dataclass(slots=True, kw_only=True)
class Record:
    """The notes of one play. `refused_from` is, by customer, how many messages had been delivered to anybody when they refused more;
    `refused_before` are those who had refused when the play began.
    """

    said: Counter[str] = field(default_factory=Counter)  # by act, what customers typed
    acts: dict[str, list[str]] = field(default_factory=dict)  # by key of the message
    intents: Counter[str] = field(default_factory=Counter)
    taken_as: Counter[tuple[str, str]] = field(default_factory=Counter)  # (act, intent)
    planned: Counter[str] = field(default_factory=Counter)
    left_out: dict[tuple[date, str, str], str] = field(default_factory=dict)  # (day, touch, customer): reason
    held: dict[tuple[int, str], Held] = field(default_factory=dict)
    waits: dict[tuple[str, datetime], Wait] = field(default_factory=dict)
    returned: int = 0
    released: int = 0
    purchases: list[Decimal] = field(default_factory=list)
    refused_from: dict[str, int] = field(default_factory=dict)
    refused_before: set[str] = field(default_factory=set)
    complaints_closed: int = 0
    talked_over: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # ids of messages that were not taken through a turn
    deliveries: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
