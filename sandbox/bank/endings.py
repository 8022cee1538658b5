"""Who dies and which companies are wound up: that day everything of theirs ends, and what follows is the work of others.

They leave no need behind and are no loss to another bank: `truth/churn` does not know them, `truth/life_events` does.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandbox.bank import cast
from sandbox.bank.population import NO_CHURN, SUDDEN, Companies, Days, Flags, People
from sandbox.bank.world import CHUNK, World, draw

DEATH, WOUND_UP = "death", "wound_up"
_ENDINGS = (DEATH, WOUND_UP)
# Up to which age how many of 100 die in a year.
_AGES, _DIE = (45, 60, 70, 80, 200), (0.06, 0.3, 1.1, 2.8, 7.0)
_WOUND_UP = 5.0  # of 100 companies in a year
_KNOWN = 60  # days that somebody has been a customer at least


def with_deaths(people: People, world: World, chunk: int) -> People:
    """The same people, of whom some have died; whoever was married to one is widowed."""
    count = len(people.number)
    if not count:
        return people
    free = (people.same_as < 0) & ~np.isin(np.arange(count), people.same_as[people.same_as >= 0])
    free &= people.number > (max(cast.PERSONS) if chunk == 0 else 0)
    day = _days(world, chunk, people, free, np.array(_DIE)[np.searchsorted(np.array(_AGES), people.age)])
    left_behind = people.partner[(day >= 0) & (people.partner >= 0)]
    left_behind = left_behind[day[left_behind] < 0]
    widowed = np.full(count, -1)
    widowed[left_behind] = day[people.partner[left_behind]]
    ended = _ended(people, world, day, DEATH, widowed)
    return replace(people, died=day, widowed=widowed, married=people.married & (widowed < 0), **ended)


def with_wound_up(companies: Companies, people: People, world: World, chunk: int) -> Companies:
    """The same companies, of which some were wound up; what somebody who has died owned belongs to others."""
    dead = people.number[people.died >= 0]
    companies = replace(companies, owner=np.where(np.isin(companies.owner, dead), -1, companies.owner))
    if not len(companies.number):
        return companies
    free = ~companies.core & ((np.arange(len(companies.number)) >= len(cast.COMPANIES)) | (chunk > 0))
    day = _days(world, chunk, companies, free, np.full(len(companies.number), _WOUND_UP))
    ended = _ended(companies, world, day, WOUND_UP, np.full(len(day), -1))
    return replace(companies, wound_up=day, borrows=companies.borrows & (day < 0), **ended)


def is_ended(who: Any) -> Flags:
    """Who has died or was wound up."""
    return np.isin(who.churn_cause.astype(str), _ENDINGS)


def end_of(world: World, who: Any) -> Days:
    """The first day of which nothing of theirs can be, or the day after the last."""
    return np.where(is_ended(who), who.churn_gone, world.last_day + 1)


def _days(world: World, chunk: int, who: Any, free: Flags, a_year: NDArray[Any]) -> Days:
    die = draw(world, chunk, f"endings of {type(who).__name__}").random((2, CHUNK))[:, : len(who.number)]
    begin = np.maximum((who.opened_at + 8 * 3_600) // 86_400 + _KNOWN, world.first_day + 1)
    span = np.maximum(world.last_day - begin, 0)
    happens = free & (who.churn_shape == NO_CHURN) & (die[0] < 1 - (1 - a_year / 100) ** (span / 365))
    return np.where(happens, begin + (die[1] * span).astype(np.int64), -1).astype(np.int32)


def _ended(who: Any, world: World, day: Days, event: str, widowed: Days) -> dict[str, Any]:
    """Leaving, activity, needs and events as they are when everything ends on those days."""
    over = day >= 0
    week_ends = world.first_day + 7 * np.arange(world.weeks) + 6
    stopped = over[:, None] & (week_ends >= day[:, None])
    until = np.where(over, day, world.last_day + 1)
    needs = who.need_since < until[who.need_person]
    person = who.need_person[needs]
    cut = over[person]
    need_until = who.need_until[needs]
    need_until = np.where(cut & ((need_until < 0) | (need_until > until[person])), until[person], need_until)
    happened = who.event_on <= until[who.event_person]
    gone, left = np.flatnonzero(over), np.flatnonzero(widowed >= 0)
    event_person = np.concatenate([who.event_person[happened], gone, left]).astype(np.int32)
    events = np.concatenate([who.event[happened], np.full(len(gone), event, dtype=object), np.full(len(left), "bereavement", dtype=object)])
    event_on = np.concatenate([who.event_on[happened], day[gone], widowed[left]]).astype(np.int32)
    order = np.lexsort((events.astype(str), event_on, event_person))
    return {
        "churn_shape": np.where(over, SUDDEN, who.churn_shape).astype(np.int8),
        "churn_cause": np.where(over, event, who.churn_cause).astype(object),
        "churn_since": np.where(over, day, who.churn_since).astype(np.int32),
        "churn_gone": np.where(over, day, who.churn_gone).astype(np.int32),
        "activity": np.where(stopped, 0, who.activity).astype(np.float32),
        "need_person": person,
        "need": who.need[needs],
        "need_since": who.need_since[needs],
        "need_until": need_until.astype(np.int32),
        "need_met": who.need_met[needs] & ~cut,
        "need_chance": np.where(cut, 0.0, who.need_chance[needs]),
        "event_person": event_person[order],
        "event": events[order],
        "event_on": event_on[order],
    }
