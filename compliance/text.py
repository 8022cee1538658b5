"""A text as the word rules see it: folded once per review, with the way back to the original characters.

Tricks that hide a word are undone here and nowhere else: width, script, case, blanks, emoji and signs between characters, look-alike
or sound-alike characters (保夲, 宝本) and pinyin (baoben). Marks that part clauses stay in `clean`; `seams` are the places where one
stands, read without it, for words that are cut in two by a mark (保，本).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

import yaml

from language.reading import read

SENTENCE_END = "。"
QUESTION = "?"
CLAUSE_END = ","
LIST_MARK = "、"
_MARKS = {
    "。": SENTENCE_END,
    "!": SENTENCE_END,
    ";": SENTENCE_END,
    "…": SENTENCE_END,
    "?": QUESTION,
    ",": CLAUSE_END,
    ":": CLAUSE_END,
    "、": LIST_MARK,
}
_CLAUSE = re.compile(r"[^。?,、]+")
_REACH = 10  # characters on each side of a mark: longer than any phrase and the words around it
_SHORT_CLAUSE = 2
_MOST_CLAUSES = 8  # a word spelled out with a mark after each character is not longer
_BREAKS = str.maketrans({"\n": "。", "\r": "。"})  # a new line parts sentences; same length, so positions stay true


@dataclass(frozen=True, slots=True)
class Disguises:
    """Which characters and syllables stand for another character."""

    characters: dict[str, str]
    syllables: dict[str, str]
    run: re.Pattern[str]
    syllable: re.Pattern[str]


def _load_disguises() -> Disguises:
    table = yaml.safe_load(files("compliance").joinpath("phrases/disguises.yaml").read_text(encoding="utf-8"))
    characters = {other: true for true, others in table["characters"].items() for other in others}
    syllables: dict[str, str] = table["syllables"]
    one = "|".join(sorted(syllables, key=len, reverse=True))
    return Disguises(
        characters=characters,
        syllables=syllables,
        run=re.compile(rf"(?<![a-z])(?:(?:{one})[1-5]?)+(?![a-z])"),
        syllable=re.compile(rf"({one})([1-5]?)"),
    )


_DISGUISES = _load_disguises()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Characters to search in and, for each, its index in the original text."""

    text: str
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """What stands on both sides of a clause mark, joined. `cuts` are the positions where a mark was taken out."""

    view: View
    cuts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text, prepared for every rule. `folded` keeps all characters; `clean` only letters, digits and clause marks."""

    raw: str
    folded: View
    clean: View
    seams: tuple[Seam, ...]

    @classmethod
    def of(cls, raw: str) -> "Text":
        """Prepare a text; the last few hundred are remembered."""
        return _prepare(raw)

    def quote(self, view: View, start: int, end: int) -> str:
        """Give the original characters behind a range of a view."""
        first, last = view.origins[start], view.origins[end - 1] + 1
        while last < len(self.raw) and self.raw[last - 1].isascii() and self.raw[last].isascii() and self.raw[last].isalpha():
            last += 1  # a syllable of pinyin stands for one character: quote all of it
        return self.raw[first:last]


@lru_cache(maxsize=256)
def _prepare(raw: str) -> Text:
    reading = read(raw.translate(_BREAKS))
    folded = View(text=reading.text, origins=reading.origins)
    clean = _undisguised(_without_noise(folded))
    return Text(raw=raw, folded=folded, clean=clean, seams=tuple(_seams(clean)))


def _seams(clean: View) -> Iterator[Seam]:
    """Join each clause with what follows it: the next one, and on through the very short ones behind which a word is spelled out."""
    clauses = [match.span() for match in _CLAUSE.finditer(clean.text)]
    for index in range(len(clauses) - 1):
        start, end = clauses[index]
        joined = [(max(start, end - _REACH), end)]
        for start, end in clauses[index + 1 : index + _MOST_CLAUSES]:
            joined.append((start, min(end, start + _REACH)))
            yield _joined(clean, joined)
            if end - start > _SHORT_CLAUSE:
                break


def _joined(clean: View, parts: list[tuple[int, int]]) -> Seam:
    text = "".join([clean.text[start:end] for start, end in parts])
    origins = tuple([origin for start, end in parts for origin in clean.origins[start:end]])
    cuts = tuple(accumulate(end - start for start, end in parts[:-1]))
    return Seam(view=View(text=text, origins=origins), cuts=cuts)


def _without_noise(view: View) -> View:
    kept: list[tuple[str, int]] = []
    text, last = view.text, len(view.text) - 1
    for index, (char, origin) in enumerate(zip(text, view.origins, strict=True)):
        if char.isalnum() or char == "%":
            kept.append((_DISGUISES.characters.get(char, char), origin))
        elif char in _MARKS:
            kept.append((_MARKS[char], origin))
        elif char == "." and 0 < index < last and text[index - 1].isdigit() and text[index + 1].isdigit():
            kept.append((char, origin))
    return _view(kept)


def undisguise(text: str) -> str:
    """Replace the characters that stand for another one, as the views of a text do."""
    return "".join([_DISGUISES.characters.get(char, char) for char in text])


def _undisguised(view: View) -> View:
    kept: list[tuple[str, int]] = []
    done = 0
    for run in _DISGUISES.run.finditer(view.text):
        kept.extend(zip(view.text[done : run.start()], view.origins[done : run.start()], strict=True))
        for syllable in _DISGUISES.syllable.finditer(view.text, run.start(), run.end()):
            true = _DISGUISES.syllables[syllable[1]]
            kept.extend((char, view.origins[syllable.start()]) for char in true)
        done = run.end()
    if not done:
        return view
    kept.extend(zip(view.text[done:], view.origins[done:], strict=True))
    return _view(kept)


def _view(kept: list[tuple[str, int]]) -> View:
    return View(text="".join([char for char, _ in kept]), origins=tuple([origin for _, origin in kept]))
