"""Work that waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work. `reference` is the number that may be told to a customer, as in `C-2311`. `key` is unique."""

    id: int
    key: str
    kind: str
    status: str  # open | done | cancelled
    title: str
    detail: str
    customer_id: str | None
    assignee: str | None
    conversation_id: str | None
    urgency: str
    created_at: datetime
    due_at: datetime | None
    reference: str
    closed_at: datetime | None = None
    outcome: str = ""  # what was said of it at the end: done | unfit, empty where nobody said


class LeadRecords(Protocol):
    """Needs to follow up."""

    def open(
        self, *, need: str, customer_id: str, slots: Sequence[tuple[str, str]], quote: str, at: datetime, conversation_id: str
    ) -> int: ...
