"""What needs and events of life leave in the accounts: materials after a house, a clinic before a birth, dollars before a term abroad."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import shops
from sandbox.bank.endings import end_of
from sandbox.bank.entries import CHANNEL, KIND, OUTSIDE, Entries, entries
from sandbox.bank.ledger import at_second
from sandbox.bank.population import GRADUAL, SUDDEN, People
from sandbox.bank.world import World


@dataclass(frozen=True, slots=True)
class Errand:
    """So many payments about an event (from `early` to `late` days after it), to a kind of shop, of about so much."""

    event: str
    category: str
    mean: float
    early: int
    late: int
    yuan: float
    spread: float


_ERRANDS = (
    Errand("wedding", "wedding", 1.6, -150, -5, 3_800, 0.6),
    Errand("wedding", "jewellery", 1.2, -120, -5, 6_500, 0.6),
    Errand("wedding", "hotel", 1.0, -40, 2, 9_000, 0.7),
    Errand("birth", "hospital", 4.0, -200, 20, 420, 0.9),
    Errand("birth", "baby", 5.0, -60, 200, 260, 0.8),
    Errand("house_purchase", "building", 4.0, 20, 160, 2_600, 0.9),
    Errand("house_purchase", "furniture", 2.5, 60, 220, 3_200, 0.8),
    Errand("illness", "hospital", 5.0, 0, 120, 1_100, 1.1),
    Errand("parent_care", "hospital", 2.5, -10, 150, 700, 1.0),
    Errand("child_abroad", "abroad_study", 2.0, -350, -60, 5_200, 0.6),
)
# Felt needs leave traces as well: (need, kind of shop, payments a month while it lasts, yuan).
_TRACES = (
    ("car_purchase", "car", 0.15, 900.0),
    ("renovation", "building", 0.7, 1_500.0),
    ("maternity_card", "baby", 0.9, 240.0),
    ("study_abroad", "tutoring", 0.6, 2_600.0),
    ("health_service", "hospital", 0.5, 300.0),
    ("medical_insurance", "hospital", 0.3, 400.0),
    ("gold", "jewellery", 0.2, 2_400.0),
    ("wedding", "wedding", 0.5, 2_000.0),
)


def errands(world: World, chance: Generator, people: People, main: NDArray[Any]) -> list[Entries]:
    """Payments by hand that have a cause."""
    parts = []
    ends = end_of(world, people)
    for errand in _ERRANDS:
        here = np.flatnonzero((people.event == errand.event) & (chance.random(len(people.event)) < 0.8))
        times = chance.poisson(errand.mean, len(here))
        again = np.repeat(here, times)
        day = people.event_on[again] + chance.integers(errand.early, errand.late + 1, len(again))
        alive = day < ends[people.event_person[again]]
        parts.append(_paid(chance, people.event_person[again][alive], day[alive], main, errand.category, errand.yuan, errand.spread))
    until = np.where(people.need_until < 0, world.last_day + 1, people.need_until)
    for need, category, a_month, yuan in _TRACES:
        here = np.flatnonzero(people.need == need)
        length = until[here] - people.need_since[here]
        again = np.repeat(here, chance.poisson(a_month * length / 30.44))
        day = people.need_since[again] + (chance.random(len(again)) * (until[again] - people.need_since[again])).astype(np.int64)
        parts.append(_paid(chance, people.need_person[again], day, main, category, yuan, 0.7))
    return [*parts, *_large(world, chance, people, main), *_taken_away(world, chance, people, main)]


def _paid(
    chance: Generator, person: NDArray[Any], day: NDArray[Any], main: NDArray[Any], category: str, yuan: float, spread: float
) -> Entries:
    place = shops.PLACE[category]
    size = len(person)
    return entries(
        main[person],
        at_second(day, chance.integers(9 * 3600, 21 * 3600, size)),
        -np.round(chance.lognormal(np.log(yuan), spread, size) * 100),
        kind=KIND["payment"],
        channel=CHANNEL["pos"],
        category=place,
        party=shops.SHOP_BEGIN[place] + chance.integers(0, shops.SHOP_COUNT[place], size),
    )


def _large(world: World, chance: Generator, people: People, main: NDArray[Any]) -> list[Entries]:
    """The price of a house, money that falls from the sky, and money for a child abroad."""
    parts = []
    for event, sign, share, party, memo in (
        ("house_purchase", -1, 0.5, "云桥置业", "首付款"),
        ("windfall", 1, 0.8, "遗产分配", ""),
    ):
        here = np.flatnonzero(people.event == event)
        person = people.event_person[here]
        amount = np.round(np.minimum(people.wealth[person] * share + 20_000, 3_000_000) / 1000) * 100_000
        parts.append(
            entries(
                main[person],
                at_second(people.event_on[here] - (4 if sign < 0 else 0), chance.integers(9 * 3600, 17 * 3600, len(here))),
                sign * amount,
                kind=KIND["transfer"],
                channel=CHANNEL["counter"],
                party=shops.FIXED_AT[party],
                other=OUTSIDE + 77_000 + person,
                memo=shops.MEMO[memo] if memo else -1,
            )
        )
    here = np.flatnonzero(np.isin(people.need.astype(str), ["personal_fx", "study_abroad"]))
    until = np.where(people.need_until < 0, world.last_day + 1, people.need_until)[here]
    times = chance.poisson(0.5 * (until - people.need_since[here]) / 30.44)
    again = np.repeat(here, times)
    day = people.need_since[again] + (chance.random(len(again)) * np.repeat(until - people.need_since[here], times)).astype(np.int64)
    person = people.need_person[again]
    parts.append(
        entries(
            main[person],
            at_second(day, chance.integers(9 * 3600, 17 * 3600, len(again))),
            -np.round(chance.lognormal(np.log(18_000), 0.6, len(again)) / 100) * 10_000,
            kind=KIND["exchange"],
            channel=CHANNEL["mobile"],
            party=shops.FIXED_AT["境外汇款"],
            country=(people.number[person] * 5) % 5,
            memo=shops.MEMO["留学费用"],
        )
    )
    return parts


def _taken_away(world: World, chance: Generator, people: People, main: NDArray[Any]) -> list[Entries]:
    """Who leaves takes the money along, in a few transfers to an account of their own at another bank."""
    leaving = np.flatnonzero(np.isin(people.churn_shape, (GRADUAL, SUDDEN)) & (people.churn_since <= world.last_day) & (people.died < 0))
    person = np.repeat(leaving, 3)
    length = np.maximum(people.churn_gone[person] - people.churn_since[person], 1)
    day = people.churn_since[person] + (np.tile([0.35, 0.65, 0.95], len(leaving)) * length).astype(np.int64)
    return [
        entries(
            main[person],
            at_second(day, chance.integers(9 * 3600, 20 * 3600, len(person))),
            -np.round(people.wealth[person] * 0.28) * 100,
            kind=KIND["transfer"],
            channel=CHANNEL["mobile"],
            party=shops.FIXED_AT["本人他行账户"],
            other=OUTSIDE + 50_000_000 + people.number[person],
            their_bank=1,
        )
    ]
