"""The noisy-OR of needs: bounds, what more evidence does, and that an explanation gives the number it explains."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.needs.definitions import needs
from crm.needs.graph import Signal, probability, views

_NAMES = sorted(needs().evidence)
_POSITIVE = sorted({name for need in needs().needs.values() for source in need.sources for name in source.evidence})
_VALUES = st.integers(0, 1_000_000).map(lambda parts: parts / 1_000_000)
_KNOWN = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=25)


def _signals(values: dict[str, float]) -> dict[str, Signal]:
    return {name: Signal(evidence=name, count=3, last_on=None, strength=value, value=value) for name, value in values.items()}


@given(_KNOWN)
def test_a_probability_is_one_and_never_certain(values: dict[str, float]) -> None:
    for need in needs().needs.values():
        found = probability(need, values)
        assert found is None or 0 <= found < 1


@given(_KNOWN, st.sampled_from(_POSITIVE), _VALUES)
def test_more_that_speaks_for_it_never_lowers_a_need(values: dict[str, float], name: str, value: float) -> None:
    stronger = values | {name: max(value, values.get(name, 0.0))}
    for need in needs().needs.values():
        before, after = probability(need, values), probability(need, stronger)
        hindering = {one for source in need.against for one in source.evidence}
        if before is not None and name not in hindering:
            assert after is not None
            assert after >= before


@given(_KNOWN, st.sampled_from(["person", "company"]))
def test_without_a_piece_is_what_it_would_be_had_it_never_been_seen(values: dict[str, float], kind: str) -> None:
    for view in views(_signals(values), kind=kind):
        for part in view.parts:
            less = {name: value for name, value in values.items() if name != part.signal.evidence}
            again = next((one for one in views(_signals(less), kind=kind) if one.definition.id == view.definition.id), None)
            assert part.without == (again.probability if again else round(view.definition.leak, 6))
            assert part.drop > 0
        assert [part.drop for part in view.parts] == sorted((part.drop for part in view.parts), reverse=True)


@given(_KNOWN, st.integers(1, 400))
def test_time_alone_raises_nothing_that_only_fades(values: dict[str, float], days: int) -> None:
    for view in views(_signals(values), kind="person"):
        if not view.hindrances:
            assert view.in_days(days) <= view.probability


def test_every_need_of_the_contract_is_there_and_rests_on_something() -> None:
    assert len(needs().needs) >= 40
    for need in needs().needs.values():
        assert need.sources
        assert need.title
        assert need.asks.endswith("？")


@pytest.mark.parametrize("need", sorted(needs().needs))
def test_everything_that_speaks_for_a_need_makes_it_shown(need: str) -> None:
    definition = needs().needs[need]
    everything = {name: 1.0 for source in definition.sources for name in source.evidence}
    found = probability(definition, everything)
    assert found is not None
    assert found >= needs().shown_from
