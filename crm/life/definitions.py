"""The definitions of stages of life, from `life.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Points = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOfLife:
    """Its name in words, and the points that everybody has for it."""

    title: str
    prior: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaks:
    """What a piece of evidence says, and the points that it gives to each stage."""

    says: str
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Which payments are of a sort, how many within how many days, and of people of which age they say anything."""

    days: int
    least: int
    on_days: int
    mcc: tuple[str, ...]
    words: tuple[str, ...]
    but: tuple[str, ...]
    from_age: int | None = None
    below_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What `life.yaml` says, where it is explained. `ages` has the evidence of each age, by its first year."""

    version: str
    least: float
    oldest: int
    declared: str
    stages: dict[str, StageOfLife]
    ages: dict[int, str]
    evidence: dict[str, Speaks]
    spending: dict[str, Spending]
    pension_days: int
    payroll_days: int
    newly_days: int
    child_days: int
    student_is: tuple[str, ...]
    student_ends: str
    retired_words: tuple[str, ...]
    tags: dict[str, tuple[str, ...]]
    attributes: dict[str, tuple[str, ...]]
    marital: dict[str, tuple[str, ...]]


@cache
def definitions() -> Definitions:
    """What `life.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.life").joinpath("life.yaml").read_text(encoding="utf-8"))
    bands = {band["from"]: band["points"] for band in body["ages"]}
    evidence = {name: Speaks(says=one["says"], points=one["points"]) for name, one in body["evidence"].items()}
    evidence |= {_age(first): Speaks(says="{detail} 岁", points=points) for first, points in bands.items()}
    occupations, income = body["occupations"], body["income"]
    return Definitions(
        version=body["version"],
        least=body["least"],
        oldest=body["oldest"],
        declared=body["declared"],
        stages={name: StageOfLife(**one) for name, one in body["stages"].items()},
        ages={first: _age(first) for first in sorted(bands)},
        evidence=evidence,
        spending={name: _spending(one) for name, one in body["spending"].items()},
        pension_days=income["pension"],
        payroll_days=income["payroll"],
        newly_days=body["newly_days"],
        child_days=body["child_days"],
        student_is=tuple(occupations["student"]["is"]),
        student_ends=occupations["student"]["ends"],
        retired_words=tuple(occupations["retired"]["words"]),
        tags=_lists(body["tags"]),
        attributes=_lists(body["attributes"]),
        marital=_lists(body["marital"]),
    )


def days_of(evidence: str) -> int | None:
    """How far back a piece of evidence looks; None where it is of today."""
    rules = definitions()
    fixed = {"pension": rules.pension_days, "payroll": rules.payroll_days}
    return rules.spending[evidence].days if evidence in rules.spending else fixed.get(evidence)


def _age(first: int) -> str:
    return f"age_{first}"


def _spending(one: dict[str, Any]) -> Spending:
    return Spending(
        days=one["days"],
        least=one["least"],
        on_days=one["on_days"],
        mcc=tuple(one["mcc"]),
        words=tuple(one["words"]),
        but=tuple(one["but"]),
        from_age=one.get("from"),
        below_age=one.get("below"),
    )


def _lists(body: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in body.items()}
