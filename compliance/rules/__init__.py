"""The rules of the gate, one per file. Each file has a `RULE` whose id is the file's name; rules do not know each other.

`load_rules` finds them by walking this folder in order of name and refuses to go on when a file is not a rule: nothing is skipped.
"""

from importlib import import_module
from pkgutil import iter_modules

from compliance.rule import Rule
from domain.errors import BadSettings


def load_rules() -> tuple[Rule, ...]:
    """Load every rule, sorted by id. Raises BadSettings for a file without a rule, with a wrong id, or without a source."""
    return tuple(_load(name) for name in sorted(module.name for module in iter_modules(__path__)))


def _load(name: str) -> Rule:
    rule = getattr(import_module(f"{__name__}.{name}"), "RULE", None)
    if not isinstance(rule, Rule):
        raise BadSettings(f"compliance/rules/{name}.py has no RULE; every file there is one rule")
    if rule.id != name:
        raise BadSettings(f"compliance/rules/{name}.py names its rule '{rule.id}'; the id must be the file's name")
    if not rule.reference or not rule.doc.strip():
        raise BadSettings(f"compliance/rules/{name}.py: the rule needs a reference and a docstring for compliance staff")
    return rule
