"""In which business a company is, from the published rows and what somebody said of it: likelihood, source and evidence. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.industry.definitions import Industry, industries


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What speaks for a business: where it is from, what it says, of which day where it has one, and how likely it makes it alone."""

    source: str
    text: str
    on: date | None
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryView:
    """One business of a company. `confidence` is a share; `confirmed` was said by a colleague or the company, `denied` struck by one."""

    definition: Industry
    confidence: float
    signs: tuple[Sign, ...]
    confirmed: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A piece of evidence of needs that may be used: its words, its day, and what is left of it."""

    text: str
    source: str
    on: date | None
    value: float


_FILES = {"written": ("行内登记", "登记的行业是“{detail}”"), "coded": ("国标行业代码 GB/T 4754", "代码 {detail}")}


def industry_views(
    rows: Iterable[Mapping[str, Any]], seen: Mapping[str, Seen], *, said: Mapping[str, Sign], denied: Collection[str]
) -> tuple[IndustryView, ...]:
    """The likeliest first; `said` and `denied` are by tag. What nobody said and hardly anything speaks for is left out."""
    files: dict[str, list[Sign]] = {}
    for row in rows:
        source, text = _FILES[row["sign"]]
        sign = Sign(source=source, text=text.format(detail=row["detail"]), on=None, worth=industries().sure[row["sign"]])
        files.setdefault(row["industry"], []).append(sign)
    found = [_view(one, files.get(one.id, []), seen, said.get(one.tag), denied=one.tag in denied) for one in industries().known.values()]
    told = [view for view in found if view.confirmed or view.denied or view.confidence >= industries().told_from]
    return tuple(sorted(told, key=lambda view: (view.denied, -view.confidence, view.definition.id)))


def _view(one: Industry, files: list[Sign], seen: Mapping[str, Seen], said: Sign | None, *, denied: bool) -> IndustryView:
    dealt = [
        Sign(source=seen[name].source, text=seen[name].text, on=seen[name].on, worth=worth * seen[name].value)
        for name, worth in one.signs.items()
        if name in seen
    ]
    signs = sorted([*files, *dealt], key=lambda sign: -sign.worth)
    if said is not None:
        return IndustryView(definition=one, confidence=said.worth, signs=(said, *signs), confirmed=True)
    nothing = 1.0
    for sign in signs:
        nothing *= 1 - sign.worth
    return IndustryView(definition=one, confidence=0.0 if denied else 1 - nothing, signs=tuple(signs), denied=denied)
