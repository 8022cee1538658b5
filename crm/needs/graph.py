"""The needs of one customer from rows of evidence, explained: which evidence carries a need, and what would change it. Pure."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from crm.needs.definitions import NeedDefinition, Source, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A row of evidence of one customer. `value` is what is left of its strength."""

    evidence: str
    count: int
    last_on: date | None
    strength: float
    value: float

    @property
    def said(self) -> str:
        """What was seen, in words."""
        return needs().evidence[self.evidence].said.format(count=self.count)

    @property
    def consent(self) -> str:
        """The purpose without which it may not be used."""
        return needs().evidence[self.evidence].consent


def signals(rows: Iterable[Mapping[str, Any]]) -> dict[str, Signal]:
    """The rows of the stage `evidence`, by id; what the definitions no longer know is left out."""
    return {
        row["evidence"]: Signal(
            evidence=row["evidence"], count=row["count"], last_on=row["last_on"], strength=row["strength"], value=row["value"]
        )
        for row in rows
        if row["evidence"] in needs().evidence
    }


def rounded(value: float) -> float:
    """Six digits, by the same steps as `crm.needs.rows.rounded`."""
    return math.floor(value * 1_000_000 + 0.5) / 1_000_000


def probability(need: NeedDefinition, values: Mapping[str, float]) -> float | None:
    """How likely the need is. None where nothing speaks for it."""
    pros = _strongest(need.sources, values)
    if not pros:
        return None
    nothing = 1 - need.leak
    for slot in sorted(pros):
        nothing *= 1 - pros[slot]
    left = 1 - nothing
    cons = _strongest(need.against, values)
    for slot in sorted(cons):
        left *= 1 - cons[slot]
    return rounded(left)


def _strongest(sources: Sequence[Source], values: Mapping[str, float]) -> dict[int, float]:
    found: dict[int, float] = {}
    for source in sources:
        if all(name in values for name in source.evidence):
            worth = min(values[name] for name in source.evidence) * source.weight
            found[source.slot] = max(found.get(source.slot, worth), worth)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of evidence in one need: without it the need would be at `without`."""

    signal: Signal
    without: float
    drop: float


@dataclass(frozen=True, kw_only=True)
class NeedView:
    """A need of one customer with what it rests on."""

    definition: NeedDefinition
    probability: float
    known: Mapping[str, Signal]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What speaks for it, by how much the need would lose without it, most first."""
        names = {name for source in self.definition.sources for name in source.evidence if name in self.known}
        parts = [self._part(name) for name in names]
        return tuple(sorted((part for part in parts if part.drop > 0), key=lambda part: (-part.drop, part.signal.evidence)))

    @cached_property
    def hindrances(self) -> tuple[Signal, ...]:
        """What speaks against it."""
        return tuple(self.known[name] for source in self.definition.against for name in source.evidence if name in self.known)

    def without(self, names: Collection[str]) -> float:
        """The probability if these had not been seen; at least the leak, which needs no evidence."""
        values = {name: signal.value for name, signal in self.known.items() if name not in names}
        found = probability(self.definition, values)
        return rounded(self.definition.leak) if found is None else found

    @cached_property
    def would_raise(self) -> tuple[str, float] | None:
        """The one signal not seen so far that would raise it most, and to what. Who the customer is does not change by being asked."""
        every = {name for source in self.definition.sources for name in source.evidence}
        absent = {name for name in every if name not in self.known and not needs().evidence[name].declared}
        values = {name: signal.value for name, signal in self.known.items()}
        raised = [(probability(self.definition, values | {name: 1.0}) or 0.0, name) for name in sorted(absent)]
        best = max(raised, key=lambda one: one[0], default=(0.0, ""))
        return (best[1], best[0]) if best[0] > self.probability else None

    def in_days(self, days: int) -> float:
        """The probability after so many days in which nothing new is seen."""
        later = {name: _aged(signal, days).value for name, signal in self.known.items()}
        return probability(self.definition, later) or 0.0

    def _part(self, name: str) -> Part:
        less = self.without({name})
        return Part(signal=self.known[name], without=less, drop=round(self.probability - less, 6))


def _aged(signal: Signal, days: int) -> Signal:
    half_life = needs().evidence[signal.evidence].half_life
    return (
        signal if half_life is None or signal.last_on is None else replace(signal, value=rounded(signal.value * 2.0 ** (-days / half_life)))
    )


def views(known: Mapping[str, Signal], *, kind: str) -> tuple[NeedView, ...]:
    """All needs of a customer of that kind that something speaks for, likeliest first."""
    values = {name: signal.value for name, signal in known.items()}
    found = [
        NeedView(definition=need, probability=likely, known=known)
        for need in needs().needs.values()
        if kind in need.kinds and (likely := probability(need, values)) is not None
    ]
    return tuple(sorted(found, key=lambda view: (-view.probability, view.definition.id)))


def fades(view: NeedView, day: date) -> date | None:
    """The last day on which the need is still shown, where nothing new is seen; None where it does not fade within a year."""
    floor = needs().shown_from
    fading = next((days for days in range(1, 366) if view.in_days(days) < floor), None)
    return day + timedelta(days=fading) if fading and view.probability >= floor else None
