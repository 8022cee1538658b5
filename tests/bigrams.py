"""How much of one text stands in another: the measure by which what measures is kept apart from what is measured."""

import itertools

from language.normalise import fold


def bigrams(text: str) -> frozenset[str]:
    """Every pair of neighbouring characters, signs and blanks left out."""
    letters = fold(text)
    return frozenset(first + second for first, second in itertools.pairwise(letters))


def containment(line: frozenset[str], question: frozenset[str]) -> float:
    """The share of the line's bigrams that the question has too."""
    return len(line & question) / len(line) if line else 0.0
