"""Why a person is thought to be in a stage of life: the published evidence reckoned again, and what each piece of it adds. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.life.definitions import days_of, definitions

_HUNDRED = 100.0
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A piece of evidence in words. `adds` is by how much the stage were less likely without it."""

    evidence: str
    text: str
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeView:
    """The likeliest stage and the next one. `sure` is false where even the likeliest is not told, `speaking` is what adds most first."""

    as_of: date
    stage: str | None
    title: str
    probability: float
    second: str
    second_probability: float
    speaking: tuple[Speaking, ...]

    @property
    def sure(self) -> bool:
        """Whether the stage is likely enough to be told."""
        return self.stage is not None


def chances(evidence: Iterable[str]) -> dict[str, float]:
    """The probability of each stage, as the run reckons it; nothing where there is no evidence."""
    rules, known = definitions(), [name for name in evidence if name in definitions().evidence]
    if not known:
        return {}
    points = {stage: one.prior + sum(rules.evidence[name].points.get(stage, 0) for name in known) for stage, one in rules.stages.items()}
    most = max(points.values())
    weights = {stage: math.exp((mine - most) / _HUNDRED) for stage, mine in points.items()}
    whole = sum(weights.values())
    return {stage: round(weight / whole, _DIGITS) for stage, weight in weights.items()}


def life_view(rows: Sequence[Mapping[str, Any]], *, as_of: date) -> LifeView | None:
    """The stage from the rows of `life_evidence` of one person. None where nothing speaks."""
    rules, names = definitions(), [str(row["evidence"]) for row in rows]
    found = chances(names)
    if not found:
        return None
    first, second, *_ = sorted(found, key=lambda stage: -found[stage])
    speaking = []
    for row in rows:
        without = chances(name for name in names if name != row["evidence"])
        speaking.append(Speaking(evidence=row["evidence"], text=_said(row), adds=round(found[first] - without.get(first, 0.0), _DIGITS)))
    return LifeView(
        as_of=as_of,
        stage=first if found[first] >= rules.least else None,
        title=rules.stages[first].title,
        probability=found[first],
        second=rules.stages[second].title,
        second_probability=found[second],
        speaking=tuple(sorted((one for one in speaking if one.adds > 0), key=lambda one: (-one.adds, one.evidence))),
    )


def _said(row: Mapping[str, Any]) -> str:
    says = definitions().evidence[str(row["evidence"])].says
    return says.format(detail=row["detail"], count=row["count"], last_on=row["last_on"], days=days_of(str(row["evidence"])))
