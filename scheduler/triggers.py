"""What makes a touch due on a day. A trigger settles the day once and then answers for each customer, so that a day on which
nothing happens costs nothing however many customers there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.book import Customer
from scheduler.calendar import SOLAR_TERMS, Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """The occasion for a touch. `key` begins the occasion key, as `solar_term/冬至/2026`; `values` fill the card's placeholders."""

    name: str
    key: str
    reason: str
    values: tuple[tuple[str, str], ...] = ()


Today = Callable[[Customer], Happening | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A kind of occasion. `happenings` are all the names it can give, each of which needs a card; `on_day` is None on a quiet day."""

    happenings: tuple[str, ...]
    on_day: Callable[[date, Calendar], Today | None]


def _solar_term(on: date, calendar: Calendar) -> Today | None:
    term = calendar.solar_term_on(on)
    if term is None:
        return None
    happening = Happening(
        name=term, key=f"solar_term/{term}/{on.year}", reason=f"今天（{on.isoformat()}）是{term}", values=(("节气", term),)
    )
    return lambda customer: happening  # noqa: ARG005 - everybody has the same solar term


TRIGGERS: Mapping[str, Trigger] = {"solar_term": Trigger(happenings=SOLAR_TERMS, on_day=_solar_term)}
