"""The tags of a customer side by side, whoever says so: the bank, the customer, the relationship manager, or the run. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from compliance.days import bank_day
from crm.tags.definitions import definitions
from crm.tags.naming import tag_of
from domain.tags import CustomerTag, TagSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """A stage of life that the run thinks likely without what anybody says of it. `probability` is a share."""

    life: str
    title: str
    probability: float
    on: date
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """One tag. `tag` is empty for a word of the bank's own, `confidence` in percent, `until` exclusive and None where it has no end."""

    tag: str
    title: str
    source: TagSource
    confidence: int | None
    evidence: str
    on: date | None
    until: date | None
    contested: bool = False
    may_recommend: bool | None = None


def views(stored: Sequence[CustomerTag], *, segments: Sequence[str], inferred: Inferred | None, at: datetime) -> tuple[TagView, ...]:
    """What holds, the surest source first, then what was said to be wrong. What has run out is left out."""
    known = definitions().tags
    rank = {TagSource.RM: 0, TagSource.DECLARED: 1, TagSource.BANK: 2, TagSource.INFERRED: 3}
    mine = [_stored(one, at) for one in stored if one.tag in known and (one.counts(at) or one.is_contested(at))]
    held = {view.tag for view in mine if not view.contested}
    wrong = {view.tag for view in mine if view.contested} - held
    rows = [view for view in mine if not view.contested]
    rows += [_segment(word) for word in segments if (tag_of(word) or word) not in wrong | held]
    lives = {known[tag].life for tag in held | wrong} - {""}
    if inferred is not None and inferred.life not in lives:
        rows.append(_inferred(inferred))
    struck = {view.tag: view for view in mine if view.tag in wrong}
    return (*sorted(rows, key=lambda view: rank[view.source]), *struck.values())


def _stored(one: CustomerTag, at: datetime) -> TagView:
    return TagView(
        tag=one.tag,
        title=definitions().tags[one.tag].title,
        source=one.source,
        confidence=one.confidence,
        evidence=one.evidence,
        on=bank_day(one.at),
        until=bank_day(one.until),
        contested=one.is_contested(at),
        may_recommend=one.marketing if one.source is TagSource.DECLARED else None,
    )


def _segment(word: str) -> TagView:
    confidence = definitions().confidence[TagSource.BANK]
    return TagView(
        tag=tag_of(word) or "", title=word, source=TagSource.BANK, confidence=confidence, evidence="行内登记", on=None, until=None
    )


def _inferred(found: Inferred) -> TagView:
    tag = next((one.id for one in definitions().tags.values() if one.life == found.life), "")
    return TagView(
        tag=tag,
        title=found.title,
        source=TagSource.INFERRED,
        confidence=round(found.probability * 100),
        evidence="；".join(found.evidence),
        on=found.on,
        until=None,
    )
