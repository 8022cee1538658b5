"""Who leaves, how, and who only looks so; and how busy everybody is week by week."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.endings import is_ended
from sandbox.bank.population import FALSE_ALARM, GRADUAL, NO_CHURN, SUDDEN, Days, Flags, Floats, Words
from sandbox.bank.world import CHUNK, World, day_number, draw

A_YEAR = 0.16  # of the customers leave
SUDDEN_SHARE = 0.25  # of these at once
ALARMS_A_YEAR = 0.09
_CAUSES = ("app_failure", "complaint", "rate", "moved", "service", "other_bank")
_CAUSE_SHARES = (0.18, 0.14, 0.28, 0.16, 0.12, 0.12)
_CLOSES = 0.35  # of those who left: they come once more and close their accounts
_SETTLES = 0.85  # of the estates and liquidations come to an end, within half a year
_NEW = 60  # days in which nobody leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One place a customer; days are -1 where nothing happens."""

    shape: NDArray[np.int8]
    cause: Words
    since: Days
    gone: Days


def leave(world: World, chance: Generator, opened: Days, bought_house: Days, loyal: Flags) -> Leaving:
    """Draw who leaves. `bought_house` is the day of it or -1: it takes the money away, and not the customer."""
    count = len(opened)
    begin = np.maximum(opened + _NEW, world.first_day)
    years = np.maximum(world.last_day - begin, 0) / 365
    leaves = (chance.random(count) < 1 - (1 - A_YEAR) ** years) & ~loyal
    sudden = leaves & (chance.random(count) < SUDDEN_SHARE)
    since = begin + np.floor(chance.random(count) * np.maximum(world.last_day - begin + 1, 1)).astype(np.int64)
    decay = chance.integers(30, 91, count)
    shape = np.where(sudden, SUDDEN, np.where(leaves, GRADUAL, NO_CHURN))
    gone = np.where(sudden, since, np.where(leaves, since + decay, -1))
    cause = np.where(leaves, chance.choice(np.array(_CAUSES, dtype=object), count, p=_CAUSE_SHARES), "")
    alarm = ~leaves & ~loyal & (chance.random(count) < 1 - (1 - ALARMS_A_YEAR) ** years)
    why = chance.choice(np.array(["travel", "festival", "illness"], dtype=object), count, p=[0.55, 0.3, 0.15])
    after_house = ~leaves & ~loyal & (bought_house > begin) & (chance.random(count) < 0.7)
    alarm |= after_house
    why = np.where(after_house, "house_purchase", why)
    festivals = np.array([day_number(day) for day in world.spring_festivals if world.first_day <= day_number(day) - 14 <= world.last_day])
    if len(festivals):
        nearest = festivals[chance.integers(0, len(festivals), count)] - 12
    else:
        nearest = np.full(count, -1)
        why = np.where(why == "festival", "travel", why)
    begins = np.where(why == "festival", nearest, np.where(why == "house_purchase", bought_house, since))
    alarm &= begins >= opened
    lasts = chance.integers(25, 61, count)
    shape = np.where(alarm, FALSE_ALARM, shape)
    cause = np.where(alarm, why, cause)
    since = np.where(alarm, begins, np.where(leaves, since, -1))
    gone = np.where(alarm, begins + lasts, gone)
    return Leaving(
        shape=shape.astype(np.int8),
        cause=cause,
        since=since.astype(np.int32),
        gone=gone.astype(np.int32),
    )


def closings(world: World, who: Any) -> Days:
    """The day on which who has left closes all accounts, or heirs or liquidators do, or -1: the same whenever it is asked of a chunk."""
    first = int(who.number[0])
    chance = draw(world, first, "closings")
    die = chance.random((2, CHUNK))[:, : len(who.number)]
    left = np.isin(who.churn_shape, (GRADUAL, SUDDEN))
    # Late enough for the last bill of the card and for what was held to be sold.
    day = who.churn_gone + 45 + (die[1] * 30).astype(np.int64)
    ended = is_ended(who)
    day = np.where(ended, day + (die[1] * 90).astype(np.int64), day)
    closes = left & (die[0] < np.where(ended, _SETTLES, _CLOSES)) & (day <= world.last_day)
    return np.asarray(np.where(closes, day, -1))


def busy(world: World, chance: Generator, opened: Days, leaving: Leaving) -> NDArray[np.float32]:
    """How busy everybody is in each week of the files; 1 is usual."""
    weeks = world.weeks
    middle = world.first_day + 7 * np.arange(weeks) + 3
    usual = np.exp(chance.normal(0.0, 0.12, (len(opened), weeks)) - 0.0072) * season(world, middle)
    since, gone, shape = leaving.since[:, None], leaving.gone[:, None], leaving.shape[:, None]
    left = np.clip((gone - middle) / np.maximum(gone - since, 1), 0, 1)
    fading = np.where(middle >= since, left, 1.0)
    stopped = np.where(middle >= gone, 0.0, 1.0)
    depth = chance.uniform(0.05, 0.4, len(opened))[:, None]
    paused = np.where((middle >= since) & (middle < gone), depth, 1.0)
    factor = np.where(shape == GRADUAL, fading, np.where(shape == SUDDEN, stopped, np.where(shape == FALSE_ALARM, paused, 1.0)))
    known = middle + 3 >= opened[:, None]
    return np.asarray(usual * factor * known, dtype=np.float32)


def season(world: World, middle: NDArray[np.int64]) -> Floats:
    """How much goes on in weeks of these middles; 1 is usual.

    Before Spring Festival people spend, during it the whole bank is quiet; National Day is a smaller dip.
    """
    season = np.ones(len(middle))
    for day in world.spring_festivals:
        away = middle - day_number(day)
        season[(away >= -17) & (away < -7)] *= 1.2
        season[(away >= -4) & (away < 11)] *= 0.45
    for day in world.national_days:
        away = middle - day_number(day)
        season[(away >= -1) & (away < 8)] *= 0.85
    return season
