"""The catalogue of the room, for `python -m bot inventory` and the generated documentation."""

from collections.abc import Sequence
from dataclasses import dataclass

from compliance.access import Permission, matrix
from compliance.rule import Rule
from compliance.rules import load_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule as people read it. Dates are ISO; `effective_until` is empty when open."""

    id: str
    title: str
    severity: str
    reference: str
    effective_from: str
    effective_until: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One permission that the table grants."""

    role: str
    relation: str
    field_class: str
    purpose: str
    permission: str


def rules_table() -> Sequence[RuleRow]:
    """List every rule, sorted by id."""
    return tuple(_row(rule) for rule in load_rules())


def access_table() -> Sequence[AccessRow]:
    """List every permission; what is not listed is denied."""
    return tuple(
        AccessRow(
            role=role.value, relation=relation.value, field_class=fields.value, purpose=purpose.value, permission=access.permission.value
        )
        for (role, relation, fields, purpose), access in matrix()
        if access.permission is not Permission.DENY
    )


def _row(rule: Rule) -> RuleRow:
    return RuleRow(
        id=rule.id,
        title=rule.title,
        severity=rule.severity.value,
        reference=rule.reference,
        effective_from=rule.effective_from.isoformat(),
        effective_until=rule.effective_until.isoformat() if rule.effective_until else "",
        doc=rule.doc.strip(),
    )
