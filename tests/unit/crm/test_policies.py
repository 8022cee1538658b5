"""How a class is served: defaults, edits, and what is out of bounds (B12)."""

from datetime import UTC, datetime

import pytest

from crm.segmentation.policies import policy_for, terms, tiers
from domain.policies import PolicyEdit

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _edit(term: str, value: str, tier: str = "growth") -> PolicyEdit:
    return PolicyEdit(tier=tier, term=term, value=value, by="manager:M1", at=AT)


def test_every_class_has_a_policy_of_its_own() -> None:
    cadences = [policy_for((), tier).cadence_days for tier in ("strategic", "growth", "basic", "idle")]
    assert cadences == sorted(cadences)
    assert {policy_for((), tier).tier for tier in tiers()} == set(tiers()) >= {"strategic", "growth", "basic", "idle", "flag"}


def test_the_last_edit_counts_and_only_for_its_class() -> None:
    edits = (_edit("cadence", "25"), _edit("cadence", "20"), _edit("answer", "1", "strategic"))
    policy = policy_for(edits, "growth")
    assert policy.cadence_days == 20
    assert policy.answer_hours == policy_for((), "growth").answer_hours
    assert [edit.value for edit in policy.changed] == ["20"]


@pytest.mark.parametrize(
    "edit", [_edit("cadence", "0"), _edit("cadence", "9999"), _edit("cadence", "二十"), _edit("unknown", "3"), _edit("benefits", " ")]
)
def test_what_is_out_of_bounds_changes_nothing(edit: PolicyEdit) -> None:
    assert policy_for((edit,), "growth") == policy_for((), "growth")


def test_every_term_of_numbers_has_bounds() -> None:
    assert {term.id for term in terms().values() if term.least is not None} == {"per_rm", "cadence", "answer", "budget"}
