"""The definitions of the classes, from the YAML beside this file."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def class_definitions() -> dict[str, Any]:
    """The definitions that hold. Raises KeyError at use for what classes.yaml lacks."""
    text = files(__name__.rpartition(".")[0]).joinpath("classes.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def tier_title(tier: str) -> str:
    """The Chinese name of a tier."""
    return str(class_definitions()["tiers"][tier]["title"])


def label(tier: str, flag: bool) -> str:
    """What people see: the tier, or the flag with the tier kept beside it."""
    title = tier_title(tier)
    return f"{class_definitions()['flag']['title']}（原{title}）" if flag else title


def policy_title(tier: str) -> str:
    """What a class of the service policy is called: a tier, or the attention flag."""
    return str(class_definitions()["flag"]["title"]) if tier == "flag" else tier_title(tier)
