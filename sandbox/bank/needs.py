"""How needs arise and pass, for persons and companies alike: from an event of life, or in the course of years."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.population import Days, Flags, Floats, Places, Words
from sandbox.bank.world import World

LOOK_AHEAD = 250  # days: what is about to happen already makes needs
_LEAST = 14  # days that a need lasts at least
_MET = 0.45  # share of the needs that end by something bought


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event brings: the need, how surely, from how many days after it (before: negative) to how many, and how long it lasts."""

    need: str
    chance: float
    early: int
    late: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Course:
    """What the years bring to those of a kind."""

    kind: str
    need: str
    a_year: float
    lasts: int


@dataclass(frozen=True, slots=True)
class Events:
    """Events of life, one a place."""

    person: Places
    event: Words
    on: Days


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs, one a place, sorted by person, need and onset. `chance` is in percent."""

    person: Places
    need: Words
    since: Days
    until: Days
    met: Flags
    chance: Floats


class Happenings:
    """Collects events while they are drawn; only what lies between a year before the files and soon after them counts."""

    def __init__(self, world: World) -> None:
        self.horizon = (world.first_day - 365, world.last_day + LOOK_AHEAD)
        self.years = (world.last_day - world.first_day + 365) / 365
        self._found: list[tuple[NDArray[np.int64], str, NDArray[np.int64]]] = []

    def add(self, event: str, who: Flags, on: NDArray[np.int64]) -> None:
        """The event happens to these on these days; `on` has a day for everybody."""
        inside = who & (on >= self.horizon[0]) & (on <= self.horizon[1])
        places = np.flatnonzero(inside)
        self._found.append((places, event, on[places]))

    def all(self) -> Events:
        """Everything, sorted by person and day."""
        person = np.concatenate([places for places, _, _ in self._found]).astype(np.int32)
        event = np.concatenate([np.full(len(places), event, dtype=object) for places, event, _ in self._found])
        on = np.concatenate([on for _, _, on in self._found]).astype(np.int32)
        order = np.lexsort((event.astype(str), on, person))
        return Events(person=person[order], event=event[order], on=on[order])


def arise(
    world: World,
    chance: Generator,
    events: Events,
    causes: Mapping[str, tuple[Cause, ...]],
    courses: Iterable[Course],
    kinds: Mapping[str, Flags],
    opened: Days,
) -> Needs:
    """Draw the needs. Nobody's need is older than the relation with the bank by more than half a year."""
    found: list[tuple[NDArray[np.int64], str, NDArray[np.int64], int]] = []
    for event, brings in causes.items():
        here = np.flatnonzero(events.event == event)
        for cause in brings:
            felt = here[chance.random(len(here)) < cause.chance]
            since = events.on[felt] + chance.integers(cause.early, cause.late + 1, len(felt))
            found.append((events.person[felt].astype(np.int64), cause.need, since, cause.lasts))
    begin = world.first_day - 365
    for course in courses:
        those = np.flatnonzero(kinds[course.kind])
        those = those[chance.random(len(those)) < 1 - np.exp(-course.a_year * (world.last_day - begin) / 365)]
        found.append((those, course.need, chance.integers(begin, world.last_day + 1, len(those)), course.lasts))
    person = np.concatenate([item[0] for item in found])
    need = np.concatenate([np.full(len(item[0]), item[1], dtype=object) for item in found])
    since = np.concatenate([item[2] for item in found]).astype(np.int64)
    lasts = np.concatenate([np.full(len(item[0]), item[3]) for item in found])
    until = since + _LEAST + np.ceil(chance.exponential(lasts)).astype(np.int64)
    met = chance.random(len(person)) < _MET
    kept = (since <= world.last_day) & (until > world.first_day) & (since > opened[person] - 180)
    order = np.lexsort((since, need.astype(str), person))
    order = order[kept[order]]
    person, need, since, until, met, lasts = (array[order] for array in (person, need, since, until, met, lasts))
    # A need that is felt already does not begin again.
    again = np.zeros(len(person), dtype=bool)
    again[1:] = (person[1:] == person[:-1]) & (need[1:] == need[:-1]) & (since[1:] < until[:-1] + 30)
    person, need, since, until, met, lasts = (array[~again] for array in (person, need, since, until, met, lasts))
    still = 100 * np.exp(-np.maximum(world.last_day - since - _LEAST, 0) / lasts)
    is_open = until > world.last_day
    return Needs(
        person=person.astype(np.int32),
        need=need,
        since=since.astype(np.int32),
        until=np.where(is_open, -1, until).astype(np.int32),
        met=met & ~is_open,
        chance=still,
    )
