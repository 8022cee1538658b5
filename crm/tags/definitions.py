"""The tags there are and the rules of listening, from `tags.yaml`, where they are explained."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from domain.tags import TagSource

Pattern = re.Pattern[str]
PLAN = "plan"  # the kind of tags that tell what somebody means to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag. `life` and `need` are empty where it speaks for no stage of life or piece of evidence.

    `struck` is the evidence that does not count where the tag is said to be wrong; `tells` is empty where no customer tells it.
    """

    id: str
    title: str
    kind: str
    lasts: timedelta
    of: tuple[str, ...]
    aliases: tuple[str, ...]
    about: tuple[str, ...]
    life: str
    need: str
    struck: tuple[str, ...]
    warm: str
    plans: bool
    tells: tuple[Pattern, ...]
    but: tuple[Pattern, ...]

    def until(self, at: datetime) -> datetime:
        """When a tag that was said at the instant runs out."""
        return at + self.lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Patterns over one clause of normalised text."""

    harmless: Pattern
    denies: Pattern
    others: Pattern
    ourselves: Pattern
    heard: Pattern
    supposed: Pattern
    planned: Pattern
    asks: Pattern
    dated: Pattern
    wants: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Everything, with the version that projected rows carry. `confidence` is in percent, by source."""

    version: str
    kinds: Mapping[str, str]
    confidence: Mapping[TagSource, int]
    tags: Mapping[str, Tag]
    listening: Listening


@cache
def definitions() -> Definitions:
    """What `tags.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.tags").joinpath("tags.yaml").read_text(encoding="utf-8"))
    kinds = body["kinds"]
    rules = {name: re.compile("|".join(one) if isinstance(one, list) else one) for name, one in body["listening"].items()}
    return Definitions(
        version=body["version"],
        kinds={name: one["title"] for name, one in kinds.items()},
        confidence={TagSource(name): number for name, number in body["confidence"].items()},
        tags={name: _tag(name, one, kinds) for name, one in body["tags"].items()},
        listening=Listening(**rules),
    )


def _tag(name: str, one: dict[str, Any], kinds: dict[str, Any]) -> Tag:
    return Tag(
        id=name,
        title=one["title"],
        kind=one["kind"],
        lasts=timedelta(days=one.get("lasts", kinds[one["kind"]]["lasts"])),
        of=tuple(one["of"]),
        aliases=tuple(one.get("aliases", ())),
        about=tuple(one.get("about", ())),
        life=one.get("life", ""),
        need=one.get("need", ""),
        struck=(*one.get("denies", ()), *([one["need"]] if "need" in one and one.get("strikes", True) else ())),
        warm=one.get("warm", ""),
        plans=one.get("plans", False),
        tells=tuple(map(re.compile, one.get("tells", ()))),
        but=tuple(map(re.compile, one.get("but", ()))),
    )
