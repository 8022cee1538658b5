"""Digits however they are written: 13800138000, １３８ ００１３ ８０００, 138-0013-8000, 一三八零零…, 幺三八…, 壹叁捌.

A run is a chain of digit groups with nothing, a blank, a dash, a dot or a bracket between them. Whether a stretch of
groups is a phone, a card or a list of prices is for the caller; `Stretch` says what it needs to judge.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from language.reading import Reading

_SPOKEN = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_DIGIT_OF = dict(zip(_SPOKEN, "001234567891123456789", strict=True))
_VIEW = str.maketrans(_DIGIT_OF)
_GROUP = re.compile(rf"[0-9]+|[{_SPOKEN}]+")
_LINK = re.compile(r"[ \-._·()]{0,3}")
_SPOKEN_PAUSE = re.compile(r"[,、]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Neighbouring whole groups of one run, in positions of the folded text."""

    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    """Lengths of the groups as a reader sees them; a change of script alone does not part groups."""
    whole: bool
    """The stretch is the entire run."""
    joint: str
    """What stands between the run's previous group and this stretch; empty at the start of the run."""
    previous: str
    """The digits of the run's previous group."""

    @property
    def evenly_written(self) -> bool:
        """Say whether the groups look like one number: none, large groups, digit by digit, or nothing around them."""
        return len(self.sizes) == 1 or min(self.sizes) >= 3 or max(self.sizes) == 1 or self.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    start: int
    end: int
    digits: str


def digit_view(text: str) -> str:
    """Write every Chinese digit of a folded text as an Arabic one; the length never changes."""
    return text.translate(_VIEW)


def find_stretches(reading: Reading, *, longest: int) -> Iterator[list[Stretch]]:
    """Yield, for each group of each run, the stretches that start there, the longest first."""
    for run in _runs(reading.text):
        for index in range(len(run)):
            until, digits = index, 0
            while until < len(run) and (digits := digits + len(run[until].digits)) <= longest:
                until += 1
            yield [_stretch(reading.text, run, index, end) for end in range(until, index, -1)]


def _runs(text: str) -> Iterator[list[_Group]]:
    run: list[_Group] = []
    for match in _GROUP.finditer(text):
        group = _Group(start=match.start(), end=match.end(), digits=match.group().translate(_VIEW))
        if run and not _linked(text, run[-1], group):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _linked(text: str, left: _Group, right: _Group) -> bool:
    between = text[left.end : right.start]
    if _SPOKEN_PAUSE.fullmatch(between):
        return text[left.end - 1] in _DIGIT_OF and text[right.start] in _DIGIT_OF
    return bool(_LINK.fullmatch(between))


def _stretch(text: str, run: list[_Group], index: int, until: int) -> Stretch:
    groups = run[index:until]
    sizes: list[int] = []
    for number, group in enumerate(groups):
        if number and groups[number - 1].end == group.start:
            sizes[-1] += len(group.digits)
        else:
            sizes.append(len(group.digits))
    return Stretch(
        start=groups[0].start,
        end=groups[-1].end,
        digits="".join(group.digits for group in groups),
        sizes=tuple(sizes),
        whole=index == 0 and until == len(run),
        joint=text[run[index - 1].end : groups[0].start] if index else "",
        previous=run[index - 1].digits if index else "",
    )
