"""Knowing when not to answer: two gates over the signals of the top card.

Below the first the base does not have it: a person is offered. Between the two the best three are offered. Above the second the top
card answers, and only for the surest two thirds of the questions that the base can answer. One threshold would not do: it tells
"not ours" from "ours" well, but not "ours, and the card is missing".

Both gates are lines through the signals, drawn anew for each published base (`calibration`). A base too small to draw them from uses
`DEFAULT`, the lines drawn from a base of general banking questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import exp
from typing import Final

from retrieval.evidence import Decision, Leg, Signals

KNOWN_BY: Final = ("covered", "matched", "cosine", "document", "asked", "length")
#: A question at least this close to an off-topic one, and closer to it than to any card, is off-topic whatever the gates say.
FOREIGN: Final = 0.6
SURE_BY: Final = (*KNOWN_BY, "margin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A logistic line: weights in the order of its signals, and the value from which it is open."""

    weights: tuple[float, ...]
    bias: float
    opens_at: float

    def value(self, signals: Sequence[float]) -> float:
        """The line's value in 0–1."""
        total = self.bias + sum(weight * signal for weight, signal in zip(self.weights, signals, strict=True))
        return 1.0 / (1.0 + exp(-max(min(total, 60.0), -60.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """The two gates of one ranking for one audience."""

    known: Gate
    sure: Gate

    def judge(self, signals: Signals) -> tuple[Decision, float, float]:
        """The decision, and the values of both gates."""
        known = self.known.value([getattr(signals, name) for name in KNOWN_BY])
        sure = self.sure.value([getattr(signals, name) for name in SURE_BY])
        if known < self.known.opens_at or signals.foreign > max(signals.cosine, FOREIGN):
            return Decision.NONE, known, sure
        return (Decision.DIRECT if sure >= self.sure.opens_at else Decision.CHOICES), known, sure

    def as_record(self) -> dict[str, object]:
        """The gates as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "Gates":
        """What `as_record` gave. Raises KeyError, TypeError or ValueError when it is malformed."""
        return cls(known=_gate(record["known"]), sure=_gate(record["sure"]))


def _gate(record: object) -> Gate:
    if not isinstance(record, Mapping):
        raise TypeError("a gate is an object")
    weights = record["weights"]
    if not isinstance(weights, list | tuple):
        raise TypeError("the weights of a gate are a list")
    return Gate(weights=tuple(map(float, weights)), bias=float(str(record["bias"])), opens_at=float(str(record["opens_at"])))


#: Drawn from a base of 131 cards with nine questions each; see `calibration`.
DEFAULT: Final = {
    Leg.LEXICAL: Gates(
        known=Gate(weights=(4.9, 0.0, 1.2, 0.0, 0.0, 3.2), bias=-6.2, opens_at=0.26),
        sure=Gate(weights=(4.6, 0.0, 0.6, 0.0, 0.0, 3.0, 1.6), bias=-6.5, opens_at=0.4),
    ),
    Leg.HYBRID: Gates(
        known=Gate(weights=(3.1, 0.0, 0.0, 3.1, 2.2, 3.1), bias=-7.8, opens_at=0.27),
        sure=Gate(weights=(3.0, 0.0, 0.0, 3.2, 2.4, 3.2, 0.0), bias=-8.2, opens_at=0.5),
    ),
}


def as_records(gates: Mapping[tuple[Leg, bool], Gates]) -> list[dict[str, object]]:
    """The gates as plain JSON values."""
    return [{"leg": leg.value, "staff": staff, **gate.as_record()} for (leg, staff), gate in sorted(gates.items())]


def from_records(records: Sequence[Mapping[str, object]]) -> dict[tuple[Leg, bool], Gates]:
    """What `as_records` gave. Raises KeyError, TypeError or ValueError when it is malformed."""
    return {(Leg(str(record["leg"])), bool(record["staff"])): Gates.from_record(record) for record in records}
