"""Steps on numpy arrays that the feeds of behaviour share. Days count from 1970-01-01 and moments in seconds of UTC."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.columns import identifiers
from sandbox.bank.world import DAY, EAST

Numbers = NDArray[Any]

HOUR = 3_600


def keys(prefix: str, chunk: int, count: int) -> pa.Array:
    """Keys that differ between chunks as long as chunks differ."""
    return identifiers(prefix, (np.full(count, chunk), 6), (np.arange(1, count + 1), 8))


def integers(numbers: Numbers) -> pa.Array:
    """Integers, missing where negative."""
    values = np.asarray(numbers, dtype=np.int32)
    return pa.array(values, mask=values < 0)


def flags(values: Numbers) -> pa.Array:
    """True or false."""
    return pa.array(np.asarray(values, dtype=bool))


def of(ids: pa.Array, owner: Numbers) -> pa.Array:
    """The id of each owner."""
    return ids.take(pa.array(np.asarray(owner, dtype=np.int64)))


def each(counts: Numbers) -> Numbers:
    """The owner of each of so many pieces."""
    return np.asarray(np.repeat(np.arange(len(counts)), counts))


def place_within(counts: Numbers) -> Numbers:
    """0, 1, 2 … for the pieces of each owner."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts))


def pick(draw: Generator, weights: Sequence[float] | Numbers, count: int) -> Numbers:
    """So many indexes, each with the probability that its weight says."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.asarray(np.searchsorted(edges, draw.random(count) * edges[-1], side="right"), dtype=np.int32)


def at(day: Numbers, second: Numbers) -> Numbers:
    """The moment of a day, by the bank's clock."""
    return np.asarray(day).astype(np.int64) * DAY - EAST + np.asarray(second).astype(np.int64)


def day_of(moment: Numbers) -> Numbers:
    """The bank's day of a moment."""
    return (np.asarray(moment, dtype=np.int64) + EAST) // DAY


def workday(day: Numbers) -> Numbers:
    """Monday to Friday; the first day of all was a Thursday."""
    return (np.asarray(day) + 3) % 7 < 5


def in_hours(moment: Numbers) -> Numbers:
    """The moment itself in working hours (weekdays 9 to 17), or else on the next morning at which somebody is there."""
    moment = np.asarray(moment, dtype=np.int64)
    day, second = day_of(moment), (moment + EAST) % DAY
    morning = 9 * HOUR + second % HOUR
    late = second >= 17 * HOUR
    day, second = day + late, np.where(late | (second < 9 * HOUR), morning, second)
    weekday = (day + 3) % 7
    wait = np.where(weekday >= 5, 7 - weekday, 0)
    return at(day + wait, np.where(wait > 0, morning, second))
