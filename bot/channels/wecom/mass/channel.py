"""The sending half of 企业群发: an approved text is collected for the customer's relationship manager, and nobody is asked yet.

Collecting is idempotent: the key of the ledger is that of the collected text. Only what the ledger calls `asked` is asked for.
"""

from datetime import timedelta

from bot.authority import contact_person
from bot.channels.links import with_links
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.mass.caps import allowance
from bot.channels.wecom.people import WeComPeople
from bot.channels.wecom.wiring import MASS
from bot.clock import Clock
from compliance.days import bank_day
from domain.contacts import Contact
from domain.errors import CapReached, RecipientGone
from domain.mass import MassTarget
from domain.message import Approved, Purpose, Receipt
from domain.party import Role
from domain.ports import Records, Store

_TEXT = 4_000  # bytes, document/path/92135
_WAITS = timedelta(days=3)  # for a confirmation of a text that has no end of its own
_PUSHED = (Purpose.TOUCH, Purpose.MARKETING)


class MassChannel:
    """Answers `domain.ports.Channel`."""

    name = MASS
    idempotent = True

    def __init__(self, store: Store, client: WeComClient, people: WeComPeople, clock: Clock, *, cap: str) -> None:
        """`cap` is month, week7 or day1."""
        self._store = store
        self._people = people
        self._clock = clock
        self._cap = cap
        self.client = client

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Collect it. Raises RecipientGone when the customer cannot be reached by their manager, CapReached when they have had enough."""
        draft = approved.draft
        if draft.to.role is not Role.CUSTOMER or draft.purpose not in _PUSHED:
            raise RecipientGone("only greetings and marketing for customers go this way")
        text = with_links(approved.text, draft.links)
        if not 0 < len(text.encode()) <= _TEXT:
            raise RecipientGone("the text is empty or longer than 4,000 bytes")
        now = self._clock()
        with self._store.writing() as records:
            row = records.outbox.of_key(key)
            until = row.until if row is not None and row.until is not None else now + _WAITS
            contact = self._contact(records, draft.to.id)
            most, since = allowance(self._cap, now)
            if records.mass.had(contact.external_userid, since=since, but=key) >= most:
                raise CapReached("WeCom lets this person have no more for now")
            target = MassTarget(
                key=key,
                external_userid=contact.external_userid,
                customer_id=draft.to.id,
                userid=contact.userid,
                text=text,
                collected_at=now,
                until=until,
            )
            records.mass.collect(target)
        return Receipt(reference=f"mass:{contact.external_userid}", at=now, asked=True)

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def _contact(self, records: Records, customer_id: str) -> Contact:
        """The customer as a contact of who looks after them today."""
        customer = records.book.customer(customer_id)
        person = contact_person(records.book, customer, on=bank_day(self._clock())) if customer else None
        if person is None:
            raise RecipientGone("nobody looks after this customer today")
        userid = self._people.userid(person.staff.id).casefold()
        for binding in records.contacts.bindings_of(customer_id):
            for contact in records.contacts.followers(binding.external_userid):
                if contact.userid.casefold() == userid:
                    return contact
        raise RecipientGone("the customer is not bound, or no contact of who looks after them")
