"""The definitions of measuring, from `evaluating.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What `evaluating.yaml` says, where it is explained."""

    version: str
    offered_from: float
    first: int
    flagged: float
    of_ceiling: float
    ceiling_most: float
    least: int


@cache
def definitions() -> Definitions:
    """What `evaluating.yaml` says."""
    return Definitions(**yaml.safe_load(files("crm.evaluating").joinpath("evaluating.yaml").read_text(encoding="utf-8")))
