"""The catalogue of rules and the phrase lists as compliance staff read them."""

import pytest

from compliance.describe import access_table, rules_table
from compliance.phrases import phrases
from compliance.rules import load_rules

LISTS = ("promised_return", "lure_words", "peer_comparison", "no_tipping_off")


def test_every_rule_says_what_where_from_since_when_and_how_to_do_better() -> None:
    for row in rules_table():
        assert row.title
        assert row.reference
        assert row.effective_from
        assert "What:" in row.doc
        assert "Anti-pattern:" in row.doc
        assert "Best practice:" in row.doc


def test_rules_come_sorted_and_once() -> None:
    ids = [rule.id for rule in load_rules()]

    assert ids == sorted(set(ids))
    assert {"promised_return", "suitability", "contact_hours", "no_tipping_off", "ai_label"} <= set(ids)


@pytest.mark.parametrize("name", LISTS)
def test_every_phrase_says_why_and_where_from(name: str) -> None:
    assert all(phrase.why and phrase.reference for phrase in phrases(name))


def test_the_access_table_lists_grants_only() -> None:
    assert {row.permission for row in access_table()} == {"allow", "allow_after_step_up"}
