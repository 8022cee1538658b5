"""A customer and a past day in one sentence: 10月1日时他的级别."""

import re
from collections.abc import Sequence
from datetime import date

from domain.book import Customer
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.naming import meant
from language.dates import find_dates
from language.datespan import Lean

_AROUND = r"(?:截至|截止到?|到|在|那一?天|那时候?|那会儿?|当天|当日|当时|的?时候|时|为止|,| )*"


def meant_then(turn: Turn, lookups: Lookups) -> tuple[Sequence[Customer], date | None]:
    """The customers who may be meant and the day that is asked about: the last of the days said, None where none was.

    A name that looks like a day (周一鸣) is a name.
    """
    customers = meant(turn, lookups, turn.argument) if turn.argument else ()
    rest = turn.said.replace(turn.argument, "", 1) if customers else f"{turn.said} {turn.argument}"
    said = find_dates(rest, at=turn.at, lean=Lean.PAST)
    if not customers:
        words = turn.argument
        for one in said:
            words = re.sub(_AROUND + re.escape(one.text) + _AROUND, "", words)
        customers = meant(turn, lookups, words)
    return customers, min(said[0].last, lookups.today) if said else None
