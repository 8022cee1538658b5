"""What the bank's files say of dealings that carry names, words or a state: relations, complaints, entitlements, recordings, watchlist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRelation:
    """`customer_id` is `kind` of the other side, which is a customer (`related_id`) or only named. It holds while `since <= on < until`."""

    id: str
    customer_id: str
    kind: str  # spouse | parent | … | legal_person | owner | authorised | guarantor | supplier | buyer | group
    related_id: str | None = None
    related_name: str = ""
    share: Decimal | None = None
    scope: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint that the bank recorded. Without `resolved_at` it is open."""

    id: str
    customer_id: str
    opened_at: datetime
    channel: str = ""
    topic: str = ""
    severity: str = "normal"
    staff_id: str | None = None
    about_staff_id: str | None = None
    text: str = ""
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What a customer may use once until the day before `expires_on`. Without `redeemed_at` it is unused."""

    id: str
    customer_id: str
    kind: str
    name: str
    granted_on: date
    value: Decimal | None = None
    uplift: Decimal | None = None
    product_code: str = ""
    approval: str = ""
    expires_on: date | None = None
    redeemed_at: datetime | None = None
    redeemed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """An entry of the register of sale recordings (双录). `location` is where the archive keeps the file."""

    id: str
    customer_id: str
    started_at: datetime
    ended_at: datetime | None = None
    staff_id: str | None = None
    product_code: str = ""
    order_id: str = ""
    segments: tuple[str, ...] = ()
    quality: int | None = None
    sha256: str = ""
    location: str = ""
    product_ends_on: date | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistEntry:
    """Somebody to be looked at before business is done. Listed while `listed_on <= on < removed_on`."""

    id: str
    name: str
    kind: str
    listed_on: date
    id_number: str = ""
    source: str = ""
    removed_on: date | None = None


class DealingRecords(Protocol):
    """What the bank's files say of dealings with names, words or a state. Permission is checked elsewhere, as for the book."""

    def relations(self, customer_id: str) -> Sequence[CustomerRelation]:
        """Those in which the customer is either side."""

    def complaints(self, customer_id: str) -> Sequence[Complaint]:
        """Oldest first, as the next two."""

    def entitlements(self, customer_id: str) -> Sequence[Entitlement]: ...

    def recordings(self, customer_id: str) -> Sequence[Recording]: ...

    def watchlist(self) -> Sequence[WatchlistEntry]:
        """Every entry, removed ones too."""
