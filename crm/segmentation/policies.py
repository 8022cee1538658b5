"""How a class of customers is served: the defaults of `policy.yaml` with what managers changed since. Pure.

Who plans contacts asks `policy_for`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from domain.policies import PolicyEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One column of the table. A number lies between `least` and `most`; both are None for words."""

    id: str
    title: str
    unit: str = ""
    least: int | None = None
    most: int | None = None

    def takes(self, value: str) -> bool:
        """Whether it may have that value."""
        if self.least is None or self.most is None:
            return bool(value.strip())
        return value.isascii() and value.isdigit() and self.least <= int(value) <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePolicy:
    """The terms of one class. `changed` are those that a manager set, each with the edit."""

    tier: str
    version: str
    per_rm: int
    cadence_days: int
    answer_hours: int
    monthly_budget: int
    benefits: str
    channels: tuple[str, ...]
    changed: tuple[PolicyEdit, ...] = ()


@cache
def terms() -> dict[str, Term]:
    """The columns, in their order."""
    return {name: Term(id=name, **one) for name, one in _body()["terms"].items()}


def tiers() -> tuple[str, ...]:
    """The classes that have a policy, the highest first."""
    return tuple(_body()["tiers"])


def policy_for(edits: Iterable[PolicyEdit], tier: str) -> ServicePolicy:
    """How the class is served: `tier` as the stage `classes` writes it, or `flag` for the attention flag. Raises KeyError for another.

    Of several edits of a term the last one given counts; one that is out of bounds does not, so that a default never fails.
    """
    valid = {edit.term: edit for edit in edits if edit.tier == tier and edit.term in terms() and terms()[edit.term].takes(edit.value)}
    values = {name: str(value) for name, value in _body()["tiers"][tier].items()} | {name: edit.value for name, edit in valid.items()}
    return ServicePolicy(
        tier=tier,
        version=_body()["version"],
        per_rm=int(values["per_rm"]),
        cadence_days=int(values["cadence"]),
        answer_hours=int(values["answer"]),
        monthly_budget=int(values["budget"]),
        benefits=values["benefits"],
        channels=tuple(values["channels"].split("、")),
        changed=tuple(valid.values()),
    )


@cache
def _body() -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(files("crm.segmentation").joinpath("policy.yaml").read_text(encoding="utf-8"))
    return body
