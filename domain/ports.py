"""What the core asks of the outside: storage, channels, facts. `storage/` and `bot/channels/` answer; tests may answer too.

A `Records` is one open transaction. `Store.reading` never blocks a writer; `Store.writing` commits when its block ends well and leaves
nothing behind when it raises.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from domain.app_events import AppEvent, LiveEventRecords, Looks, Watch
from domain.audit import AuditRecord
from domain.binding import BindCodeRecords
from domain.book import Activity, Assets, BankSizes, Branch, Consent, Customer, FeedFreshness, Product, RiskAssessment, StaffMember
from domain.contact_events import ContactEventRecords
from domain.contacts import ContactRecords
from domain.conversation import Conversation
from domain.dealings import DealingRecords
from domain.identity import IdentityRecords
from domain.links import LinkRecords
from domain.mass import MassRecords
from domain.media import MediaRecords
from domain.message import Approved, Draft, Inbound, Receipt, Verdict
from domain.party import Party
from domain.policies import PolicyRecords
from domain.priorities import PriorityRecords
from domain.stepup import StepUpRecords
from domain.surveys import SurveyRecords
from domain.tags import TagRecords
from domain.task import LeadRecords, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An accepted inbound message. `seq` orders the messages of one conversation by arrival."""

    id: int
    seq: int
    attempts: int
    inbound: Inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A draft on its way out. `key` is the channel idempotency key; `occasion` the unique reason of a touch."""

    id: int
    key: str
    conversation_id: str
    channel: str
    draft: Draft
    status: str  # pending | sending | sent | asked | unknown | failed | blocked | review | expired | superseded
    attempts: int
    created_at: datetime
    not_before: datetime | None = None
    until: datetime | None = None
    occasion: str | None = None
    sent_at: datetime | None = None
    trace_id: str = ""
    released_by: str | None = None  # the reviewer who let a NeedsReview text go
    findings: tuple[tuple[str, str, str], ...] = ()  # (rule, outcome, reason) of what stopped it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a transcript. `author` is a party, or `system` for the marks where a human stretch began and ended.

    `buttons` are pairs of label and payload, `links` of label and address.
    `media` is the channel's id of the message where a picture, voice or file came with it.
    """

    id: int
    conversation_id: str
    at: datetime
    author: str
    kind: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    ai_generated: bool = False
    card_ids: tuple[str, ...] = ()
    media: str = ""


class InboxRecords(Protocol):
    """The inbox: what arrived, once each, in order per conversation."""

    def accept(self, inbound: Inbound, *, done_at: datetime | None = None, not_before: datetime | None = None) -> int | None:
        """Store a message and return its row id, or None when this (channel, message_id) is known already.

        With `done_at` it is only recorded: nobody will answer it. Before `not_before` it is not worked, nor what follows it in its
        conversation.
        """

    def heard(self, channel: str, message_id: str, *, text: str | None, at: datetime) -> bool:
        """Put the words of a voice message in its place (its kind becomes `heard`) and let it be worked; None only lets it.

        False, and nothing is changed, when it is being worked already.
        """

    def claim(self, *, now: datetime, worker: str, lease_s: float, conversation_id: str | None = None) -> InboxRow | None:
        """Take the oldest message whose conversation has no earlier unfinished one. A lease that ran out may be taken again."""

    def finish(self, row_id: int, *, at: datetime, attempt: int | None = None) -> None:
        """Mark it as dealt with. Raises Conflict when it is no longer being worked, or no longer in that attempt: somebody else has it."""

    def retry(self, row_id: int, *, not_before: datetime, error: str, attempt: int | None = None, attempts: int | None = None) -> None:
        """Give it back, unless it is no longer being worked in that attempt. `attempts` sets the count back when it was nobody's fault."""

    def bury(self, row_id: int, *, at: datetime, error: str) -> None:
        """Give up: the row is dead and the conversation goes on."""

    def last_heard(self, conversation_id: str) -> datetime | None:
        """When the newest message of a conversation was said, worked or not. That somebody opened the chat says nothing."""

    def waiting(self) -> int:
        """How many are not dealt with yet."""

    def workers(self) -> Sequence[str]:
        """Who works on something at this moment."""

    def expire(self, worker: str, *, at: datetime) -> None:
        """End the leases of a worker that is dead."""


class ConversationRecords(Protocol):
    """The state of every conversation."""

    def find(self, conversation_id: str, *, hold: bool = False) -> Conversation | None:
        """The state as it is now. With `hold` nobody else changes or holds it until this transaction ends."""

    def hold(self, conversation_id: str) -> None:
        """Let nobody else change or hold it until this transaction ends, without reading it."""

    def save(self, conversation: Conversation, *, at: datetime) -> Conversation:
        """Store it and return it with its new version. Raises Conflict when the stored version is another."""

    def waiting(self) -> Sequence[Conversation]:
        """Those that wait for a person, longest first."""

    def held(self, staff_id: str | None = None) -> Sequence[Conversation]:
        """Those that a person (or this person) holds."""

    def of_party(self, party: Party) -> Sequence[Conversation]:
        """Every conversation with that person, latest first."""


class TranscriptRecords(Protocol):
    """What was said."""

    def add(self, line: Line) -> int: ...

    def of(self, conversation_id: str, *, after: int = 0, last: int | None = None) -> Sequence[Line]:
        """The lines with an id above `after`, oldest first; with `last` only that many of the newest."""


class OutboxRecords(Protocol):
    """The send ledger: pending -> sending -> sent | unknown | failed, or asked -> sent | failed | expired where a person must confirm."""

    def add(
        self,
        draft: Draft,
        *,
        conversation_id: str,
        channel: str,
        at: datetime,
        key: str,
        not_before: datetime | None = None,
        until: datetime | None = None,
        occasion: str | None = None,
        trace_id: str = "",
    ) -> int | None:
        """Queue a draft and return its row id, or None when the key or the occasion is there already."""

    def claim(self, *, now: datetime, worker: str, lease_s: float, conversation_id: str | None = None) -> OutboxRow | None:
        """Take the oldest due row that has no earlier due row in its conversation, as `sending`."""

    def sent(self, row_id: int, approved: Approved, receipt: Receipt) -> bool:
        """Settle it, also when it was given up meanwhile: the channel's word counts. False when it was settled before."""

    def asked(self, row_id: int, approved: Approved, receipt: Receipt) -> bool:
        """Somebody must confirm it before it goes: it counts as a contact from now on. False when it was settled before."""

    def confirmed(self, row_id: int, *, at: datetime) -> bool:
        """What was asked went out at that instant. False when it was not waiting for that any more."""

    def hold(self, row_id: int, *, status: str, verdict: Verdict | None = None, error: str = "") -> None:
        """End the row as blocked, review, failed, unknown, expired or superseded."""

    def postpone(self, row_id: int, *, until: datetime, error: str = "") -> None:
        """Back to pending, not before the instant; it holds nobody up and was no attempt."""

    def retry(self, row_id: int, *, after: datetime, error: str) -> None:
        """Back to pending after a failed attempt. It keeps its place: later texts of its conversation wait for it."""

    def release(self, row_id: int, *, by: str) -> None:
        """A reviewer lets a row in `review` go."""

    def stale(self, *, now: datetime) -> Sequence[OutboxRow]:
        """Rows left in `sending` by somebody whose lease ran out."""

    def unsent(self, conversation_id: str) -> bool:
        """Whether something waits to be sent there, or is being sent."""

    def on_the_way(self, conversation_id: str) -> bool:
        """Whether something to this conversation is being sent at this moment."""

    def find(self, row_id: int) -> OutboxRow | None: ...

    def of_key(self, key: str) -> OutboxRow | None: ...

    def of_trace(self, trace_id: str) -> Sequence[OutboxRow]: ...

    def by_status(self, status: str) -> Sequence[OutboxRow]: ...

    def occasions(self, prefix: str) -> Sequence[str]:
        """The occasion keys that begin with the prefix, whatever became of them."""

    def contacts(self, customer_id: str, *, since: datetime) -> Sequence[OutboxRow]:
        """Touches and marketing sent to a customer on any channel since the instant, or asked for since then and not settled."""

    def next_due(self) -> datetime | None:
        """When the earliest postponed row is due."""

    def workers(self) -> Sequence[str]:
        """Who is sending something at this moment."""

    def expire(self, worker: str, *, at: datetime) -> None:
        """End the leases of a worker that is dead."""


class TaskRecords(Protocol):
    """Work for people."""

    def open(
        self,
        *,
        key: str,
        kind: str,
        title: str,
        detail: str,
        at: datetime,
        customer_id: str | None = None,
        assignee: str | None = None,
        conversation_id: str | None = None,
        due_at: datetime | None = None,
        urgency: str = "normal",
    ) -> Task:
        """Open a task, or return the one that has this key."""

    def find(self, key: str) -> Task | None:
        """The task of that key, in whatever state."""

    def close(self, key: str, *, at: datetime, status: str = "done", outcome: str = "") -> bool:
        """End an open task. Returns whether there was one to end."""

    def of_customer(self, customer_id: str, *, kind: str) -> Sequence[Task]:
        """Every task of a kind about a customer, ended ones too, oldest first."""

    def listed(self, *, assignee: str | None = None, kind: str | None = None, status: str = "open") -> Sequence[Task]: ...


class AuditRecords(Protocol):
    """The append-only chain."""

    def append(self, record: AuditRecord) -> None: ...

    def verify(self) -> int | None:
        """Return None when the chain is whole, else the sequence number of the first broken record."""

    def of_subject(self, subject: str) -> Sequence[AuditRecord]: ...


class BookRecords(Protocol):
    """The book. Nothing here checks permission: that is `bot.lookups`, bound to a viewer."""

    def customer(self, customer_id: str) -> Customer | None: ...

    def customers_of(self, rm_id: str) -> Sequence[Customer]: ...

    def customers(self, ids: Iterable[str] | None = None) -> Sequence[Customer]: ...

    def named(self, name: str) -> Sequence[Customer]:
        """Customers whose name is, or begins with, the text."""

    def named_like(self, starts: Collection[str]) -> Sequence[Customer]:
        """Customers whose name begins with one of the texts, in simplified spelling without blanks and marks: one query for all."""

    def staff(self, staff_id: str) -> StaffMember | None: ...

    def people(self) -> Sequence[StaffMember]: ...

    def branch(self, branch_id: str) -> Branch | None: ...

    def branches(self) -> Sequence[Branch]: ...

    def products(self) -> Sequence[Product]: ...

    def version(self) -> int:
        """A number that changes with every import: what was derived from the book is derived again."""

    def risk_assessment(self, customer_id: str) -> RiskAssessment | None:
        """The latest one."""

    def consents(self, customer_id: str) -> Sequence[Consent]:
        """Every word of the customer, oldest first."""

    def consents_for(self, purpose: str) -> Mapping[str, Sequence[Consent]]:
        """Every word of every customer on that purpose or on all (`*`), oldest first, by customer."""

    def set_consent(self, consent: Consent) -> None: ...

    def record_fact(self, *, customer_id: str, name: str, value: str, source: str, at: datetime, until: datetime | None = None) -> None: ...

    def facts_said(self, customer_id: str) -> Sequence[tuple[str, str, str, datetime]]:
        """(name, value, source, at) of what was said in chat, latest first."""

    def account_products(self, customer_id: str) -> Sequence[str]:
        """The product codes of the accounts that the customer has open."""


class Records(Protocol):
    """Every kind of record within one transaction."""

    @property
    def inbox(self) -> InboxRecords: ...
    @property
    def conversations(self) -> ConversationRecords: ...
    @property
    def transcript(self) -> TranscriptRecords: ...
    @property
    def outbox(self) -> OutboxRecords: ...
    @property
    def tasks(self) -> TaskRecords: ...
    @property
    def live_events(self) -> LiveEventRecords: ...
    @property
    def leads(self) -> LeadRecords: ...
    @property
    def audit(self) -> AuditRecords: ...
    @property
    def book(self) -> BookRecords: ...
    @property
    def dealings(self) -> DealingRecords: ...
    @property
    def identities(self) -> IdentityRecords: ...
    @property
    def stepups(self) -> StepUpRecords: ...
    @property
    def links(self) -> LinkRecords: ...
    @property
    def contacts(self) -> ContactRecords: ...
    @property
    def contact_events(self) -> ContactEventRecords: ...
    @property
    def bind_codes(self) -> BindCodeRecords: ...
    @property
    def mass(self) -> MassRecords: ...
    @property
    def media(self) -> MediaRecords: ...
    @property
    def priorities(self) -> PriorityRecords: ...
    @property
    def surveys(self) -> SurveyRecords: ...
    @property
    def tags(self) -> TagRecords: ...
    @property
    def policies(self) -> PolicyRecords: ...


class Store(Protocol):
    """The database."""

    def reading(self) -> AbstractContextManager[Records]: ...

    def writing(self, *, durable: bool = True) -> AbstractContextManager[Records]:
        """A transaction. One that is not `durable` outlives the process, but perhaps not a power cut."""


class Facts(Protocol):
    """The fact tables (balances, transactions) as of a day. Money is Decimal."""

    @property
    def as_of(self) -> date | None:
        """The last day that the facts cover, or None when there are none."""

    def assets(self, customer_id: str, *, on: date) -> Assets | None: ...

    def activity(self, customer_id: str, *, on: date, days: int) -> Activity | None: ...

    def freshness(self) -> Sequence[FeedFreshness]:
        """The last moment of every feed that says when its rows happened."""

    def events_of(self, customer_id: str, *, since: datetime) -> Sequence[AppEvent]:
        """What a customer did in the app after that instant, oldest first."""

    def pages_since(self, since: datetime) -> Sequence[tuple[str, str]]:
        """Every pair of page and item that anybody met since."""

    def lookers(self, watch: Watch) -> Mapping[str, Looks]:
        """Who did what is watched for often enough, by customer. One reading of the events: for a run, not for a turn."""

    def sizes(self) -> BankSizes | None:
        """How large the bank is on the last day of the facts, or None when there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAgain:
    """Rows of one customer by stage, computed as of a day that no run has judged. `parameters` is the day whose population the customer
    was measured against: the day itself, or that of the nearest run before."""

    day: date
    parameters: date
    rows: Mapping[str, Sequence[Mapping[str, Any]]]


class Insight(Protocol):
    """What the nightly run judged (`python -m bot assess`): a table per stage, a day per run."""

    def latest(self, on: date) -> date | None:
        """The last day judged that is not after `on`: what answers quote as their day."""

    def of(self, stage: str, customer_id: str, *, on: date) -> Sequence[Mapping[str, Any]]:
        """The rows of one customer in the result of a stage, of the last run up to the day. Empty where there are none."""

    def rows(
        self, stage: str, where: str = "true", values: Sequence[Any] = (), *, on: date, order: str = ""
    ) -> Sequence[Mapping[str, Any]]:
        """Rows of the result of a stage. `where` and `order` are SQL of ours, never of a user's."""

    def again(self, customer_id: str, stages: Sequence[str], *, day: date) -> JudgedAgain | None:
        """Judge one customer as of a past day, over the facts up to it; takes seconds. None where it takes a run of that day."""


class Channel(Protocol):
    """One way to reach people. It takes only what the gate approved."""

    @property
    def name(self) -> str: ...

    @property
    def idempotent(self) -> bool:
        """Whether sending the same key twice shows the message once. If not, an interrupted send is `unknown`, never repeated."""

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        """Deliver. Raises ChannelDown (retry), DeliveryUnknown, RecipientGone, CapReached (do not), NotOurTurn (nobody shall).

        `again`: an earlier attempt under this key may have arrived.
        """

    def close(self) -> None:
        """Give back what it holds. Nothing is sent after that."""
