"""The definitions of contact, from `contacting.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `contacting.yaml`."""

    version: str
    channels: tuple[str, ...]
    answers: tuple[str, ...]
    untried: tuple[str, ...]
    call_seconds: int
    met: tuple[str, ...]
    read_by: tuple[str, ...]
    half_life_days: int
    silver_from: int
    group_trials: int
    strength_least: float
    strength_most: float
    purpose_trials: int
    hours_days: int
    logins_needed: int
    window_hours: int
    window_logins: int


@cache
def definitions() -> Definitions:
    """What `contacting.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.contacting").joinpath("contacting.yaml").read_text(encoding="utf-8"))
    strength = body.pop("strength")
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return Definitions(strength_least=strength["least"], strength_most=strength["most"], **rest)
