"""A book at a glance: the sums are right, and a manager cannot reckon a small count from what is shown."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crm.segmentation.definitions import class_definitions, label
from crm.segmentation.overview import SMALL, overview_of

DAY = date(2026, 11, 23)
_LABELS = [label(tier, flag) for tier in class_definitions()["tiers"] for flag in (False, True)]
_people = st.lists(st.tuples(st.sampled_from(_LABELS), st.sampled_from(["green", "amber", "red", None])), max_size=120)


@given(_people)
def test_everybody_is_counted_once(people: list[tuple[str, str | None]]) -> None:
    labels = {str(number): shown for number, (shown, _) in enumerate(people)}
    lights = {str(number): light for number, (_, light) in enumerate(people)}
    found = overview_of(labels, lights, as_of=DAY, suppress=False)
    assert sum(row.whole or 0 for row in found.rows) == found.total == len(people)
    assert all(sum(count or 0 for count in row.counts) == row.whole for row in found.rows)
    assert not found.suppressed


@given(_people)
def test_a_manager_sees_no_small_count_and_cannot_reckon_one(people: list[tuple[str, str | None]]) -> None:
    labels = {str(number): shown for number, (shown, _) in enumerate(people)}
    lights = {str(number): light for number, (_, light) in enumerate(people)}
    found = overview_of(labels, lights, as_of=DAY, suppress=True)
    for row in found.rows:
        assert not any(count is not None and 0 < count < SMALL for count in row.counts)
        hidden = sum(count is None for count in row.counts)
        assert hidden != 1
        if row.whole is None or not hidden:
            continue
        left = row.whole - sum(count or 0 for count in row.counts)
        assert left >= SMALL
        assert left <= sum(shown == row.label for shown, _ in people)
    if found.suppressed:
        assert found.total % 10 == 0
