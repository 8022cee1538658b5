"""A book of customers at a glance: how many of each class stand on which light of health. Pure; small counts can be left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.segmentation.definitions import class_definitions, label

LIGHTS = ("green", "amber", "red", "none")
SMALL = 5  # fewer customers than this could be told one from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A class: a count a light, in the order of `LIGHTS`, and the whole. None was left out."""

    label: str
    counts: tuple[int | None, ...]
    whole: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`total` counts everybody, to the next ten where something was left out."""

    as_of: date
    total: int
    rows: tuple[Row, ...]
    suppressed: bool


def overview_of(labels: Mapping[str, str], lights: Mapping[str, str | None], *, as_of: date, suppress: bool) -> Overview:
    """Count the customers that have a class. With `suppress` counts from 1 to 4 are left out, with so many others that none of them
    can be reckoned from the rest; of a class of fewer than five customers nothing is told."""
    tiers = list(class_definitions()["tiers"])
    order = [label(tier, False) for tier in tiers] + [label(tier, True) for tier in tiers]
    counted = Counter((shown, lights.get(customer_id) or "none") for customer_id, shown in labels.items())
    each = [(shown, [counted[shown, light] for light in LIGHTS]) for shown in order]
    found = [(shown, counts) for shown, counts in each if any(counts)]
    rows = tuple(_row(shown, counts) if suppress else Row(label=shown, counts=tuple(counts), whole=sum(counts)) for shown, counts in found)
    hidden = any(None in row.counts for row in rows)
    # The whole would give away a class that is left out where it is the only one.
    return Overview(as_of=as_of, total=round(len(labels), -1) if hidden else len(labels), rows=rows, suppressed=hidden)


def _row(shown: str, counts: Sequence[int]) -> Row:
    whole = sum(counts)
    if whole < SMALL:
        return Row(label=shown, counts=(None,) * len(counts), whole=None)
    # From the smallest on: what is left out must be so many together that it can be divided in several ways.
    by_size = sorted((index for index, count in enumerate(counts) if count), key=lambda index: counts[index])
    hidden: list[int] = []
    for index in by_size:
        if counts[index] >= SMALL and (not hidden or sum(counts[one] for one in hidden) >= 2 * SMALL):
            break
        hidden.append(index)
    if len(hidden) == 1:
        hidden = list(range(len(counts)))
    return Row(label=shown, counts=tuple(None if index in hidden else count for index, count in enumerate(counts)), whole=whole)
