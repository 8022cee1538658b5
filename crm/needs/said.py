"""What customers said of themselves since the run, or took back: rows of evidence as the next run will have them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from crm.needs.definitions import needs
from crm.needs.graph import rounded
from crm.tags.definitions import definitions

Row = Mapping[str, Any]
_YOUNG_PARENTS = 34  # whose child is a small one, as the stage `evidence` takes it


def with_said(rows: Iterable[Row], *, then: Iterable[Row], now: Sequence[Row], age: int | None, day: date, today: date) -> list[Row]:
    """The rows of a run of `day` with the tags of today in place of those that the run knew.

    `then` are the rows of the stage `tags`, `now` what `crm.tags.projection` makes of the book. A row goes that was of the day of a tag
    that may be used no more, or that a tag denies; what was said since comes in.
    """
    before = _given([row for row in then if row["usable"] and not row["denied"]], age)
    holding = [row for row in now if row["contested_on"] is None and row["until"] > today]
    since = _given([row for row in holding if row["usable"]], age)
    gone = {name for name in before if name not in since}
    denied = _denied(now, {row["tag"] for row in holding}, today)
    kept = {
        row["evidence"]: row
        for row in rows
        if row["evidence"] not in denied and not (row["evidence"] in gone and row["last_on"] == before[row["evidence"]]["on"])
    }
    for name, tag in since.items():
        if name not in denied and (name not in kept or (name not in before and kept[name]["value"] < tag["confidence"] / 100)):
            kept[name] = _row(name, tag, day)
    return list(kept.values())


def _given(tags: Iterable[Row], age: int | None) -> dict[str, Row]:
    """By evidence the surest tag that gives it."""
    found: dict[str, Row] = {}
    for tag in tags:
        name = definitions().tags[tag["tag"]].need if tag["tag"] in definitions().tags else ""
        if name == "child" and age is not None and age <= _YOUNG_PARENTS:
            name = "small_child"
        if name and (name not in found or found[name]["confidence"] < tag["confidence"]):
            found[name] = tag
    return found


def _denied(tags: Iterable[Row], holding: set[str], today: date) -> set[str]:
    struck = {row["tag"] for row in tags if row["contested_on"] is not None and row["denied_until"] > today} - holding
    known = definitions().tags
    return {name for tag in struck for name in known[tag].struck}


def _row(name: str, tag: Row, day: date) -> Row:
    strength, half_life = tag["confidence"] / 100, needs().evidence[name].half_life
    age = max((day - tag["on"]).days, 0)
    left = 2.0 ** (-age / half_life) if half_life else 1.0
    return {"evidence": name, "count": 1, "last_on": tag["on"], "strength": strength, "value": rounded(strength * left)}
