"""Persons and companies seen alike by what they do: who they are, how much goes on, what is wrong, what they wish."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import Numbers, at, day_of
from sandbox.bank.endings import is_ended
from sandbox.bank.population import FALSE_ALARM, NO_CHURN, Companies, People
from sandbox.bank.world import World

COMPANY_APP_RATE = 35.0
_FOR_EVER = 10**7


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """One chunk of customers of one sort. `stops` is the first day without a sign of them, far away for most."""

    chunk: int
    company: bool
    ids: pa.Array
    numbers: Numbers
    opened_at: Numbers
    rm: Numbers
    branch: Numbers
    activity: Numbers
    app_rate: Numbers
    response: Numbers
    churn_shape: Numbers
    churn_cause: Numbers
    churn_since: Numbers
    churn_gone: Numbers
    level: Numbers
    need_of: Numbers
    need: Numbers
    need_since: Numbers
    need_until: Numbers
    need_met: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def opened_on(self) -> Numbers:
        """The day on which the relation began."""
        return day_of(self.opened_at)

    @property
    def leaves(self) -> Numbers:
        """Who really leaves, sooner or later."""
        return np.asarray((self.churn_shape != NO_CHURN) & (self.churn_shape != FALSE_ALARM)) & ~self.ended

    @property
    def ended(self) -> Numbers:
        """Who has died or was wound up."""
        return is_ended(self)

    @property
    def stops(self) -> Numbers:
        """The day from which nothing comes any more of those who left, died or were wound up."""
        left = (self.leaves | self.ended) & (self.churn_gone >= 0)
        return np.where(left, self.churn_gone, _FOR_EVER)


def crowds(people: People, companies: Companies) -> Iterator[Crowd]:
    """The two crowds, each unless it is empty."""
    if len(people.number):
        yield Crowd(
            chunk=int(people.number[0]),
            company=False,
            ids=people.ids,
            numbers=people.number,
            opened_at=people.opened_at,
            rm=people.rm,
            branch=people.branch,
            activity=people.activity,
            app_rate=people.app_rate,
            response=people.response,
            churn_shape=people.churn_shape,
            churn_cause=people.churn_cause,
            churn_since=people.churn_since,
            churn_gone=people.churn_gone,
            level=people.level,
            need_of=people.need_person,
            need=people.need,
            need_since=people.need_since,
            need_until=people.need_until,
            need_met=people.need_met,
        )
    if len(companies.number):
        yield Crowd(
            chunk=int(companies.number[0]),
            company=True,
            ids=companies.ids,
            numbers=companies.number,
            opened_at=companies.opened_at,
            rm=companies.rm,
            branch=companies.branch,
            activity=companies.activity,
            app_rate=np.full(len(companies.number), COMPANY_APP_RATE),
            response=companies.response,
            churn_shape=companies.churn_shape,
            churn_cause=companies.churn_cause,
            churn_since=companies.churn_since,
            churn_gone=companies.churn_gone,
            level=companies.level,
            need_of=companies.need_person,
            need=companies.need,
            need_since=companies.need_since,
            need_until=companies.need_until,
            need_met=companies.need_met,
        )


def seen(crowd: Crowd, world: World, owner: Numbers, moment: Numbers) -> Numbers:
    """Which moments lie in the simulated months, within the relation and before its end."""
    starts = np.maximum(crowd.opened_at, world.begin)
    ends = at(np.minimum(crowd.stops, world.last_day + 1), np.zeros(len(crowd)))
    return (moment >= starts[owner]) & (moment < ends[owner])
