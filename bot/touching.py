"""The bot speaks first: what the planner says is due goes into the outbox under its occasion key, and leaves through the same door."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.authority import contact_person
from bot.knowledge_base import KnowledgeBase
from bot.observe import event
from compliance.consent import is_granted
from compliance.days import bank_day
from domain.book import Customer
from domain.errors import BadInput
from domain.message import conversation_id
from domain.ports import Records, Store
from domain.touchpoint import PlannedTouch
from scheduler.composer import compose
from scheduler.holidays import load_calendar
from scheduler.planner import DayPlan, Excluded, plan_day
from scheduler.standing import Standing
from scheduler.touches import Touch
from scheduler.triggers import TRIGGERS
from scheduler.wording import Wording, load_wordings

_NOT_REACHED = "还没有绑定微信，或者已经不是本行员工的企业微信联系人"
_BATCH = 500  # rows of one transaction: a fan-out must not hold the one writer for long


class Toucher:
    """Plans and queues the touches of a day. Doing it again, or from two processes, adds nothing: the occasion key is unique."""

    def __init__(
        self,
        store: Store,
        touches: Sequence[Touch],
        knowledge: KnowledgeBase,
        *,
        channel: str,
        reachable: Callable[[Records], Collection[str]] | None = None,
    ) -> None:
        """`reachable` gives the customers that the channel reaches; None where it reaches everybody."""
        self._store = store
        self._touches = tuple(touches)
        self._knowledge = knowledge
        self._channel = channel
        self._reachable = reachable
        self._calendar = load_calendar()
        self._wordings: Mapping[str, Wording] | None = None

    def look(self, *, at: datetime) -> DayPlan:
        """What is due on the day of that instant and not in the ledger yet. Nothing is changed."""
        on = bank_day(at)
        if not any(TRIGGERS[touch.trigger].on_day(on, self._calendar) for touch in self._touches):
            return DayPlan(on=on, planned=(), excluded=(), already=0)  # an ordinary day: nobody need be read
        with self._store.reading() as records:
            customers = records.book.customers()
            history = frozenset(records.outbox.occasions(""))
            standing = self._standing(records, customers, at=at)
            reached = self._reachable(records) if self._reachable else None
        plan = plan_day(on, customers, self._touches, history=history, calendar=self._calendar, standing=standing, at=at)
        return plan if reached is None else _only(plan, reached)

    def plan(self, *, at: datetime) -> DayPlan:
        """Queue what is due."""
        plan = self.look(at=at)
        for start in range(0, len(plan.planned), _BATCH):
            with self._store.writing() as records:
                for planned in plan.planned[start : start + _BATCH]:
                    self._queue(records, planned, at=at)
        if plan.planned:
            event("touch.planned", count=len(plan.planned), excluded=len(plan.excluded))
        return plan

    def _queue(self, records: Records, planned: PlannedTouch, *, at: datetime) -> None:
        customer = records.book.customer(planned.customer_id)
        if customer is None:
            return
        person = contact_person(records.book, customer, on=bank_day(at))
        try:
            draft = compose(planned, customer, self._words[planned.card_id], rm=person.staff if person else None)
        except BadInput as why:  # one customer's wording must not keep the others from theirs; a person mends the card
            records.tasks.open(
                key=f"wording/{planned.card_id}/{at:%Y-%m-%d}", kind="review", title="有一条问候没有写成", detail=str(why), at=at
            )
            return
        records.outbox.add(
            draft,
            conversation_id=conversation_id(self._channel, draft.to),
            channel=self._channel,
            at=at,
            key=f"touch/{planned.occasion}",
            not_before=planned.not_before,
            until=planned.until,
            occasion=planned.occasion,
            trace_id=f"touch-{planned.touch}",
        )

    @property
    def _words(self) -> Mapping[str, Wording]:
        if self._wordings is None:
            self._wordings = load_wordings(self._touches, self._knowledge.catalogue)
        return self._wordings

    def _standing(self, records: Records, customers: Sequence[Customer], *, at: datetime) -> Standing:
        """Who must be left alone. Silence is no consent, so whoever never agreed counts as having refused."""
        complaints = frozenset(task.customer_id for task in records.tasks.listed(kind="complaint") if task.customer_id)
        refused: dict[str, set[str]] = {}
        for purpose in {touch.consent for touch in self._touches}:
            words = records.book.consents_for(purpose)
            refused[purpose] = {customer.id for customer in customers if not is_granted(words.get(customer.id, ()), purpose, at=at)}
        bereaved = frozenset(customer.id for customer in customers if "丧亲" in customer.segments)
        return Standing(open_complaint=complaints, bereaved=bereaved, refused=refused)


def _only(plan: DayPlan, reached: Collection[str]) -> DayPlan:
    lost = (
        Excluded(customer_id=one.customer_id, touch=one.touch, reason=_NOT_REACHED)
        for one in plan.planned
        if one.customer_id not in reached
    )
    return replace(plan, planned=tuple(one for one in plan.planned if one.customer_id in reached), excluded=(*plan.excluded, *lost))
