"""A warning of leaving opens a case: work of who looks after the customer, to be begun within two working days (C14).

One case a spell: while one is open, or was closed a short while ago, the warning says nothing new. What the manager answers in the day's
list (完成, 不合适) closes it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import authority
from bot.knowing import leaving
from compliance.days import bank_day
from domain.ports import Insight, Records
from domain.task import Task
from handlers.leaving_text import why_text
from handlers.working_time import working_days_later

KIND = "churn"
_WORKING_DAYS = 2
_QUIET = timedelta(days=28)  # after a case was closed, the same customer gets no other


def open_cases(records: Records, insight: Insight, *, at: datetime) -> int:
    """Open a case for everybody whom the last run warns of and who has none. Returns how many; asked again, it opens no second."""
    today = bank_day(at)
    warned = leaving.warned(insight, on=today)
    busy = _had_lately(records, at=at)
    customers = {one.id: one for one in records.book.customers([one.customer_id for one in warned if one.customer_id not in busy])}
    leading = authority.leaders(records.book)
    due, opened = working_days_later(at, _WORKING_DAYS), 0
    for one in warned:
        customer = customers.get(one.customer_id)
        if customer is None or customer.status != "active":
            continue
        judged = leaving.judged(insight, customer.id, on=today)
        if judged is None:
            continue
        records.tasks.open(
            key=f"churn:{customer.id}:{judged.as_of}",
            kind=KIND,
            title=f"挽留{customer.name}",
            detail=why_text(customer.name, judged, leaving.causes(insight, customer.id, on=today)),
            at=at,
            customer_id=customer.id,
            assignee=authority.answerable(records.book, customer, leading, on=today),
            due_at=due,
            urgency="high" if one.severity == "high" else "normal",
        )
        opened += 1
    return opened


def close_cases(records: Records, customer_id: str, *, at: datetime, outcome: str = "") -> None:
    """Whoever answers for the customer has dealt with it."""
    for task in records.tasks.of_customer(customer_id, kind=KIND):
        records.tasks.close(task.key, at=at, outcome=outcome)


def _had_lately(records: Records, *, at: datetime) -> frozenset[str]:
    closed: Sequence[Task] = [task for task in records.tasks.listed(kind=KIND, status="done") if at - task.created_at < _QUIET]
    return frozenset(task.customer_id for task in (*records.tasks.listed(kind=KIND), *closed) if task.customer_id)
