"""What a rule is, and everything it may look at.

A rule judges one text that wants to leave. It reads the draft, the prepared text and the context; it never loads, sends or asks the
time. It returns what it found, empty when there is nothing to say. A rule may also amend a text that passed (as the AI label does).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from compliance.catalogue import EMPTY, Catalogue
from compliance.text import Text
from domain.book import Consent, Customer, RiskAssessment
from domain.message import Draft, Finding, Purpose


class Severity(StrEnum):
    """The gravest thing a rule may do to a text. The gate obeys the gravest finding: block before review before defer."""

    BLOCK = "block"
    REVIEW = "review"
    DEFER = "defer"
    AMEND = "amend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A touch or marketing text that this customer got before, on whatever channel."""

    sent_at: datetime
    purpose: Purpose
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a rule may look at besides the draft, loaded by the caller at the moment of sending.

    `customer`, `assessment`, `consents` and `contacts` are the recipient's own, empty for staff. `held` are the product codes that the
    recipient holds: he may be told about them when he asks. `names_of_others` maps names of other customers that the author could know
    (as an RM's book) to their ids. `public_numbers` are phone numbers of the bank that may be told to anybody, `hosts` the
    hosts of the web that a text may lead to. `reply_age` is how long
    ago the message arrived that this answers. `released_by` is the reviewer who let a text in review go.
    """

    at: datetime
    channel: str
    customer: Customer | None = None
    assessment: RiskAssessment | None = None
    consents: Sequence[Consent] = ()
    contacts: Sequence[Contact] = ()
    catalogue: Catalogue = EMPTY
    held: frozenset[str] = frozenset()
    names_of_others: tuple[tuple[str, str], ...] = ()
    public_numbers: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    in_reply_to_own_message: bool = False
    reply_age: timedelta | None = None
    open_complaint: bool = False
    human_author: bool = False
    released_by: str | None = None


Check = Callable[[Draft, Context, Text], Sequence[Finding]]
Amend = Callable[[str, Draft, Context], str]


def _nothing_to_find(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  the shape of a Check
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule with its official source and the days it is in force (`effective_until` exclusive, None for open).

    `doc` is the text for compliance staff: what it does, the anti-pattern and the best practice. `judges_text` says that the verdict
    hangs on the wording, so that examples of both kinds must stand in `tests/rules/<id>.yaml`.
    """

    id: str
    title: str
    reference: str
    effective_from: date
    severity: Severity
    doc: str
    effective_until: date | None = None
    judges_text: bool = False
    check: Check = field(default=_nothing_to_find)
    amend: Amend | None = None

    def in_force(self, on: date) -> bool:
        """Whether the rule applies on that day of the bank."""
        return self.effective_from <= on and (self.effective_until is None or on < self.effective_until)
