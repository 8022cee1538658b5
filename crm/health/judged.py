"""The health of one customer as a published row says it: what pulls it down, and the same sum once more. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import floor
from typing import Any

from crm.health.definitions import Dimension, definitions

_DIGITS = 100


class Light(StrEnum):
    """Red, amber or green."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A metric that costs health `lost` points."""

    metric: str
    points: float
    lost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Health as of the run. None is no data, never zero. `changes` are points by days back."""

    customer_id: str
    score: float | None
    light: Light | None
    dimensions: Mapping[str, float | None]
    points: Mapping[str, float | None]
    changes: Mapping[int, float | None]
    row: Mapping[str, Any]

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """What costs most first, of the metrics that are not green; in the order of the file where they cost the same."""
        rules, found = definitions(), []
        whole = sum(one.weight for one in rules.dimensions if self.dimensions[one.name] is not None)
        for one in rules.dimensions:
            known = {metric: points for metric in one.metrics if (points := self.points[metric]) is not None}
            within = sum(one.metrics[metric] for metric in known)
            for metric, points in known.items():
                share = one.weight / whole * one.metrics[metric] / within
                found.append(Driver(metric=metric, points=points, lost=(100 - points) * share))
        return tuple(
            sorted((driver for driver in found if driver.lost >= 1 and driver.points < rules.green), key=lambda driver: -driver.lost)
        )

    @property
    def order(self) -> tuple[float, str]:
        """The least healthy first; of equals the smaller id."""
        return (self.score if self.score is not None else 101.0, self.customer_id)


def health_of(row: Mapping[str, Any]) -> Health:
    """Read a row of the stage `health`."""
    rules = definitions()
    return Health(
        customer_id=row["customer_id"],
        score=row["score"],
        light=Light(row["rag"]) if row["rag"] else None,
        dimensions={one.name: row[one.name] for one in rules.dimensions},
        points={metric: row[f"points_{metric}"] for metric in rules.metrics},
        changes={back: row[f"change_{back}"] for back in rules.days_back[1:]},
        row=row,
    )


def dimension_score(dimension: Dimension, points: Mapping[str, float | None]) -> float | None:
    """A dimension from the points of its metrics: the same number as the run's."""
    return weighted([(points[metric], weight) for metric, weight in dimension.metrics.items()])


def health_score(dimensions: Mapping[str, float | None]) -> float | None:
    """Health from its dimensions: the same number as the run's."""
    return weighted([(dimensions[one.name], one.weight) for one in definitions().dimensions])


def weighted(parts: list[tuple[float | None, int]]) -> float | None:
    """The mean of what is known, by weight, to two decimals; None where nothing is known."""
    known = [(value, weight) for value, weight in parts if value is not None]
    weights = sum(weight for _, weight in known)
    return floor(sum(value * weight for value, weight in known) / weights * _DIGITS + 0.5) / _DIGITS if weights else None
