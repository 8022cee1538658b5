"""What becomes of pairs of ids: groups, decisions, and how found pairs are measured."""

from datetime import UTC, datetime

from crm.measuring.identities import IdentityLink, canonical_ids, measure, settle
from domain.identity import IdentityDecision

AT = datetime(2026, 11, 24, tzinfo=UTC)
BEGAN = {"A": 3, "B": 1, "C": 2, "D": 4}


def pair(one: str, other: str, *, certainty: str = "sure", rule: str = "same_id_number", status: str = "") -> IdentityLink:
    return IdentityLink(id=one, canonical_id=other, rule=rule, certainty=certainty, status=status)


def doubtful(one: str, other: str) -> IdentityLink:
    return pair(one, other, certainty="doubtful", rule="same_name_birth")


def decided(first: str, second: str, *, same: bool) -> IdentityDecision:
    return IdentityDecision(first_id=first, second_id=second, same=same, decided_by="manager:S1", at=AT)


def shown(links: tuple[IdentityLink, ...]) -> list[tuple[str, str, str]]:
    return [(link.id, link.canonical_id, link.status) for link in links]


def test_all_ids_of_a_person_point_at_the_earliest_relation() -> None:
    links = settle([pair("A", "C"), pair("C", "B")], [], BEGAN)

    assert shown(links) == [("A", "B", "linked"), ("C", "B", "linked")]


def test_a_doubtful_pair_waits_for_a_person_and_links_nothing() -> None:
    links = settle([pair("A", "B"), doubtful("A", "D")], [], BEGAN)

    assert shown(links) == [("A", "B", "linked"), ("D", "A", "review")]
    assert canonical_ids(links, BEGAN).get("D", "D") == "D"


def test_what_a_person_accepted_counts_as_sure_and_joins_groups() -> None:
    links = settle([pair("A", "B"), doubtful("A", "D")], [decided("A", "D", same=True)], BEGAN)

    assert shown(links) == [("A", "B", "linked"), ("D", "B", "accepted")]


def test_what_a_person_refused_stays_apart_even_where_the_rule_is_sure() -> None:
    links = settle([pair("A", "B"), doubtful("C", "D")], [decided("A", "B", same=False), decided("C", "D", same=False)], BEGAN)

    assert shown(links) == [("A", "B", "refused"), ("D", "C", "refused")]
    assert canonical_ids(links, BEGAN) == {}


def test_a_doubt_about_ids_that_are_linked_anyway_is_not_put_to_anybody() -> None:
    links = settle([pair("A", "B"), pair("B", "C"), doubtful("A", "C")], [], BEGAN)

    assert shown(links) == [("A", "B", "linked"), ("C", "B", "linked")]


def test_found_pairs_are_measured_by_group_however_they_are_linked() -> None:
    links = settle([pair("A", "B"), pair("B", "C")], [], BEGAN)
    found = measure(links, [("A", "C"), ("A", "B"), ("X", "Y")])

    # True are AB, AC, BC (one group) and XY; found are AB, AC, BC.
    assert (found.true, found.found, found.right) == (4, 3, 3)
    assert (found.precision, found.recall) == (1.0, 0.75)
    assert measure([], [("A", "B")]).precision is None
