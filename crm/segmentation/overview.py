"""A book of customers at a glance: how many of each class stand on which light of health. Pure; small counts can be left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.segmentation.definitions import class_definitions, label

LIGHTS = ("green", "amber", "red", "none")
SMALL = 5  # fewer customers than this could be told one from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`rows` are labels with a count a light, in the order of `LIGHTS`; a count that was left out is None. `total` counts everybody,
    to the next ten where something was left out."""

    as_of: date
    total: int
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    suppressed: bool

    def of(self, label: str) -> int | None:
        """How many are in a class; None where that was left out."""
        counts = dict(self.rows).get(label, ())
        return None if None in counts else sum(count or 0 for count in counts)


def overview_of(labels: Mapping[str, str], lights: Mapping[str, str | None], *, as_of: date, suppress: bool) -> Overview:
    """Count the customers that have a class. With `suppress` a class with a count from 1 to 4 in it shows only its whole,
    and a class of fewer than five customers nothing."""
    tiers = list(class_definitions()["tiers"])
    order = [label(tier, False) for tier in tiers] + [label(tier, True) for tier in tiers]
    counted = Counter((shown, lights.get(customer_id) or "none") for customer_id, shown in labels.items())
    rows = []
    for shown in order:
        counts = [counted[shown, light] for light in LIGHTS]
        if any(counts):
            rows.append((shown, _shown(counts) if suppress else tuple(counts)))
    hidden = any(None in counts for _, counts in rows)
    # The whole would give away what is left out where that is all in one class.
    total = round(len(labels), -1) if hidden else len(labels)
    return Overview(as_of=as_of, total=total, rows=tuple(rows), suppressed=hidden)


def _shown(counts: Sequence[int]) -> tuple[int | None, ...]:
    if sum(counts) < SMALL:
        return (None,) * len(counts)
    # Two at least are left out together: one alone could be reckoned from the total of the class.
    small = [index for index, count in enumerate(counts) if 0 < count < SMALL]
    if not small:
        return tuple(counts)
    if len(small) == 1:
        others = [index for index, count in enumerate(counts) if count >= SMALL]
        small += sorted(others, key=lambda index: counts[index])[:1]
    return tuple(None if index in small else count for index, count in enumerate(counts))
