"""How a simulated relationship manager works: looks into the queue while at work, takes over, answers soon, and sometimes forgets to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from numpy.random import Generator

from sandbox.players.saying import Phrases
from sandbox.players.weights import StaffWeights

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """How a person goes about a conversation just taken: says nothing at all, or speaks after so many seconds."""

    silent: bool
    seconds: int


def next_look(at: datetime, weights: StaffWeights, draw: Generator) -> datetime:
    """When somebody next looks into the queue: during the day, now and then in the evening and at the weekend, else the next morning."""
    weekend = at.weekday() >= _SATURDAY
    if weights.day.hold(at.hour) and not weekend:
        mean = weights.day_look_s
    elif weights.day.hold(at.hour):
        mean = weights.weekend_look_s
    elif weights.evening.hold(at.hour):
        mean = weights.evening_look_s
    else:
        return _next_morning(at, weights, draw)
    looks = at + timedelta(seconds=max(20, round(float(draw.exponential(mean)))))
    home = looks.date() > at.date() or looks.hour >= weights.evening.until
    return _next_morning(looks, weights, draw) if home else looks


def _next_morning(at: datetime, weights: StaffWeights, draw: Generator) -> datetime:
    day = at.date() + timedelta(days=at.hour >= weights.evening.until)
    opens = datetime(day.year, day.month, day.day, weights.day.first, tzinfo=at.tzinfo)
    return opens + timedelta(seconds=int(draw.integers(60, 900)))


def stint(weights: StaffWeights, draw: Generator) -> Stint:
    """How it goes on after a take-over."""
    silent = bool(draw.random() < weights.silent)
    return Stint(silent=silent, seconds=pause(weights, draw))


def pause(weights: StaffWeights, draw: Generator) -> int:
    """Seconds until the next thing that they do in a conversation."""
    least, most = weights.answer_s
    return int(draw.integers(least, most))


def words(phrases: Phrases, what: str, draw: Generator) -> str:
    """What they say: `hello` at first, then `answer`."""
    choice = phrases.staff[what]
    return choice[int(draw.integers(len(choice)))]
