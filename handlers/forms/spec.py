"""What a form asks: one YAML file per form in `files/`. Adding a form is adding a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from domain.conversation import FormState
from domain.errors import BadSettings
from language.datespan import Lean

_FOLDER = Path(__file__).parent / "files"


class SlotKind(StrEnum):
    """How the value of a slot is read."""

    DATE = "date"  # a day, perhaps with a time
    PERIOD = "period"  # a day, month, season or year
    MONEY = "money"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    YES_NO = "yes_no"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a choice. `words` are the other ways of saying it; `button` shows it under the question."""

    value: str
    words: tuple[str, ...] = ()
    button: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing to find out.

    `why` answers somebody who would rather not say. `open` accepts a short answer that is none of the options. `find` is a regular
    expression whose group `value` reads a text slot out of a longer sentence. `small` is the amount below which a bare number means
    ten thousands ("50" to a question about a budget).
    """

    name: str
    title: str
    kind: SlotKind
    ask: str
    why: str = ""
    options: tuple[Option, ...] = ()
    open: bool = False
    optional: bool = False
    lean: Lean = Lean.FUTURE
    find: str = ""
    small: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """A form: how it is entered, what it asks in order, and what it ends in (a lead of `need`, or a task of kind `task`).

    `notice` is said first: who asks, what happens with the answers, how to stop. `due` names the slot that says when the task is due.
    """

    name: str
    title: str
    notice: str
    summary: str
    done: str
    slots: tuple[Slot, ...]
    need: str = ""
    task: str = ""
    due: str = ""
    cues: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    order: int = 60

    def slot(self, name: str) -> Slot | None:
        """The slot of that name."""
        return next((slot for slot in self.slots if slot.name == name), None)


@cache
def all_forms() -> Mapping[str, FormSpec]:
    """Read every form, by name. Raises BadSettings naming the file and the fault."""
    forms = [read_form(path) for path in sorted(_FOLDER.glob("*.yaml"))]
    return {form.name: form for form in forms}


def form_of(state: FormState | None) -> FormSpec | None:
    """The form that is under way, or None."""
    return all_forms().get(state.name) if state else None


def read_form(path: Path) -> FormSpec:
    """Read one form. Raises BadSettings naming the file and the fault."""
    try:
        record: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        slots = tuple(_slot(entry) for entry in record.pop("slots"))
        cues, examples = tuple(record.pop("cues", ())), tuple(record.pop("examples", ()))
        form = FormSpec(slots=slots, cues=cues, examples=examples, **record)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"form {path.name} cannot be read: {error}") from error
    if not slots or bool(form.need) == bool(form.task):
        raise BadSettings(f"form {path.name} needs slots, and either a need (lead) or a task that it ends in")
    if form.due and form.slot(form.due) is None:
        raise BadSettings(f"form {path.name}: due names no slot: {form.due}")
    return form


def _slot(entry: dict[str, Any]) -> Slot:
    options = tuple(
        Option(value=str(option["value"]), words=tuple(map(str, option.get("words", ()))), button=bool(option.get("button", False)))
        for option in entry.pop("options", ())
    )
    kind, lean = SlotKind(entry.pop("kind")), Lean(entry.pop("lean", Lean.FUTURE))
    return Slot(kind=kind, lean=lean, options=options, **entry)
