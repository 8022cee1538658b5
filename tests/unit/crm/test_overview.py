"""A book at a glance: the sums are right, and a manager cannot reckon a small count from what is shown."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crm.segmentation.definitions import class_definitions, label
from crm.segmentation.overview import LIGHTS, SMALL, overview_of

DAY = date(2026, 11, 23)
_LABELS = [label(tier, flag) for tier in class_definitions()["tiers"] for flag in (False, True)]
_people = st.lists(st.tuples(st.sampled_from(_LABELS), st.sampled_from(["green", "amber", "red", None])), max_size=120)


@given(_people)
def test_everybody_is_counted_once(people: list[tuple[str, str | None]]) -> None:
    labels = {str(number): shown for number, (shown, _) in enumerate(people)}
    lights = {str(number): light for number, (_, light) in enumerate(people)}
    found = overview_of(labels, lights, as_of=DAY, suppress=False)
    assert sum(count or 0 for _, counts in found.rows for count in counts) == found.total == len(people)
    assert not found.suppressed


@given(_people)
def test_a_manager_sees_no_small_count_and_cannot_reckon_one(people: list[tuple[str, str | None]]) -> None:
    labels = {str(number): shown for number, (shown, _) in enumerate(people)}
    lights = {str(number): light for number, (_, light) in enumerate(people)}
    found = overview_of(labels, lights, as_of=DAY, suppress=True)
    for _, counts in found.rows:
        assert not any(count is not None and 0 < count < SMALL for count in counts)
        hidden = [light for light, count in zip(LIGHTS, counts, strict=True) if count is None]
        assert len(hidden) != 1
    if found.suppressed:
        assert found.total % 10 == 0
