"""Feeds that fail: the events of one evening are lost, and the surveys of the last days have not arrived."""

import numpy as np

from sandbox.bank.arrays import HOUR, Numbers, at, day_of
from sandbox.bank.world import World, draw


def cut(world: World, feed: str, moment: Numbers) -> Numbers:
    """Which moments of a feed never reached the bank's files."""
    last = world.last_day
    dice = draw(world, 0, "outages")
    evening, hours, days = last - int(dice.integers(12, 26)), int(dice.integers(3, 6)), int(dice.integers(4, 8))
    if feed == "app_events":
        begin = int(at(np.array([evening]), np.array([18 * HOUR]))[0])
        return (moment >= begin) & (moment < begin + hours * HOUR)
    if feed == "surveys":
        return day_of(moment) > last - days
    return np.zeros(len(moment), dtype=bool)
