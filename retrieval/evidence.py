"""What a search found: ranked cards, the signals behind the ranking, and what may be done with them."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.card import Card


class Decision(StrEnum):
    """What the evidence allows. None of them is a fault: "no card" is a normal outcome, and a person is offered."""

    DIRECT = "direct"  # answer with the top card
    CHOICES = "choices"  # ask which of the first three is meant
    NONE = "none"  # the base does not have it


class Leg(StrEnum):
    """Which ranking answered. LEXICAL is also what is left when the vectors are out of order."""

    LEXICAL = "lexical"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One ranked card. `score` ranks; `lexical` is its lexical part in 0–1; `dense` the mean of its two cosines, None without vectors."""

    card: Card
    score: float
    lexical: float
    dense: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What the gates judge by: absolute closeness of the top card, comparable between questions, and its lead over the second.

    `covered` and `matched` are shares of the question's weight found in the card's text and in its best question, `cosine` the lexical
    closeness to its best question, `document` and `asked` the cosines of the vectors (0 without vectors). `length` grows with the question
    (the same coverage says more of a long one), `foreign` is the closeness to the nearest off-topic question. All in 0–1.
    """

    covered: float
    matched: float
    cosine: float
    document: float
    asked: float
    length: float
    margin: float
    foreign: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The outcome of a search. `hits` are best first and never more than asked for; `choices` are the three to offer.

    `known` and `sure` are the gates' values in 0–1: that the base has an answer, and that the top card is it. `version` names the
    published base, so that any answer can be traced to the wording it came from.
    """

    question: str
    decision: Decision
    hits: tuple[Hit, ...]
    margin: float
    known: float
    sure: float
    leg: Leg
    version: str
    signals: Signals | None = None

    @property
    def top(self) -> Hit | None:
        """The best card, or None when nothing was found."""
        return self.hits[0] if self.hits else None

    @property
    def choices(self) -> tuple[Hit, ...]:
        """The three cards to offer when the decision is CHOICES."""
        return self.hits[:3]
