"""Needs and evidence as the YAML files beside this one define them, checked against each other once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import yaml

from domain.errors import BadSettings

NO_CONSENT = "none"
PROFILING = "profiling"
WAYS = ("views", "looks", "intent")
_KINDS = {"person": ("person",), "company": ("company",), "both": ("person", "company")}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDefinition:
    """One kind of signal. `consent` is the purpose without which it is not used, `half_life` the days after which it counts half.

    `private` tells of money: its words are for a viewer who stepped up. `stated` was told by somebody, not seen.
    """

    id: str
    said: str
    consent: str
    half_life: int | None
    private: bool = False
    stated: bool = False

    @property
    def declared(self) -> bool:
        """Whether it is what the customer said of themselves: neither seen by us nor told by a register."""
        return self.stated and self.consent == PROFILING


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Part of a need's formula: the weakest of `evidence` times `weight`; of one slot only the strongest counts."""

    slot: int
    weight: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDefinition:
    """A need. Slots of `sources` are numbered in the order of the file, groups before pairs; `against` in theirs."""

    id: str
    title: str
    kinds: tuple[str, ...]
    leak: float
    sources: tuple[Source, ...]
    against: tuple[Source, ...]
    gate: tuple[str, ...]
    serves: tuple[str, ...]
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Everything that is defined, with the version that results carry."""

    version: str
    met_days: int
    declined_days: int
    shown_from: float
    needs: Mapping[str, NeedDefinition]
    evidence: Mapping[str, EvidenceDefinition]

    @property
    def served(self) -> tuple[str, ...]:
        """Categories that meet a need."""
        return tuple(sorted({category for need in self.needs.values() for category in need.serves}))

    @property
    def gates(self) -> tuple[str, ...]:
        """Categories that end a need while they are held."""
        return tuple(sorted({category for need in self.needs.values() for category in need.gate}))


@cache
def needs() -> Needs:
    """The definitions. Raises BadSettings where a need rests on evidence that there is not."""
    document = read("needs")
    known = _evidence() | _dealings(document)
    found = {need_id: _need(need_id, body, document) for need_id, body in document["needs"].items()}
    for need in found.values():
        if strange := {name for source in (*need.sources, *need.against) for name in source.evidence} - known.keys():
            raise BadSettings(f"the need {need.id} rests on unknown evidence: {', '.join(sorted(strange))}; define it in evidence.yaml")
    return Needs(
        version=f"{document['version']}/{read('evidence')['version']}",
        met_days=document["met_days"],
        declined_days=document["declined_days"],
        shown_from=document["shown_from"],
        needs=found,
        evidence=known,
    )


@cache
def read(name: str) -> dict[str, Any]:
    """One YAML file of this folder."""
    document: dict[str, Any] = yaml.safe_load(files(__name__.rpartition(".")[0]).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def _need(need_id: str, body: dict[str, Any], document: dict[str, Any]) -> NeedDefinition:
    attention = document["attention"]["company" if body["for"] == "company" else "person"]
    listed = _listed(body, attention)
    groups = list(dict.fromkeys(group for _, _, group in listed))
    alone = [Source(slot=groups.index(group), weight=weight, evidence=(name,)) for name, weight, group in listed]
    together = [
        Source(slot=len(groups) + number, weight=round(weight * _share(parts, written, attention), 4), evidence=parts)
        for number, (weight, *written) in enumerate(body.get("together", ()))
        for parts in product(*map(_alternatives, written))
    ]
    hindering = {
        **body.get("against", {}),
        **{f"bought_{category}": document["met_weight"] for category in body["serves"]},
        **{f"declined_{category}": 1.0 for category in body["serves"]},
        **{f"holds_{category}": 1.0 for category in body.get("gate", ())},
    }
    against = [Source(slot=number, weight=weight, evidence=(name,)) for number, (name, weight) in enumerate(hindering.items())]
    return NeedDefinition(
        id=need_id,
        title=body["title"],
        kinds=_KINDS[body["for"]],
        leak=body["leak"],
        sources=(*alone, *together),
        against=tuple(against),
        gate=tuple(body.get("gate", ())),
        serves=tuple(body["serves"]),
        asks=body["asks"],
    )


def _listed(body: dict[str, Any], attention: Mapping[str, float]) -> list[tuple[str, float, str]]:
    """Evidence, weight and group: what is written, and themes; all attention to one theme is one group, being one matter."""
    themes = [
        (f"{way}_{theme}", round(weight * share, 4), theme)
        for theme, share in body.get("pages", {}).items()
        for way, weight in attention.items()
    ]
    return [*themes, *((name, weight, group) for name, (weight, group) in body.get("evidence", {}).items())]


def _alternatives(part: str) -> tuple[str, ...]:
    return tuple(f"{way}_{part[1:]}" for way in WAYS) if part.startswith("~") else (part,)


def _share(parts: tuple[str, ...], written: list[str], attention: Mapping[str, float]) -> float:
    """Pages passed by count in a pair as much less than a look at one thing as they do alone."""
    passing = [part for part, word in zip(parts, written, strict=True) if word.startswith("~") and part.startswith("views_")]
    return (attention["views"] / attention["looks"]) ** len(passing)


_CATEGORIES = {
    "demand": "活期", "term": "定期", "wealth": "理财", "fund": "基金", "insurance": "保险", "credit_card": "信用卡", "mortgage": "房贷",
    "consumer_loan": "消费贷", "business_loan": "经营贷", "payroll": "代发", "settlement": "结算", "fx": "外汇", "metal": "贵金属",
    "pension": "养老",
}  # fmt: skip


def category_title(category: str) -> str:
    """A category of products as staff call it."""
    return _CATEGORIES.get(category, category)


def _dealings(document: dict[str, Any]) -> dict[str, EvidenceDefinition]:
    """What was bought, refused and is held of us, a category each. It is told by our own contracts."""
    served = sorted({category for body in document["needs"].values() for category in (*body["serves"], *body.get("gate", ()))})
    words = {
        "bought": ("近半年办过{}", document["met_days"]),
        "declined": ("近90天婉拒过{}", None),
        "holds": ("已有{}", None),
    }
    return {
        f"{what}_{category}": EvidenceDefinition(
            id=f"{what}_{category}", said=said.format(category_title(category)), consent=NO_CONSENT, half_life=half_life
        )
        for what, (said, half_life) in words.items()
        for category in served
    }


def _evidence() -> dict[str, EvidenceDefinition]:
    document = read("evidence")
    pages, spending = document["pages"], document["spending"]
    said: dict[str, EvidenceDefinition] = {}

    def define(name: str, words: str, body: Mapping[str, Any]) -> None:
        said[name] = EvidenceDefinition(
            id=name,
            said=words,
            consent=body.get("consent", PROFILING),
            half_life=body.get("half_life"),
            private=body.get("private", False),
            stated=body.get("type", "observed") != "observed",
        )

    for theme, body in pages["themes"].items():
        often = pages["usual"] | body
        define(f"views_{theme}", f"近{often['weeks']}周常看{body['title']}（{{count}}次）", often)
        define(f"looks_{theme}", f"点开看过具体的{body['title']}（{{count}}次）", pages["named"])
        define(f"intent_{theme}", f"搜过或申请过{body['title']}（{{count}}次）", pages["intent"])
    for group, body in spending["groups"].items():
        define(f"buys_{group}", f"{body['days']}天里{body['title']}消费{{count}}笔", body)
    for name, body in document["signals"].items():
        define(name, body["said"], body)
    return said
