"""The definitions of learning, from `learning.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is foretold: outcomes whose kind matches one of `kinds`."""

    name: str
    title: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosting:
    """How the model is fitted."""

    rounds: int
    rate: float
    patience: int
    ridge: float
    least_weight: float
    bins: int
    rows_a_bin: int
    levels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicious:
    """A value of so many rows with so high a rate that holds so much of all outcomes."""

    rows: int
    rate: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `learning.yaml`."""

    version: str
    least: int
    least_test: int
    step_days: int
    history_days: int
    cutoffs: int
    horizon_days: int
    silence: Mapping[str, int]
    chosen_on: float
    measured_on: float
    least_chosen: int
    folds: int
    flagged: float
    draws: int
    seed: int
    model: Boosting
    too_good: float
    suspicious: Suspicious
    unknown: tuple[str, ...]
    positive: tuple[str, ...]
    after_the_fact: tuple[str, ...]
    identifiers: tuple[str, ...]
    left_out: tuple[str, ...]
    not_happened: tuple[str, ...]
    targets: Mapping[str, Target]
    titles: Mapping[str, str]


_LISTS = ("unknown", "positive", "after_the_fact", "identifiers", "left_out", "not_happened")


@cache
def definitions() -> Definitions:
    """What `learning.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.learning").joinpath("learning.yaml").read_text(encoding="utf-8"))
    lists: dict[str, Any] = {name: tuple(body.pop(name)) for name in _LISTS}
    targets = {name: Target(name=name, title=entry["title"], kinds=tuple(entry["kinds"])) for name, entry in body.pop("targets").items()}
    suspicious = Suspicious(**body.pop("suspicious"))
    return Definitions(model=Boosting(**body.pop("model")), suspicious=suspicious, targets=targets, **lists, **body)
