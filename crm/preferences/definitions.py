"""The definitions of preferences, from the YAML beside this file."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def preference_definitions() -> dict[str, Any]:
    """The definitions that hold. Raises KeyError at use for what preferences.yaml lacks."""
    text = files(__name__.rpartition(".")[0]).joinpath("preferences.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found
