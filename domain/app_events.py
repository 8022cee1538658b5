"""What customers do in the app and online, as it reaches us: with the nightly delivery, or the same moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class AppEvent:
    """A row of the feed `app_events` (docs/data-contract.md) with what triggers read of it."""

    event_id: str
    customer_id: str
    at: datetime
    kind: str
    page: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How often somebody did what is watched for, when last, and on which page that was, in the words of the bank."""

    count: int
    last_at: datetime
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whom to find among all customers: who did at least `least` times one of `kinds` within the window (after `since`, up to `until`).

    `pages` are pairs of page and item that count, None for all of them; one of `settled_by` on them after the last takes it back.
    """

    kinds: tuple[str, ...]
    least: int
    since: datetime
    until: datetime
    pages: Collection[tuple[str, str]] | None = None
    settled_by: tuple[str, ...] = ()


class LiveEventRecords(Protocol):
    """Events that came the same moment; the nightly delivery brings them again under the same id."""

    def add(self, events: Sequence[AppEvent], *, at: datetime) -> int:
        """Keep those that are new. Returns how many that were: a repeated one changes nothing."""

    def waiting(self, *, limit: int) -> Sequence[str]:
        """Customers with an event that nobody judged yet, the longest waiting first."""

    def of(self, customer_id: str, *, since: datetime) -> Sequence[AppEvent]:
        """The events of a customer after that instant, oldest first."""

    def judged(self, event_ids: Sequence[str], *, at: datetime) -> None:
        """They were looked at."""

    def forget(self, *, before: datetime) -> int:
        """Drop what happened before that instant and was looked at. Returns how many."""
