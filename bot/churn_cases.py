"""A warning of leaving opens a case: work of who looks after the customer, to be begun within two working days (C14).

One case a spell: while one is open, or was closed a short while ago, the warning says nothing new. What the manager answers in the day's
list (完成, 不合适) closes it. A case that nobody dealt with in time goes to the branch manager: see `bot.late_cases`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import authority
from bot.knowing import leaving
from compliance.days import bank_day
from domain.book import Customer
from domain.ports import Insight, Records, Store
from domain.task import Task
from handlers.leaving_text import why_text
from handlers.working_time import working_days_later

KIND = "churn"
LATE = "churn_late"  # the branch manager's, on a case that was not dealt with in time
_WORKING_DAYS = 2
_QUIET = timedelta(days=28)  # after a case was closed, the same customer gets no other


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A customer who is to get a case, and whose work it will be."""

    customer: Customer
    owner: str | None
    urgency: str


def open_cases(store: Store, insight: Insight, *, at: datetime) -> int:
    """Open a case for everybody whom the last run warns of and who has none. Returns how many; asked again, it opens no second.

    Judgements are read before the book is held for writing.
    """
    today, due, told = bank_day(at), working_days_later(at, _WORKING_DAYS), []
    for one in _found(store, insight, at=at):
        judged = leaving.judged(insight, one.customer.id, on=today)
        if judged is not None:
            why = why_text(one.customer.name, judged, leaving.causes(insight, one.customer.id, on=today))
            told.append((one, f"churn:{one.customer.id}:{judged.as_of}", why))
    if not told:
        return 0
    with store.writing() as records:
        busy = _had_lately(records, at=at)  # another run may have come first
        new = [case for case in told if case[0].customer.id not in busy]
        for one, key, why in new:
            records.tasks.open(
                key=key,
                kind=KIND,
                title=f"挽留{one.customer.name}",
                detail=why,
                at=at,
                customer_id=one.customer.id,
                assignee=one.owner,
                due_at=due,
                urgency=one.urgency,
            )
    return len(new)


def close_cases(records: Records, customer_id: str, *, at: datetime, outcome: str = "") -> None:
    """Whoever answers for the customer has dealt with it; what the branch manager was told of it is done as well."""
    for kind in (KIND, LATE):
        for task in records.tasks.of_customer(customer_id, kind=kind):
            records.tasks.close(task.key, at=at, outcome=outcome)


def _found(store: Store, insight: Insight, *, at: datetime) -> Sequence[_Found]:
    warned = leaving.warned(insight, on=bank_day(at))
    with store.reading() as records:
        busy = _had_lately(records, at=at)
        customers = {one.id: one for one in records.book.customers([one.customer_id for one in warned if one.customer_id not in busy])}
        leading = authority.leaders(records.book)
        return [
            _Found(
                customer=customer,
                owner=authority.answerable(records.book, customer, leading, on=bank_day(at)),
                urgency="high" if one.severity == "high" else "normal",
            )
            for one in warned
            if (customer := customers.get(one.customer_id)) and customer.status == "active"
        ]


def _had_lately(records: Records, *, at: datetime) -> frozenset[str]:
    closed: Sequence[Task] = [task for task in records.tasks.listed(kind=KIND, status="done") if at - task.created_at < _QUIET]
    return frozenset(task.customer_id for task in (*records.tasks.listed(kind=KIND), *closed) if task.customer_id)
