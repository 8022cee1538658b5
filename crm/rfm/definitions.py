"""How scores are cut, from the YAML beside this file."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

EVERYBODY, SHORT = "everybody", "short"  # with whom a score compares: all active customers of the kind, or those observed briefly
LEVELS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmDefinitions:
    """See rfm.yaml."""

    version: int
    percentiles: tuple[int, ...]
    least_peers: int

    def cut_version(self, day: date) -> str:
        """The name of the cut-points that hold on a day: of its month, by these definitions."""
        return f"v{day:%Y.%m}-{self.version}"


@cache
def rfm_definitions() -> RfmDefinitions:
    """The definitions that hold."""
    text = files(__name__.rpartition(".")[0]).joinpath("rfm.yaml").read_text(encoding="utf-8")
    read = yaml.safe_load(text)
    return RfmDefinitions(**{**read, "percentiles": tuple(read["percentiles"])})
