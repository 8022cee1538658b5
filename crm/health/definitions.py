"""The definitions of health, from `health.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A part of health: its weight, and those of its metrics."""

    name: str
    title: str
    weight: int
    metrics: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `health.yaml`."""

    version: str
    days_back: tuple[int, ...]
    red: int
    green: int
    steady: float
    dimensions: tuple[Dimension, ...]
    points: Mapping[str, Points]
    current_days: int
    baseline_days: int
    baseline_needed: int
    shrink: int
    average_days: int
    compared_days: int
    satisfaction_days: int
    usual_contacts: int
    well_served: float
    categories_at_least: int
    applicable: float
    peers_needed: int

    @property
    def metrics(self) -> tuple[str, ...]:
        """All metrics, in the order of the file."""
        return tuple(metric for dimension in self.dimensions for metric in dimension.metrics)


@cache
def definitions() -> Definitions:
    """What `health.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.health").joinpath("health.yaml").read_text(encoding="utf-8"))
    return Definitions(
        days_back=tuple(body.pop("days_back")),
        dimensions=tuple(Dimension(name=name, **one) for name, one in body.pop("dimensions").items()),
        points={name: tuple((float(x), float(y)) for x, y in listed) for name, listed in body.pop("points").items()},
        **body,
    )
