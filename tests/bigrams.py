"""How much of one text stands in another: the measure by which what measures is kept apart from what is measured."""

import itertools
from collections.abc import Iterable

from language.normalise import fold


def bigrams(text: str) -> frozenset[str]:
    """Every pair of neighbouring characters, signs and blanks left out."""
    letters = fold(text)
    return frozenset(first + second for first, second in itertools.pairwise(letters))


def most_shared(line: str, questions: Iterable[frozenset[str]]) -> float:
    """The largest share of the line's bigrams that one of the questions has too."""
    own = bigrams(line)
    return max((len(own & question) / len(own) for question in questions), default=0.0) if own else 0.0
