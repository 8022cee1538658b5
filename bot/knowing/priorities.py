"""The list of the day from rows of the run and what was said of it before."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from compliance.days import bank_day
from crm.priorities.planning import Line, Said, plan, reason_of
from domain.ports import Insight, Records

#: For how long answers are looked at: longer than any of them lets a reason rest.
_LOOK_BACK = timedelta(days=180)


def lines(insight: Insight, records: Records, customer_ids: Collection[str], *, staff: str, at: datetime) -> Sequence[Line]:
    """The lines of the day of that person, over these customers."""
    on: date = bank_day(at)
    rows = insight.rows("priorities", "list_contains(?, customer_id)", [sorted(customer_ids)], on=on)
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
    return plan([reason_of(row) for row in rows], said, day=on)
