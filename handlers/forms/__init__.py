"""Slot filling: a form is one YAML file in `files/`, the engine is pure and knows no form by name."""

from handlers.forms.engine import CONFIRM, Outcome, Step, advance, again, begin, gives_value, shown
from handlers.forms.spec import FormSpec, Slot, SlotKind, all_forms, form_of

__all__ = [
    "CONFIRM",
    "FormSpec",
    "Outcome",
    "Slot",
    "SlotKind",
    "Step",
    "advance",
    "again",
    "all_forms",
    "begin",
    "form_of",
    "gives_value",
    "shown",
]
