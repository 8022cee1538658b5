"""The definitions of activity and its drop, from `activity.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A ratio and how sure one must be of it."""

    ratio: float
    certainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """How many customers make a median: of one group, and of the whole bank."""

    group: int
    everybody: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """When the silence of somebody who acts seldom is unusual for them."""

    quantile: float
    at_least: int
    days: int
    until: int
    history_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outflow:
    """When assets have left: `drop` against the median of `months`, of at least `least` CNY, below each of the last `lowest_of` months."""

    drop: float
    months: int
    lowest_of: int
    least: int
    explained_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """By what the purchase of a home is known."""

    mcc: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `activity.yaml`. Weights are hundredths of an action."""

    version: str
    transaction: int
    login: int
    contact: int
    app_kinds: tuple[str, ...]
    contact_outcomes: tuple[str, ...]
    current_weeks: int
    baseline_weeks: int
    evaluations: int
    fires: Threshold
    before: Threshold
    severe: Threshold
    low_volume: int
    baseline_days: int
    peers: Peers
    growing_months: int
    mature_months: int
    gaps: Gaps
    outflow: Outflow
    spent: tuple[str, ...]
    own_names: tuple[str, ...]
    house: House

    @property
    def current_days(self) -> int:
        """Days of the current window."""
        return 7 * self.current_weeks

    @property
    def whole_baseline_days(self) -> int:
        """Days of the window before it."""
        return 7 * self.baseline_weeks

    @property
    def weeks(self) -> int:
        """Weeks that all evaluations together look at."""
        return self.current_weeks + self.baseline_weeks + self.evaluations - 1


@cache
def definitions() -> Definitions:
    """What `activity.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.activity").joinpath("activity.yaml").read_text(encoding="utf-8"))
    peers, tenure = body.pop("peers"), body.pop("tenure_months")
    house, weights = body.pop("house"), body.pop("weights")
    return Definitions(
        **weights,
        app_kinds=tuple(body.pop("app_kinds")),
        contact_outcomes=tuple(body.pop("contact_outcomes")),
        fires=Threshold(**body.pop("fires")),
        before=Threshold(**body.pop("before")),
        severe=Threshold(**body.pop("severe")),
        peers=Peers(group=peers["group"], everybody=peers["all"]),
        growing_months=tenure["growing"],
        mature_months=tenure["mature"],
        gaps=Gaps(**body.pop("gaps")),
        outflow=Outflow(**body.pop("outflow")),
        spent=tuple(body.pop("spent")),
        own_names=tuple(body.pop("own_names")),
        house=House(mcc=tuple(house["mcc"]), words=tuple(house["words"])),
        **body,
    )
