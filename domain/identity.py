"""One person or company under two customer ids: what was found, and what a person decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDecision:
    """What a person said of two ids; `first_id` sorts before `second_id`. It outlives every later import."""

    first_id: str
    second_id: str
    same: bool
    decided_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """What tells one customer from another. It never leaves the book but for the moments of an import."""

    id: str
    kind: str  # person | company
    name: str
    birth_date: str  # ISO, empty when unknown
    id_number: str
    phone: str
    opened_at: int  # microseconds since 1970
    rm_id: str | None


class IdentityRecords(Protocol):
    """What people decided on customers who may be the same."""

    def decide(self, decision: IdentityDecision) -> None:
        """Keep it; the latest word on a pair counts."""

    def decisions(self) -> Sequence[IdentityDecision]: ...
