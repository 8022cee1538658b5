"""Tags of customers: who says so, how surely, on what evidence and until when; and that somebody says it is not so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TagSource(StrEnum):
    """Who says so."""

    DECLARED = "declared"  # the customer
    RM = "rm"
    BANK = "bank"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTag:
    """One word on a tag of a customer. Of one source the latest word counts; `until` is exclusive.

    `confidence` is in percent. `contested_at` says since when it is held to be wrong. `marketing` is the customer's answer to
    whether it may be used to recommend something; None while nobody answered, which is no consent.
    """

    customer_id: str
    tag: str
    source: TagSource
    confidence: int
    evidence: str
    by: str
    at: datetime
    until: datetime
    contested_at: datetime | None = None
    contested_by: str = ""
    marketing: bool | None = None

    def counts(self, at: datetime) -> bool:
        """Whether it holds at that instant: said by then, not run out, not contested and not refused for any use."""
        return self.at <= at < self.until and not self.is_contested(at)

    def is_contested(self, at: datetime) -> bool:
        """Whether somebody has said by then that it is wrong."""
        return self.contested_at is not None and self.contested_at <= at


class TagRecords(Protocol):
    """Tags of customers. Each customer, tag and source is one row; a later word replaces it."""

    def record(self, tag: CustomerTag) -> None:
        """Keep a word. What was contested is so no more: the one who speaks knows better now."""

    def of(self, customer_id: str) -> Sequence[CustomerTag]:
        """Every tag of a customer, latest first, also what ran out or is contested."""

    def everything(self) -> Sequence[CustomerTag]:
        """Every tag of every customer, by customer, tag and source."""

    def contest(self, customer_id: str, tag: str, *, by: str, at: datetime) -> int:
        """Mark every word on a tag as wrong and return how many there were."""

    def answer_marketing(self, customer_id: str, tag: str, *, granted: bool) -> int:
        """Keep whether the customer's own words may be used to recommend something. Returns how many there were."""
