"""The health of a book of customers: lights, movement, NPS and complaints, each with how many it rests on. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm.health.definitions import definitions
from crm.health.judged import Health, Light
from crm.health.nps import Nps, nps


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Counts and sums over customers. `known` have a health; `median` is theirs."""

    customers: int
    known: int
    median: float | None
    lights: dict[Light, int]
    falling: int
    rising: int
    with_trend: int
    nps: Nps | None
    asked: int
    complaints: int | None
    contacts: int | None

    @property
    def complaints_per_thousand(self) -> float | None:
        """Complaints per 1000 contacts. None where either is not delivered, or nobody was contacted."""
        return self.complaints * 1000 / self.contacts if self.complaints is not None and self.contacts else None


def book_of(healths: Sequence[Health]) -> Book:
    """Sum a book up."""
    scores = sorted(one.score for one in healths if one.score is not None)
    lights = Counter(one.light for one in healths if one.light is not None)
    back = definitions().days_back[1]
    changes = [change for one in healths if (change := one.changes[back]) is not None]
    steady, middle = definitions().steady, len(scores) // 2
    asked = _sum(one.row["nps_asked"] for one in healths) or 0
    return Book(
        customers=len(healths),
        known=len(scores),
        median=(scores[middle] + scores[-middle - 1]) / 2 if scores else None,
        lights={light: lights[light] for light in Light},
        falling=sum(change <= -steady for change in changes),
        rising=sum(change >= steady for change in changes),
        with_trend=len(changes),
        nps=nps(
            promoters=_sum(one.row["promoters"] for one in healths) or 0,
            detractors=_sum(one.row["detractors"] for one in healths) or 0,
            answers=_sum(one.row["nps_answers"] for one in healths) or 0,
            asked=asked,
        ),
        asked=asked,
        complaints=_sum(one.row["complaints"] for one in healths),
        contacts=_sum(one.row["contacts"] for one in healths),
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
