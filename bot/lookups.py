"""What a handler may read, bound to one viewer, conversation and instant. Authorization happens below the dialogue, in `bot.viewed`."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from bot import authority
from bot.channels.wecom.kf.names import is_visitor
from bot.complaints import closable
from bot.handoff import held_by, queue_for
from bot.knowing.judged import JudgedLookups
from bot.late_cases import late_cases
from bot.viewed import Sources
from compliance.access import FieldClass, Permission
from compliance.stepup import StepUpOutcome, verify
from compliance.suitability import Suitability, assess_suitability
from compliance.tables import table
from crm.measuring.freshness import caveat
from domain.book import Product, RiskAssessment
from domain.errors import BadInput
from domain.party import Party, Role
from domain.ports import Line, Records, Store
from domain.task import Task
from handlers.lookups import LateCase, Phrased, QueueEntry
from knowledge.card import Card, CardKind
from retrieval.evidence import Evidence


class LookupsFactory:
    """Makes lookups for a viewer."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def over(self, records: Records, *, party: Party, conversation_id: str, at: datetime) -> "BoundLookups":
        """Lookups within an open transaction."""
        return BoundLookups(records, self._sources, party=party, conversation_id=conversation_id, at=at)

    @contextmanager
    def bound(self, store: Store, *, party: Party, conversation_id: str, at: datetime) -> Iterator["BoundLookups"]:
        """Lookups in a transaction of their own, for a page or a command."""
        with store.reading() as records:
            yield self.over(records, party=party, conversation_id=conversation_id, at=at)


class BoundLookups(JudgedLookups):
    """Answers `handlers.lookups.Lookups`."""

    # Knowledge: filtered by role before anything is scored.

    def search(self, question: str, *, kinds: Collection[str] | None = None, k: int = 5) -> Evidence:
        """Rank the cards that this viewer may see and that are valid today."""
        # Routing and the handler of a turn often ask the same; the answer is the same within a transaction.
        asked = (question, None if kinds is None else frozenset(CardKind(kind) for kind in kinds), k)
        if asked not in self._searched:
            boost = frozenset(self._me.segments) if self._me else frozenset()
            self._searched[asked] = self._knowledge.search.search(
                question, role=self._party.role, on=self.today, k=k, boost=boost, kinds=asked[1]
            )
        return self._searched[asked]

    def card(self, card_id: str) -> Card | None:
        """A card by id, if this viewer may see it today."""
        card = self._knowledge.catalogue.find(card_id)
        return card if card and card.visible_to(self._party.role) and card.valid_on(self.today) else None

    def address(self, to: str) -> str | None:
        """The address that a card's link leads to, if there is such a page."""
        return self._pages.address(to)

    def phrase(self, question: str, cards: Sequence[Card]) -> Phrased | None:
        """Ask the optional model to word an answer from the cards."""
        return self._knowledge.phrase(question, cards, at=self._at)

    def caveat(self, answer: str) -> str:
        """Whether the feeds that an answer rests on have stopped, in one sentence."""
        return caveat(self._facts.freshness(), answer, self._at)

    # Products.

    def products(self) -> Sequence[Product]:
        """What is on sale today and not private."""
        return self._on_sale

    @cached_property
    def _my_assessment(self) -> RiskAssessment | None:
        return self._records.book.risk_assessment(self._me.id) if self._me else None

    def suitability(self, product: Product) -> Suitability:
        """Whether this product may be spoken of to the speaking customer, and why not."""
        me = self._me
        assessment = self._my_assessment
        age = me.age(self.today) if me and me.kind == "person" else _AGE_OF_A_COMPANY
        return assess_suitability(product, assessment, on=self.today, age=age)

    def my_product_names(self) -> Sequence[str]:
        """The names of what the speaking customer holds with us."""
        return self._names_held(self._me.id) if self._me else ()

    def try_code(self, code: str) -> StepUpOutcome:
        """Judge a one-time code of the viewer. Raises BadInput for somebody without a second factor."""
        state = self._records.stepups.state(self._party.id) if self._staff_me else None
        if state is None:
            raise BadInput("no second factor is enrolled")
        return verify(code, state, self._at)

    def contact_hours(self) -> tuple[int, int]:
        """From which hour up to before which one the bank may speak first."""
        quiet = table("contact")["quiet_hours"]
        return int(quiet["until"]), int(quiet["from"])

    # Work.

    def queue(self) -> Sequence[QueueEntry]:
        """The conversations that wait for a person and that this viewer may take."""
        return queue_for(self._records, self._party.id, at=self._at) if self._staff_me else ()

    def held(self) -> Sequence[QueueEntry]:
        """The conversations that this viewer holds."""
        return held_by(self._records, self._party.id, at=self._at) if self._staff_me else ()

    def transcript(self, conversation_id: str, *, last: int = 20) -> Sequence[Line]:
        """What was said in a conversation that this viewer may see."""
        conversation = self._records.conversations.find(conversation_id)
        if conversation is None:
            return ()
        if conversation.party == self._party:
            return self._records.transcript.of(conversation_id, last=last)
        if is_visitor(conversation.party) and authority.may_see_visitors(self._staff_me):
            return self._records.transcript.of(conversation_id, last=last)
        customer = self.customer(conversation.party.id) if conversation.party.role is Role.CUSTOMER else None
        if customer is None or self._access(customer, FieldClass.CONVERSATION) is not Permission.ALLOW:
            return ()
        return self._records.transcript.of(conversation_id, last=last)

    def tasks(self) -> Sequence[Task]:
        """The viewer's open tasks."""
        return self._records.tasks.listed(assignee=self._party.id) if self._staff_me else ()

    def late_cases(self) -> Sequence[LateCase]:
        """The late cases on customers of whom this viewer may see judgements."""
        return [
            LateCase(task=task, customer=customer, owner=self._records.book.staff(task.assignee) if task.assignee else None)
            for task in late_cases(self._records, at=self._at)
            if task.customer_id and (customer := self._judged_customer(task.customer_id))
        ]

    def complaints(self) -> Sequence[Task]:
        """The open complaints that this viewer may close."""
        return closable(self._records, self._staff_me, at=self._at) if self._staff_me else ()


_AGE_OF_A_COMPANY = 30  # compliance.suitability: a company's own account is judged as an adult's
