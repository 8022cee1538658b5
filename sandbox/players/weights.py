"""How people behave in general, read from weights.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A log-normal time in seconds: its median, and the sigma of its logarithm."""

    median: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of a day, from inclusive, until exclusive; over midnight when from is the later."""

    first: int
    until: int

    def hold(self, hour: int) -> bool:
        """Whether the hour is one of them."""
        if self.first < self.until:
            return self.first <= hour < self.until
        return hour >= self.first or hour < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """What a message does that nobody asked for. Factors multiply, `opt_out` and `complain` are shares of those who do not answer."""

    night: Hours
    night_factor: float
    each_lately: float
    need: float
    leaving: float
    answers: Mapping[str, float]
    opt_out: float
    complain: float
    annoyed_each: float
    annoyed_leaving: float
    read: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spontaneous:
    """What people come with by themselves: rates per active customer and month, kinds of talk, weights of the 24 hours."""

    talk: float
    complain: float
    kinds: Mapping[str, float]
    hours: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWeights:
    """How relationship managers work: when they look into the queue and how soon they answer, in seconds."""

    day: Hours
    day_look_s: float
    evening: Hours
    evening_look_s: float
    weekend_look_s: float
    silent: float
    answer_s: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Every figure of weights.yaml."""

    answer_percent: Mapping[str, float]
    unasked: Unasked
    answered: Mapping[str, float]
    by_person: Mapping[str, float]
    each_said: float
    said_at_most: int
    spontaneous: Spontaneous
    delays: Mapping[str, Delay]
    awake: Hours
    purchase: tuple[float, float, int]
    complaint_days: tuple[int, int]
    typing: Mapping[str, float]
    line_down: float
    staff: StaffWeights


@cache
def load_weights() -> Weights:
    """Read the file that lies beside this one."""
    raw: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("weights.yaml").read_text(encoding="utf-8"))
    unasked, own, staff = raw["unasked"], raw["spontaneous"], raw["staff"]
    plain = ("each_lately", "need", "leaving", "answers", "opt_out", "complain", "annoyed_each", "annoyed_leaving", "read")
    return Weights(
        answer_percent=raw["answer_percent"],
        unasked=Unasked(night=_hours(unasked["night"]), night_factor=unasked["night"]["factor"], **{name: unasked[name] for name in plain}),
        answered=raw["answered"],
        by_person=raw["by_person"],
        each_said=raw["each_said"],
        said_at_most=raw["said_at_most"],
        spontaneous=Spontaneous(talk=own["talk"], complain=own["complain"], kinds=own["kinds"], hours=tuple(own["hours"])),
        delays={name: Delay(**delay) for name, delay in raw["delays"].items()},
        awake=_hours(raw["awake"]),
        purchase=(raw["purchase"]["least"], raw["purchase"]["most"], raw["purchase"]["step"]),
        complaint_days=(raw["complaint_days"]["least"], raw["complaint_days"]["most"]),
        typing=raw["typing"],
        line_down=raw["line"]["down"],
        staff=StaffWeights(
            day=_hours(staff["day"]),
            day_look_s=staff["day"]["look_s"],
            evening=_hours(staff["evening"]),
            evening_look_s=staff["evening"]["look_s"],
            weekend_look_s=staff["weekend_look_s"],
            silent=staff["silent"],
            answer_s=(staff["answer_s"]["least"], staff["answer_s"]["most"]),
        ),
    )


def _hours(raw: Mapping[str, Any]) -> Hours:
    return Hours(first=raw["from"], until=raw["until"])
