"""The definitions of the lifecycle, from the YAML beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleDefinitions:
    """See lifecycle.yaml."""

    version: int
    icebreak_hours: int
    bridge_months: int
    growth_months: int
    gone_days: int
    gone_share: float
    gone_months: int
    clean_evaluations: int
    stages: Mapping[str, Mapping[str, object]]

    def title(self, stage: str) -> str:
        """The Chinese name of a stage."""
        return str(self.stages[stage]["title"])


@cache
def lifecycle_definitions() -> LifecycleDefinitions:
    """The definitions that hold."""
    text = files(__name__.rpartition(".")[0]).joinpath("lifecycle.yaml").read_text(encoding="utf-8")
    return LifecycleDefinitions(**yaml.safe_load(text))
