"""The bank writes down what happened: contacts with their outcome, complaints, purchases. A day of it is the next delivery."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sandbox.players.files import Row
from sandbox.players.money import Purchase

#: From nothing to the furthest: a contact only ever goes on.
_FURTHER = ("delivered", "read", "replied", "refused", "bought")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact and the furthest that came of it."""

    id: str
    customer_id: str
    at: datetime
    channel: str
    direction: str
    purpose: str
    product_code: str
    outcome: str
    outcome_at: datetime
    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint, and the day on which the bank will settle it."""

    id: str
    customer_id: str
    at: datetime
    channel: str
    text: str
    settled_on: date
    settled_at: datetime | None = None


class Diary:
    """What is new since the last delivery. A contact or complaint that goes on is delivered again under its id.

    `settles` says on which day the bank settles a complaint, given its id and the day on which it was made.
    """

    def __init__(self, *, settles: Callable[[str, date], date]) -> None:
        self._settles = settles
        self._contacts: dict[str, Contact] = {}  # by key of the message
        self._complaints: dict[str, Complaint] = {}
        self._changed: dict[str, None] = {}
        self._outcomes: dict[tuple[str, str, date], Decimal | None] = {}
        self._numbers: dict[date, int] = {}

    def contact(
        self,
        key: str,
        *,
        customer_id: str,
        at: datetime,
        channel: str,
        direction: str,
        purpose: str,
        products: Sequence[str],
        outcome: str,
        staff_id: str = "",
    ) -> None:
        """A contact was made; by a machine where no staff is named."""
        self._contacts[key] = Contact(
            id=self._next("KP", at.date()),
            customer_id=customer_id,
            at=at,
            channel=channel,
            direction=direction,
            purpose=purpose,
            product_code=products[0] if products else "",
            outcome=outcome,
            outcome_at=at,
            staff_id=staff_id,
        )
        self._changed[key] = None

    def came_of(self, key: str, outcome: str, *, at: datetime) -> None:
        """Something came of a contact. What is no contact of its own (an answer in a conversation) is passed over."""
        known = self._contacts.get(key)
        if known is None or known.outcome not in _FURTHER or _FURTHER.index(outcome) <= _FURTHER.index(known.outcome):
            return
        self._contacts[key] = replace(known, outcome=outcome, outcome_at=at)
        self._changed[key] = None

    def take_up_contact(self, key: str, row: Row) -> None:
        """A contact of an earlier play, as it was delivered: something may still come of it."""
        self._contacts[key] = Contact(
            id=row["contact_id"],
            customer_id=row["customer_id"],
            at=datetime.fromisoformat(row["at"]),
            channel=row["channel"],
            direction=row["direction"],
            purpose=row["purpose"],
            product_code=row["product_code"],
            outcome=row["outcome"],
            outcome_at=datetime.fromisoformat(row["outcome_at"]),
            staff_id=row["staff_id"],
        )

    def take_up_complaints(self, delivered: Iterable[Row]) -> None:
        """The complaints of earlier plays, as they were delivered, oldest first: the bank goes on with what is not settled."""
        latest = {row["complaint_id"]: row for row in delivered}
        for row in latest.values():
            if not row["resolved_at"]:
                at = datetime.fromisoformat(row["opened_at"])
                self._open(row["complaint_id"], customer_id=row["customer_id"], at=at, channel=row["channel"], text=row["text"])

    def contact_row(self, key: str) -> Row | None:
        """A contact as it is delivered, by the key of its message."""
        contact = self._contacts.get(key)
        return _contact_row(contact) if contact else None

    def complaint(self, *, customer_id: str, at: datetime, channel: str, text: str) -> None:
        """Somebody complained."""
        identity = self._next("CPP", at.date())
        self._open(identity, customer_id=customer_id, at=at, channel=channel, text=text)
        self._changed[identity] = None

    def works_on(self, customer_id: str) -> bool:
        """Whether the bank has not settled a complaint of that customer yet."""
        return any(complaint.customer_id == customer_id for complaint in self._complaints.values())

    def _open(self, identity: str, *, customer_id: str, at: datetime, channel: str, text: str) -> None:
        on = self._settles(identity, at.date())
        self._complaints[identity] = Complaint(id=identity, customer_id=customer_id, at=at, channel=channel, text=text, settled_on=on)

    def refused(self, customer_id: str, on: date) -> None:
        """Somebody said that they want no more messages."""
        self._outcomes[customer_id, "opted_out", on] = None

    def bought(self, purchase: Purchase) -> None:
        """Somebody bought."""
        place = (purchase.customer_id, f"bought:{purchase.kind}", purchase.at.date())
        self._outcomes[place] = (self._outcomes.get(place) or Decimal(0)) + purchase.amount

    def close_day(self, on: date, *, at: datetime) -> dict[str, list[Row]]:
        """What is new, in the words of the contract, after settling the complaints that are due; a new day begins."""
        for identity, complaint in self._complaints.items():
            if complaint.settled_at is None and complaint.settled_on <= on:
                self._complaints[identity] = replace(complaint, settled_at=at)
                self._changed[identity] = None
        contacts = [_contact_row(self._contacts[key]) for key in self._changed if key in self._contacts]
        complaints = [_complaint_row(self._complaints[key]) for key in self._changed if key in self._complaints]
        outcomes = [
            {"customer_id": who, "kind": kind, "on": day.isoformat(), "amount": "" if amount is None else str(amount)}
            for (who, kind, day), amount in self._outcomes.items()
        ]
        self._changed, self._outcomes = {}, {}
        self._complaints = {identity: complaint for identity, complaint in self._complaints.items() if complaint.settled_at is None}
        return {"contacts": contacts, "complaints": complaints, "outcomes": outcomes}

    def _next(self, letters: str, on: date) -> str:
        self._numbers[on] = self._numbers.get(on, 0) + 1
        return f"{letters}{on:%Y%m%d}-{self._numbers[on]:05d}"


def _contact_row(contact: Contact) -> Row:
    return {
        "contact_id": contact.id,
        "customer_id": contact.customer_id,
        "staff_id": contact.staff_id,
        "at": contact.at.isoformat(),
        "channel": contact.channel,
        "direction": contact.direction,
        "purpose": contact.purpose,
        "product_code": contact.product_code,
        "outcome": contact.outcome,
        "outcome_at": contact.outcome_at.isoformat(),
    }


def _complaint_row(complaint: Complaint) -> Row:
    settled = complaint.settled_at
    return {
        "complaint_id": complaint.id,
        "customer_id": complaint.customer_id,
        "opened_at": complaint.at.isoformat(),
        "channel": complaint.channel,
        "text": complaint.text.strip(),
        "resolved_at": settled.isoformat() if settled else "",
        "outcome": "upheld" if settled else "",
    }


def merged(*parts: Mapping[str, list[Row]]) -> list[tuple[str, list[Row]]]:
    """The feeds of several writers side by side."""
    return [(feed, rows) for part in parts for feed, rows in part.items()]
