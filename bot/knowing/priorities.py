"""The list of the day from rows of the run and what was said of it before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.knowing.policies import policy_for
from compliance.days import bank_day
from crm.priorities.planning import Line, Said, plan, reason_of
from domain.ports import Insight, Records
from domain.priorities import PriorityAnswer
from domain.task import Task

#: For how long answers are looked at: longer than any of them lets a reason rest.
_LOOK_BACK = timedelta(days=180)


def lines(insight: Insight, records: Records, customer_ids: Collection[str], *, staff: str, at: datetime) -> Sequence[Line]:
    """The lines of the day of that person, over these customers."""
    on: date = bank_day(at)
    rows = by_policy(insight.rows("priorities", "list_contains(?, customer_id)", [sorted(customer_ids)], on=on), insight, records, at=at)
    answers = records.priorities.answered(staff, since=at - _LOOK_BACK)
    said = [
        Said(
            customer_id=one.customer_id,
            what=one.what,
            name=one.name,
            answer=one.answer,
            on=bank_day(one.at),
            until=bank_day(one.until),
        )
        for one in answers
    ]
    triggered = _triggered(records, customer_ids, staff, answers, on=on)
    return plan([reason_of(row) for row in (*rows, *triggered)], said, day=on)


def _triggered(
    records: Records, customer_ids: Collection[str], staff: str, answers: Sequence[PriorityAnswer], *, on: date
) -> list[Mapping[str, Any]]:
    """Tasks that triggers opened for that person, and those answered today, which keep their place. What just happened comes first."""
    today = {one.customer_id for one in answers if one.what == _TRIGGER and bank_day(one.at) == on}
    ended = [task for one in sorted(today) for task in records.tasks.of_customer(one, kind=_TRIGGER) if _ended(task, on)]
    tasks = (*ended, *records.tasks.listed(assignee=staff, kind=_TRIGGER))
    return [_row(task) for task in tasks if task.customer_id in customer_ids]


def _ended(task: Task, on: date) -> bool:
    return task.closed_at is not None and bank_day(task.closed_at) == on


def _row(task: Task) -> Mapping[str, Any]:
    evidence = [line for line in task.detail.splitlines() if not line.startswith(("开场：", "（"))]
    nothing = dict.fromkeys(("count", "likely", "silent_for", "tier", "due_on"))
    of = {"customer_id": task.customer_id, "what": _TRIGGER, "name": task.key.split(":")[1]}
    return {**nothing, **of, "since": bank_day(task.created_at), "score": 1.0, "evidence": evidence}


def by_policy(rows: Sequence[Mapping[str, Any]], insight: Insight, records: Records, *, at: datetime) -> list[Mapping[str, Any]]:
    """Without the silences that the service policy of the customer's class still allows: a manager's edit counts from the next list on."""
    silent = sorted({row["customer_id"] for row in rows if row["what"] == _SILENT})
    if not silent:
        return list(rows)
    classes = insight.rows("classes", "list_contains(?, customer_id)", [silent], on=bank_day(at))
    tiers = {row["customer_id"]: row["tier"] for row in classes}
    allowed = {tier: policy_for(records, tier, at=at).cadence_days for tier in set(tiers.values())}
    return [row for row in rows if row["what"] != _SILENT or row["count"] >= allowed[tiers[row["customer_id"]]]]


_SILENT = "neglected"
_TRIGGER = "trigger"
