"""The definitions of causes, from `causes.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause: how it is called, how much it explains at most, by what it is known, and what to ask the customer."""

    id: str
    title: str
    weight: float
    half: float
    least: float
    question: str
    topics: tuple[str, ...] = ()
    app: tuple[str, ...] = ()
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `causes.yaml`."""

    version: str
    window_days: int
    baseline_days: int
    before_days: int
    points: Mapping[str, float]
    low_scores: Mapping[str, int]
    large_transfer: Mapping[str, float]
    said_from: float
    peers_fell: float
    neglected_days: int
    income: Mapping[str, int]
    score: Mapping[str, Any]
    causes: tuple[Cause, ...]

    def cause(self, name: str) -> Cause:
        """A cause by id. Raises KeyError for one that there is not."""
        found = {cause.id: cause for cause in self.causes}
        return found[name]


@cache
def definitions() -> Definitions:
    """What `causes.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.causes").joinpath("causes.yaml").read_text(encoding="utf-8"))
    causes = tuple(
        Cause(id=name, **(entry | {"topics": tuple(entry["topics"]), "app": tuple(entry.get("app", ()))}))
        for name, entry in body.pop("causes").items()
    )
    return Definitions(causes=causes, **body)
