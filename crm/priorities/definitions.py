"""The definitions of priorities, from `priorities.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonKind:
    """A kind of reason to act."""

    tier: int
    minutes: int
    rest_days: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """How far answers move a score."""

    prior: int
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `priorities.yaml`."""

    version: str
    capacity: int
    product_share: float
    kind_share: Mapping[str, float]
    reasons: Mapping[str, ReasonKind]
    identity_days: int
    risk_months: int
    risk_categories: tuple[str, ...]
    complaint_due_days: int
    deposit_days: int
    loan_days: int
    need_from: float
    birthday_days: int
    neglected_days: int
    neglected_tiers: tuple[str, ...]
    fatigue_days: int
    fatigue_full: int
    fairness: float
    fairness_days: int
    feedback: Feedback


@cache
def definitions() -> Definitions:
    """What `priorities.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.priorities").joinpath("priorities.yaml").read_text(encoding="utf-8"))
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return Definitions(
        reasons={name: ReasonKind(**one) for name, one in rest.pop("reasons").items()},
        feedback=Feedback(**rest.pop("feedback")),
        **rest,
    )
