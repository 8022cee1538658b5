"""Chance that depends on who and when, not on the order in which others are asked."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zlib import crc32

import numpy as np
from numpy.random import Generator

from sandbox.players.weights import Delay, Hours


def draw_for(seed: int, who: str, on: date, number: int) -> Generator:
    """The generator of somebody's so-manieth decision on a day: one more customer, or another message to them, changes nobody else."""
    return np.random.default_rng([seed, crc32(who.encode()), on.toordinal(), number])


def pick(shares: Mapping[str, float], draw: Generator) -> str:
    """One of the names, each as likely as its share of all."""
    names = list(shares)
    weights = np.array([shares[name] for name in names], dtype=float)
    return names[int(draw.choice(len(names), p=weights / weights.sum()))]


def after(at: datetime, delay: Delay, draw: Generator, *, awake: Hours | None = None) -> datetime:
    """Some time later; who would be asleep then does it after getting up."""
    moment = at + timedelta(seconds=max(5, round(float(draw.lognormal(np.log(delay.median), delay.spread)))))
    if awake is None or awake.hold(moment.hour):
        return moment
    day = moment.date() + timedelta(days=moment.hour >= awake.until)
    rises = datetime(day.year, day.month, day.day, awake.first, tzinfo=moment.tzinfo)
    return rises + timedelta(seconds=int(draw.integers(0, 5400)))
