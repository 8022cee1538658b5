"""Whom of the viewer's customers a sentence is about, and the same sentence without names.

A question is the same whoever it is about: the classifier learns and judges sentences in which every customer is 他.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.lookups import Lookups
from handlers.naming import KIN, TITLES
from language.names import SURNAME
from language.pronouns import PRONOUN, plain

_TITLED = re.compile(rf"(?:{SURNAME})(?:{TITLES})(?![\u4e00-\u9fff]*经理)")
_HIS = re.compile(rf"的?(?:{KIN})")
_ALONE = re.compile(
    r"(?:那|那么|还有|看看?|查查?|找|再看看?)?,? ?他(?:这个人|这位客户|这个客户|客户|家|公司)?(?:呢|吧|啊|怎么样)?[,。!?~ ]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """`first` is what `naming.meant` understands: a name, a name with a title, a pronoun, somebody's wife; empty for nobody."""

    first: str = ""
    by_name: bool = False
    plain: str = ""  # the sentence with 他 for everybody
    alone: bool = False  # the sentence is the mention and nothing else


def mentions(said: str, lookups: Lookups) -> Mentions:
    """Find them in a normalised sentence of a member of staff. Names count before pronouns."""
    spans = _spans(said, lookups)
    if spans:
        spans = [_with_kin(said, span) for span in spans]
        without = plain(_replaced(said, spans))
        start, end = spans[0]
        return Mentions(first=said[start:end], by_name=True, plain=without, alone=_is_alone(without))
    pronoun = PRONOUN.search(said)
    without = plain(said)
    if pronoun is None:
        return Mentions(plain=without)
    start, end = _with_kin(said, pronoun.span())
    first = said[start:end] if (start, end) != pronoun.span() else "他"
    return Mentions(first=first, plain=without, alone=first == "他" and _is_alone(without))


def _spans(said: str, lookups: Lookups) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for name in sorted(lookups.names_in(said), key=len, reverse=True):
        for found in re.finditer(re.escape(name), said):
            if not any(start < found.end() and found.start() < end for start, end in spans):
                spans.append(found.span())
    return sorted(spans) or [found.span() for found in _titled(said)]


def _titled(said: str) -> Iterator[re.Match[str]]:
    return (found for found in _TITLED.finditer(said) if not said.startswith(("客户", "大堂"), max(found.start() - 2, 0)))


def _with_kin(said: str, span: tuple[int, int]) -> tuple[int, int]:
    behind = _HIS.match(said, span[1])
    return (span[0], behind.end()) if behind else span


def _replaced(said: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        said = f"{said[:start]}他{said[end:]}"
    return said


def _is_alone(without: str) -> bool:
    return bool(_ALONE.fullmatch(without))
