"""The definitions of triggers, from `triggers.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Which events count: at least so many within so many days. No `themes` means whatever the page."""

    kinds: tuple[str, ...]
    least: int
    days: int
    themes: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A reason to act at once; a condition that is not named is not asked for."""

    id: str
    title: str
    kinds: tuple[str, ...]  # person | company
    seen: Watched
    due_days: int  # working days
    minutes: int
    asks: str
    penetration: float | None = None  # percentile of the class
    suits: tuple[str, ...] = ()  # kinds of product
    without: tuple[str, ...] = ()  # categories
    without_plan: tuple[str, ...] = ()  # categories
    age: tuple[int, int] | None = None
    offer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All of `triggers.yaml`. `rest_days` by what was said at the end of the task: done, unfit."""

    version: str
    rest_days: Mapping[str, int]
    least_peers: int
    triggers: Mapping[str, Trigger]


@cache
def definitions() -> Definitions:
    """What `triggers.yaml` says. Raises TypeError for a condition that does not exist."""
    body: dict[str, Any] = yaml.safe_load(files("crm.triggers").joinpath("triggers.yaml").read_text(encoding="utf-8"))
    triggers = {name: _trigger(name, one) for name, one in body.pop("triggers").items()}
    return Definitions(triggers=triggers, **body)


def longest_days() -> int:
    """How far back any trigger looks."""
    return max(one.seen.days for one in definitions().triggers.values())


def _trigger(name: str, body: dict[str, Any]) -> Trigger:
    return Trigger(id=name, seen=Watched(**_tuples(body.pop("seen"))), **_tuples(body))


def _tuples(body: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
