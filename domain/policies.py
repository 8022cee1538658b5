"""Edits of the service policy: what a manager changed of how a class of customers is served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEdit:
    """A new value of one term of one class; the latest counts."""

    tier: str
    term: str
    value: str
    by: str
    at: datetime


class PolicyRecords(Protocol):
    """The edits, kept as a history."""

    def edit(self, edit: PolicyEdit) -> None:
        """Keep an edit."""

    def edits(self, *, at: datetime) -> Sequence[PolicyEdit]:
        """Every edit up to the instant, oldest first."""
