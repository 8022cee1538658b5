"""The touches: for which reason, to whom, when and in which words the bot speaks first. Read from `touches.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from domain.errors import BadInput
from domain.message import Purpose
from scheduler.definitions import Entry, read_definitions
from scheduler.standing import SKIPS
from scheduler.triggers import TRIGGERS

TOUCHES_FILE = Path(__file__).with_name("touches.yaml")
KINDS = ("person", "company")
STATUSES = ("active",)  # a closed or deceased customer is never spoken to first, so no entry can ask for it
PURPOSES = (Purpose.TOUCH.value, Purpose.MARKETING.value, Purpose.SERVICE.value)
KEYS = ("id", "title", "trigger", "audience", "purpose", "consent", "window", "skips", "cards", "priority")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a touch may go: from `opens` on its day until midnight at the end of its last day, spread out until `spread_until`."""

    opens: time
    spread_until: time
    days: int
    per_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One reason to speak first. `cards` maps each happening of the trigger to the approved card that words it."""

    id: str
    title: str
    trigger: str
    kinds: frozenset[str]
    statuses: frozenset[str]
    purpose: Purpose
    consent: str
    window: Window
    skips: tuple[str, ...]
    cards: Mapping[str, str]
    priority: int


def load_touches(path: Path = TOUCHES_FILE) -> tuple[Touch, ...]:
    """Read the definitions, highest priority first. Raises BadInput naming file, entry and key for the first thing that is wrong."""
    touches: dict[str, Touch] = {}
    for place, body in enumerate(read_definitions(path).only("touches").many("touches"), start=1):
        if not isinstance(body, dict):
            raise BadInput(f"{path.name}, entry {place}: must be a mapping with the keys {', '.join(KEYS)}")
        entry = Entry(body, f"{path.name}, entry '{body.get('id', place)}'").only(*KEYS)
        touch = _touch(entry)
        if touch.id in touches:
            raise BadInput(f"{entry.where}: the id is taken by an entry above; give it another one")
        touches[touch.id] = touch
    return tuple(sorted(touches.values(), key=lambda touch: (-touch.priority, touch.id)))


def _touch(entry: Entry) -> Touch:
    audience = entry.inner("audience").only("kinds", "statuses")
    trigger = entry.code("trigger", tuple(TRIGGERS))
    return Touch(
        id=entry.text("id"),
        title=entry.text("title"),
        trigger=trigger,
        kinds=frozenset(audience.codes("kinds", KINDS) or KINDS),
        statuses=frozenset(audience.codes("statuses", STATUSES) or STATUSES),
        purpose=Purpose(entry.code("purpose", PURPOSES)),
        consent=entry.text("consent"),
        window=_window(entry.inner("window").only("opens", "spread_until", "days", "per_minute")),
        skips=entry.codes("skips", tuple(SKIPS)),
        cards=_cards(entry.inner("cards"), TRIGGERS[trigger].happenings),
        priority=entry.number("priority"),
    )


def _window(entry: Entry) -> Window:
    window = Window(
        opens=entry.clock("opens"),
        spread_until=entry.clock("spread_until"),
        days=entry.number("days"),
        per_minute=entry.number("per_minute"),
    )
    if window.spread_until < window.opens:
        raise BadInput(f"{entry.where}: 'spread_until' {window.spread_until:%H:%M} is before 'opens' {window.opens:%H:%M}")
    return window


def _cards(entry: Entry, happenings: tuple[str, ...]) -> Mapping[str, str]:
    entry.only(*happenings)
    return {happening: entry.text(happening) for happening in happenings}
