"""The windows of the features, from the YAML beside this file."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from compliance.days import add_months


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDefinitions:
    """See features.yaml."""

    version: int
    window_months: int
    short_observation_days: int
    login_days: int
    average_days: int
    average_months: int

    def window_start(self, day: date) -> date:
        """The first day of the window of transactions that ends on the day."""
        return date.fromordinal(add_months(day, -self.window_months).toordinal() + 1)


@cache
def feature_definitions() -> FeatureDefinitions:
    """The definitions that hold."""
    text = files(__name__.rpartition(".")[0]).joinpath("features.yaml").read_text(encoding="utf-8")
    return FeatureDefinitions(**yaml.safe_load(text))
