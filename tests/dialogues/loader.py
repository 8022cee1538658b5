"""Dialogues as data: one YAML file each, read into values that any runner can play.

A file says who speaks, when, and the turns. A turn says something and names the intent (several with `|` where each would do), the kinds
of effects that must (`effects`) and must not (`no_effects`) come of it, and regular expressions that the joined reply must (`reply`) and
must not (`not`) contain. `minutes` pass before a turn. `slots` are form values after it, `lines` the most that the reply may have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from compliance.days import BANK_ZONE
from domain.book import FeedFreshness

FOLDER = Path(__file__).parent
ONE_TIME_CODE = "{code}"  # in `say`: the runner puts the valid one-time code of the moment here


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTurn:
    """One utterance and what must come of it."""

    say: str
    intent: str
    after: timedelta
    effects: tuple[str, ...]
    no_effects: tuple[str, ...]
    reply: tuple[str, ...]
    absent: tuple[str, ...]
    slots: Mapping[str, str]
    longest: int | None  # lines of the reply


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDialogue:
    """One dialogue. `waiting` and `holding` are customers whose conversations the RM finds in the queue, or holds;
    `complaints` are those who have an open complaint, numbered from C-0001 on.

    `doings` are what customers did in the app before it begins: customer, kind, page, and how many hours ago.
    `last_seen` in the file gives the last moment of a feed that is usually silent for an hour at the close of a day.
    """

    name: str
    title: str
    who: str
    at: datetime
    turns: tuple[ExpectedTurn, ...]
    waiting: tuple[str, ...]
    holding: tuple[str, ...]
    complaints: tuple[str, ...] = ()
    feeds: tuple[FeedFreshness, ...] = ()
    doings: tuple[tuple[str, str, str, float], ...] = ()


def dialogues(folder: Path = FOLDER) -> tuple[ExpectedDialogue, ...]:
    """Read every dialogue of the folder, in order of file name."""
    return tuple(_dialogue(path) for path in sorted(folder.glob("*.yaml")))


def _dialogue(path: Path) -> ExpectedDialogue:
    record: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {"title", "who", "at", "turns", "waiting", "holding", "complaints", "last_seen", "doings"}
    assert record.keys() <= known, f"{path.name}: unknown keys {record.keys() - known}"
    return ExpectedDialogue(
        name=path.stem,
        title=record["title"],
        who=record["who"],
        at=datetime.fromisoformat(record["at"]).replace(tzinfo=BANK_ZONE),
        turns=tuple(_turn(path, entry) for entry in record["turns"]),
        waiting=tuple(record.get("waiting", ())),
        holding=tuple(record.get("holding", ())),
        complaints=tuple(record.get("complaints", ())),
        doings=tuple((one, kind, page, float(hours)) for one, kind, page, hours in record.get("doings", ())),
        feeds=tuple(_feed(name, at) for name, at in record.get("last_seen", {}).items()),
    )


def _feed(name: str, at: str) -> FeedFreshness:
    last_at = datetime.fromisoformat(at).replace(tzinfo=BANK_ZONE)
    return FeedFreshness(feed=name, last_at=last_at, usual_silence=timedelta(hours=1), closes=90)


def _turn(path: Path, entry: dict[str, Any]) -> ExpectedTurn:
    known = {"say", "intent", "minutes", "effects", "no_effects", "reply", "not", "slots", "lines"}
    assert entry.keys() <= known, f"{path.name}: unknown keys {entry.keys() - known}"
    return ExpectedTurn(
        say=str(entry["say"]),
        intent=entry["intent"],
        after=timedelta(minutes=entry.get("minutes", 1)),
        effects=tuple(entry.get("effects", ())),
        no_effects=tuple(entry.get("no_effects", ())),
        reply=_listed(entry.get("reply", ())),
        absent=_listed(entry.get("not", ())),
        slots={name: str(value) for name, value in entry.get("slots", {}).items()},
        longest=entry.get("lines"),
    )


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value))
