"""What a handler wants to happen. One interpreter applies a turn's effects in one transaction, in order.

An effect never triggers a handler. `kind` names it in JSON output and logs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.conversation import FormState
from domain.message import Button, Draft
from domain.tags import TagSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Put a draft into the outbox."""

    kind: ClassVar[str] = "say"
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """Ask for a person: the conversation waits and a task with the reason is opened for the customer's RM, or for the queue."""

    kind: ClassVar[str] = "hand_off"
    reason: str
    urgency: str = "normal"  # normal | high


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelHandOff:
    """The customer no longer wants a person."""

    kind: ClassVar[str] = "cancel_hand_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Staff take a customer's conversation."""

    kind: ClassVar[str] = "take_over"
    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Staff say something to the customer whose conversation they hold."""

    kind: ClassVar[str] = "relay"
    conversation_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Staff give a conversation back to the bot."""

    kind: ClassVar[str] = "release"
    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Work for a person. `key` makes it one task however often it is asked for; empty lets the interpreter name it by the turn.

    `reference` asks for a number that can be told to the customer; the interpreter puts it where a draft of the same turn says
    `{reference}`. `assignee` empty means the customer's RM, or the queue when there is none.
    """

    kind: ClassVar[str] = "open_task"
    task: str  # complaint | hand_off | callback | lead | dead_letter | review | delivery | app_problem
    title: str
    detail: str = ""
    customer_id: str | None = None
    assignee: str | None = None
    due_at: datetime | None = None
    key: str = ""
    urgency: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseComplaint:
    """A complaint was dealt with: the task with that number is done, if the one who says so answers for the customer."""

    kind: ClassVar[str] = "close_complaint"
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLead:
    """A need that a person should follow up, with the slots that were filled and the customer's own words."""

    kind: ClassVar[str] = "open_lead"
    need: str
    customer_id: str
    slots: tuple[tuple[str, str], ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Something the customer or an RM said about the customer, with its source and how long it counts."""

    kind: ClassVar[str] = "record_fact"
    customer_id: str
    name: str
    value: str
    source: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTag:
    """A tag of a customer, said by the customer (`declared`) or by who looks after them. It counts until the instant."""

    kind: ClassVar[str] = "record_tag"
    customer_id: str
    tag: str
    source: TagSource
    confidence: int
    evidence: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestTag:
    """Somebody who may say so holds a tag to be wrong, whoever said it, also one that was inferred."""

    kind: ClassVar[str] = "contest_tag"
    customer_id: str
    tag: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTagUse:
    """The customer's answer to whether what they said of themselves may be used to recommend something."""

    kind: ClassVar[str] = "answer_tag_use"
    customer_id: str
    tag: str
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPolicy:
    """A manager changes one term of how a class of customers is served."""

    kind: ClassVar[str] = "edit_policy"
    tier: str
    term: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent:
    """Consent given or withdrawn for one purpose, or for all with `*`. It holds from the commit on, for queued texts too."""

    kind: ClassVar[str] = "record_consent"
    customer_id: str
    purpose: str
    granted: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateConversation:
    """Change what the dialogue remembers. Fields left at None stay; `clear` names fields to empty."""

    kind: ClassVar[str] = "update_conversation"
    form: FormState | None = None
    options: tuple[Button, ...] | None = None
    topic: tuple[str, ...] | None = None
    focus: str | None = None
    asked: str | None = None
    pending: str | None = None
    greeted: bool | None = None
    misses: int | None = None
    clear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStepUp:
    """The outcome of a second factor: a grant bound to viewer, conversation and customer until an instant, or a failure."""

    kind: ClassVar[str] = "record_step_up"
    staff_id: str
    customer_id: str
    granted_until: datetime | None
    time_step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSurvey:
    """What the customer thinks of the stretch that a survey asked about. Nothing is kept for a survey of another conversation."""

    kind: ClassVar[str] = "record_survey"
    survey_id: int
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPriority:
    """What the member of staff who speaks said of a line of the list of the day: done, later or unfit; it rests until then."""

    kind: ClassVar[str] = "answer_priority"
    customer_id: str
    what: str
    name: str
    answer: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAccess:
    """Who saw which class of whose data, and why. Goes to the audit chain."""

    kind: ClassVar[str] = "record_access"
    action: str
    customer_id: str
    purpose: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBindCode:
    """Make a code that binds a WeChat person to the customer. The draft says `{code}` where it belongs.

    Asked for by the customer, or by the RM who may serve them and stepped up for them in this conversation.
    """

    kind: ClassVar[str] = "issue_bind_code"
    customer_id: str
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemBindCode:
    """The WeChat person of this conversation typed a code; what came of it is said by the interpreter."""

    kind: ClassVar[str] = "redeem_bind_code"
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbind:
    """The WeChat person of this conversation is the customer no longer; asked for by an RM, none of the customer's is."""

    kind: ClassVar[str] = "unbind"
    customer_id: str


Effect = (
    Say
    | HandOff
    | CancelHandOff
    | TakeOver
    | Relay
    | Release
    | OpenTask
    | CloseComplaint
    | OpenLead
    | RecordFact
    | RecordTag
    | ContestTag
    | AnswerTagUse
    | EditPolicy
    | RecordConsent
    | UpdateConversation
    | RecordStepUp
    | RecordSurvey
    | AnswerPriority
    | RecordAccess
    | IssueBindCode
    | RedeemBindCode
    | Unbind
)
