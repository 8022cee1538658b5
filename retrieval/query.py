"""How a text becomes tokens: units, pairs of neighbouring units, groups of synonyms, and words of the base's own vocabulary.

A unit is a Chinese character, or a run of Latin letters or of digits. Words are cut with jieba once, when a base is published; a query
is cut by longest match with the words that the base holds. On questions taken out of their cards that ranked as well as jieba itself
(first card right .714 against .710, without words .699), without its second of start-up and its hundred megabytes.
"""

import re
import warnings
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any, Final

from language.normalise import normalise
from retrieval import synonyms

_IDLE_BLANK: Final = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_UNIT: Final = re.compile(r"[a-z]+|[0-9]+|[^\W_]")
Stretches = Sequence[Sequence[str]]

_LONGEST_WORD: Final = 8  # characters; longer entries of the dictionary are names of institutions


def runs(text: str) -> list[list[str]]:
    """The units of a text, in stretches that no punctuation interrupts. A blank beside a Chinese character is no interruption."""
    stretches: list[list[str]] = []
    end = -1
    for match in _UNIT.finditer(_IDLE_BLANK.sub("", normalise(text))):
        if match.start() == end:
            stretches[-1].append(match.group())
        else:
            stretches.append([match.group()])
        end = match.end()
    return stretches


def grams(text: str) -> list[str]:
    """Units, pairs of neighbouring units and groups of synonyms, repeated as often as they occur."""
    return grams_of(runs(text))


def grams_of(stretches: Stretches) -> list[str]:
    """The same of a text that is in units already."""
    tokens: list[str] = []
    known = synonyms.general()
    for units in stretches:
        tokens += units
        tokens += known.groups_in("".join(units))
        tokens += [first + second for first, second in pairwise(units)]
    return tokens


class Words:
    """A closed vocabulary of words of two or more units, and the cutting of texts into them."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.vocabulary = tuple(sorted(set(vocabulary)))
        self._known = frozenset(self.vocabulary)
        self._longest = max(map(len, self.vocabulary), default=0)

    def cut(self, text: str) -> list[str]:
        """The words in a text from left to right, the longest first. What is no word is left out."""
        return self.cut_of(runs(text))

    def cut_of(self, stretches: Stretches) -> list[str]:
        """The same of a text that is in units already."""
        found: list[str] = []
        for units in stretches:
            position = 0
            while position < len(units):
                size = self._match(units, position)
                if size:
                    found.append("".join(units[position : position + size]))
                position += max(size, 1)
        return found

    def _match(self, units: Sequence[str], start: int) -> int:
        for size in range(min(self._longest, len(units) - start), 0, -1):
            if "".join(units[start : start + size]) in self._known:
                return size
        return 0


def words_of(texts: Iterable[Stretches]) -> Words:
    """Cut texts (in units) with jieba and keep the words of two or more characters as a vocabulary.

    jieba's dictionary is read afresh and dropped afterwards: no cache in the shared temporary folder, where anybody could put one, and
    no hundred megabytes kept for serving.
    """
    cut = sorted({"".join(units) for stretches in texts for units in stretches})
    if not cut:
        return Words(())
    segmenter = _segmenter(set().union(*cut))
    known: set[str] = set()
    for stretch in cut:
        known.update(word for word in segmenter.lcut(stretch) if 2 <= len(word) <= _LONGEST_WORD)
    return Words(known)


def _segmenter(characters: set[str]) -> Any:
    """A jieba that knows the words of these characters only: no other word can occur, and to read all 350 000 takes half a second."""
    with warnings.catch_warnings():  # jieba is unmaintained: it imports pkg_resources and has invalid escapes
        warnings.simplefilter("ignore")
        jieba = import_module("jieba")
    segmenter = jieba.Tokenizer()
    with segmenter.get_dict_file() as file:
        dictionary = file.read().decode("utf-8")
    for word, count in re.findall(rf"^([{re.escape(''.join(sorted(characters)))}]+) (\d+) ", dictionary, re.MULTILINE):
        segmenter.FREQ[word] = int(count)
        for end in range(1, len(word)):
            segmenter.FREQ.setdefault(word[:end], 0)  # as jieba marks that a longer word begins so
    segmenter.total = sum(map(int, re.findall(r" (\d+) ", dictionary)))
    segmenter.initialized = True
    return segmenter
