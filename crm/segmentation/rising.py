"""Who may rise to the highest tier: near it by assets, growing against peers, with a need to meet. Pure, over rows of `classes`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.segmentation.definitions import class_definitions, label
from crm.segmentation.known import need_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """Somebody below the highest tier with what speaks for a rise. `gap_share` is the part of the high threshold that is missing, None
    where assets are there already (`assets_reached`) or unknown; `stickiness_gap` the points that are missing, None where unknown."""

    customer_id: str
    label: str
    points: float
    assets_reached: bool
    gap_share: float | None
    stickiness_gap: float | None
    growing: bool
    growth_standing: int | None
    need: float | None
    need_title: str


def rising(rows: Iterable[Mapping[str, Any]]) -> list[Rising]:
    """Those who may rise, the likeliest first. Who is about to leave is asked to stay, not to rise."""
    found = [_of(row) for row in rows if _may_rise(row)]
    return sorted(found, key=lambda one: (-one.points, one.customer_id))


def _may_rise(row: Mapping[str, Any]) -> bool:
    return row["tier"] != "strategic" and not row["flag"] and bool(row["high"] or row["growing"] or row["needing"])


def _of(row: Mapping[str, Any]) -> Rising:
    enough = class_definitions()["stickiness"]["enough"]
    return Rising(
        customer_id=row["customer_id"],
        label=label(row["tier"], row["flag"]),
        points=_points(row),
        assets_reached=bool(row["high_now"]),
        gap_share=None if row["high_now"] or row["gap_share"] is None else float(row["gap_share"]),
        stickiness_gap=None if row["stickiness"] is None else max(enough - row["stickiness"], 0.0),
        growing=bool(row["growing"]),
        growth_standing=row["growth_standing"],
        need=row["need"],
        need_title=need_title(row),
    )


def _points(row: Mapping[str, Any]) -> float:
    weights = class_definitions()["rising"]
    near = 1.0 if row["high_now"] else 0.0 if row["gap_share"] is None else 1 - max(float(row["gap_share"]), 0.0)
    growth = (row["growth_standing"] or 0) / 100
    return float(round(near * weights["near"] + growth * weights["growth"] + (row["need"] or 0) * weights["need"], 6))
