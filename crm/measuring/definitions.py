"""The definitions of measuring, from the YAML files beside this one."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDefinition:
    """`title` is its name in a sentence, `moment` the column that says when a row happened, `empty` what is rightly empty in most rows."""

    feed: str
    title: str
    moment: str | None = None
    empty: frozenset[str] = frozenset()


@cache
def feed_definitions() -> dict[str, FeedDefinition]:
    """Every feed of the contract by name."""
    return {
        feed: FeedDefinition(feed=feed, title=entry["title"], moment=entry.get("moment"), empty=frozenset(entry.get("empty", ())))
        for feed, entry in read("feeds").items()
    }


def title_of(feed: str) -> str:
    """How the feed is called in a sentence."""
    known = feed_definitions().get(feed)
    return known.title if known else feed


def read(name: str) -> dict[str, Any]:
    """One YAML file of this folder."""
    document: dict[str, Any] = yaml.safe_load(files(__name__.rpartition(".")[0]).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return document
