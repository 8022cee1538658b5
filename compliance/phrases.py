"""Forbidden wording: phrase lists in `phrases/*.yaml`, matched on a prepared text, aware of what a sentence does with the phrase.

A hit is excused only when a known frame stands around it: the phrase is denied (不承诺保本), asked (保本吗？), exposed (保本都是骗人的),
warned of (凡是说保本的，都别信) or wished for and answered honestly. Everything else is a hit: an unknown way of saying no is stopped,
an unknown way of saying yes is not let through. The frames are words too: `phrases/frames.yaml`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from compliance.text import CLAUSE_END, QUESTION, SENTENCE_END, Text, undisguise
from domain.errors import BadSettings

_CLAUSE_MARKS = (SENTENCE_END, QUESTION, CLAUSE_END)
_SENTENCE_MARKS = (SENTENCE_END, QUESTION)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One entry of a list: what is forbidden, why, and the source. `core` phrases are found across clause marks too (保，本).

    `unless` names what else the clause may be about (a deposit's fixed rate, a loan): then the phrase does not count.
    """

    id: str
    pattern: re.Pattern[str]
    why: str
    reference: str
    core: bool
    frames: bool
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase found: the entry and the original characters."""

    phrase: Phrase
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """The ways in which a sentence takes the force out of a phrase."""

    denied: re.Pattern[str]
    denial_undone: re.Pattern[str]
    asked_before: re.Pattern[str]
    asked_after: re.Pattern[str]
    answered_yes: re.Pattern[str]
    exposed: re.Pattern[str]
    warned: re.Pattern[str]
    shunned: re.Pattern[str]
    warning: re.Pattern[str]
    described: re.Pattern[str]
    offer: re.Pattern[str]
    pressed: re.Pattern[str]
    wished: re.Pattern[str]
    honest: re.Pattern[str]


@cache
def phrases(name: str) -> tuple[Phrase, ...]:
    """Read one phrase list. Raises BadSettings naming the entry when it cannot be used."""
    document = _read(name)
    parts: dict[str, str] = document.get("parts", {})
    entries = tuple(_phrase(name, entry, parts, frames=document.get("frames", True)) for entry in document["phrases"])
    if len({entry.id for entry in entries}) != len(entries):
        raise BadSettings(f"phrases/{name}.yaml: an id stands there twice")
    return entries


@cache
def frames() -> Frames:
    """Read the frames."""
    document = _read("frames")
    parts: dict[str, str] = document["parts"]
    return Frames(**{field: re.compile(_filled(pattern, parts)) for field, pattern in document["frames"].items()})


def find(text: Text, entries: Sequence[Phrase]) -> tuple[Hit, ...]:
    """Find the phrases that the text really says, one hit for each entry at most."""
    found = []
    whole = text.clean.text
    for entry in entries:
        if not (entry.core and text.seams) and entry.pattern.search(whole) is None:
            continue  # nearly every phrase of nearly every text
        hit = next(_hits(text, entry), None)
        if hit is not None:
            found.append(hit)
    return tuple(found)


def _hits(text: Text, entry: Phrase) -> Iterator[Hit]:
    for match in entry.pattern.finditer(text.clean.text):
        if not _about_something_else(entry, text, match) and not (entry.frames and _excused(text.clean.text, match.start(), match.end())):
            yield Hit(phrase=entry, quote=text.quote(text.clean, match.start(), match.end()))
    for seam in text.seams if entry.core else ():
        for match in entry.pattern.finditer(seam.view.text):
            cut_by_a_mark = any(match.start() < cut < match.end() for cut in seam.cuts)
            if cut_by_a_mark and _denial(seam.view.text[: match.start()]) is not Denial.STANDS:
                yield Hit(phrase=entry, quote=text.quote(seam.view, match.start(), match.end()))


def _about_something_else(entry: Phrase, text: Text, match: re.Match[str]) -> bool:
    whole = text.clean.text
    clause = whole[_last(whole, _CLAUSE_MARKS, match.start()) : _next(whole, _CLAUSE_MARKS, match.end())]
    return entry.unless is not None and entry.unless.search(clause) is not None


def _excused(whole: str, start: int, end: int) -> bool:
    """Say whether a frame takes the force out of what stands between start and end."""
    clause_start = _last(whole, _CLAUSE_MARKS, start)
    clause_end = _next(whole, _CLAUSE_MARKS, end)
    sentence_end = _next(whole, _SENTENCE_MARKS, end)
    before, after = whole[clause_start:start], whole[end:clause_end]
    rest = whole[end:sentence_end]
    ends_asking = whole[sentence_end : sentence_end + 1] == QUESTION
    known = frames()
    denial = _denial(before)
    if denial is not Denial.NONE:
        return denial is Denial.STANDS
    if known.asked_before.search(before) or known.asked_after.match(whole[end : clause_end + 1]):
        return not known.answered_yes.match(whole[clause_end:])
    if known.exposed.match(after) or known.exposed.match(rest):
        return True
    if known.shunned.search(before) or (known.warned.search(before) and known.warning.search(rest)):
        return True
    if known.described.search(before) and not known.offer.search(rest):
        return True
    if known.wished.search(before) and not known.pressed.search(rest):
        return ends_asking or known.honest.search(rest) is not None
    return False


class Denial(Enum):
    """Whether the words before a phrase deny it. UNDONE is a double no or a rhetorical one: it says the phrase after all."""

    NONE = auto()
    STANDS = auto()
    UNDONE = auto()


def _denial(before: str) -> Denial:
    known = frames()
    denial = known.denied.search(before)
    if denial is None:
        return Denial.NONE
    return Denial.UNDONE if known.denial_undone.search(before[: denial.start("no")]) else Denial.STANDS


def _last(text: str, marks: Sequence[str], before: int) -> int:
    return max(text.rfind(mark, 0, before) for mark in marks) + 1


def _next(text: str, marks: Sequence[str], start: int) -> int:
    return min((place for mark in marks if (place := text.find(mark, start)) >= 0), default=len(text))


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(files("compliance").joinpath(f"phrases/{name}.yaml").read_text(encoding="utf-8"))
    return document


def _phrase(name: str, entry: dict[str, Any], parts: dict[str, str], *, frames: bool) -> Phrase:
    missing = {"id", "why", "reference"} - entry.keys()
    if missing or not ({"words", "pattern"} & entry.keys()):
        raise BadSettings(f"phrases/{name}.yaml: entry {entry.get('id', '?')} needs id, why, reference and words or a pattern")
    alternatives = [re.escape(word) for word in entry.get("words", ())]
    alternatives.extend([_filled(entry["pattern"], parts)] if "pattern" in entry else [])
    try:
        pattern = re.compile(undisguise("|".join(alternatives)))  # so that 余额宝 is found in a text where 宝 reads as 保
    except re.error as fault:
        raise BadSettings(f"phrases/{name}.yaml: the pattern of {entry['id']} cannot be used: {fault}") from fault
    return Phrase(
        id=entry["id"],
        pattern=pattern,
        why=entry["why"],
        reference=entry["reference"],
        core=entry.get("core", False),
        frames=entry.get("frames", frames),
        unless=re.compile(undisguise(_filled(entry["unless"], parts))) if "unless" in entry else None,
    )


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """Put the named parts into a pattern, and drop the blanks and line breaks that make it readable."""
    while _PLACEHOLDER.search(pattern):
        pattern = _PLACEHOLDER.sub(lambda found: f"(?:{parts[found[1]]})", pattern)
    return re.sub(r"\s+", "", pattern)
