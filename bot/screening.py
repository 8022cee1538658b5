"""Loads what the gate may look at, at the moment of sending. Only what the rules can need for this kind of text is read."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from bot.master import Master
from compliance.rule import Contact, Context
from domain.message import Purpose
from domain.party import Role
from domain.ports import OutboxRow, Records

_CONTACTS_WINDOW = timedelta(days=32)
_OWN_MESSAGE = timedelta(hours=48)  # as long as WeChat customer service lets a reply follow the customer's word (WeCom kf, 48 h window)


class ProductMaster(Protocol):
    """The product master, indexed once per version."""

    def of(self, records: Records) -> Master: ...


class Screening:
    """Builds the gate's context of one outbox row."""

    def __init__(self, master: ProductMaster, *, hosts: Collection[str] = ()) -> None:
        """`hosts` of the web are those that a text may lead to."""
        self._master = master
        self._hosts = frozenset(hosts)

    def context(self, records: Records, row: OutboxRow, *, at: datetime) -> Context:
        """Read the recipient's own facts. Raises nothing of its own: an unknown recipient simply has none."""
        draft = row.draft
        master = self._master.of(records)
        if draft.to.role is not Role.CUSTOMER:
            return Context(
                at=at,
                channel=row.channel,
                catalogue=master.catalogue,
                public_numbers=master.numbers,
                hosts=self._hosts,
                human_author=draft.author.role.is_staff,
            )
        customer = records.book.customer(draft.to.id)
        book = records.book
        pushed = draft.purpose in (Purpose.TOUCH, Purpose.MARKETING, Purpose.SERVICE)
        contacts: tuple[Contact, ...] = ()
        if pushed:
            contacts = tuple(
                Contact(sent_at=sent.sent_at, purpose=sent.draft.purpose, channel=sent.channel)
                for sent in records.outbox.contacts(draft.to.id, since=at - _CONTACTS_WINDOW)
                if sent.sent_at is not None
            )
        spoke = draft.answers is not None
        if not spoke and draft.purpose is Purpose.REPLY:
            last = [line for line in records.transcript.of(row.conversation_id, last=40) if line.author == str(draft.to)]
            spoke = bool(last) and at - last[-1].at <= _OWN_MESSAGE
        return Context(
            at=at,
            channel=row.channel,
            customer=customer,
            assessment=book.risk_assessment(draft.to.id),
            consents=book.consents(draft.to.id) if pushed else (),
            contacts=contacts,
            catalogue=master.catalogue,
            held=frozenset(book.account_products(draft.to.id)),
            public_numbers=master.numbers,
            hosts=self._hosts,
            in_reply_to_own_message=spoke,
            open_complaint=pushed and any(task.customer_id == draft.to.id for task in records.tasks.listed(kind="complaint")),
            human_author=draft.author.role.is_staff,
            released_by=row.released_by,
        )
