"""A learned probability as a colleague hears it: an average customer's, what each reason moves it by, and where that comes to.

Pure over a row of `crm.learning.foretelling`; nothing here computes with more than the standard library.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from crm.learning.definitions import definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One reason: its title, its value in words (empty where that is not said), and by what share it moves the probability."""

    title: str
    value: str
    moves: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """`probability` within `horizon_days` is `average` plus all that the reasons move.

    `auroc` of the model and the rule are those on later days; the rule's is None where there is none to compare.
    """

    probability: float
    average: float
    reasons: tuple[Moved, ...]
    horizon_days: int
    model: str
    auroc: float
    rule_auroc: float | None


@cache
def saying() -> Mapping[str, Any]:
    """What `saying.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.learning").joinpath("saying.yaml").read_text(encoding="utf-8"))
    return body


def chance_of(row: Mapping[str, Any]) -> Chance:
    """The row of one customer. Reasons are laid one upon another, the weightiest first, so that they end at the probability."""
    odds, reasons = float(row["base"]), []
    average = before = _share(odds)
    for place in range(1, saying()["reasons"] + 1):
        name = row[f"feature_{place}"]
        if name is None:
            continue
        odds += row[f"adds_{place}"]
        title, value = definitions().titles.get(name, name), _said(name, row[f"value_{place}"])
        reasons.append(Moved(title=title, value=value, moves=_share(odds) - before))
        before = _share(odds)
    if row["others"]:
        reasons.append(Moved(title="其余", value="", moves=_share(odds + row["others"]) - before))
        odds += row["others"]
    return Chance(
        probability=_share(odds),
        average=average,
        reasons=tuple(reasons),
        horizon_days=row["horizon_days"],
        model=row["model"],
        auroc=row["auroc"],
        rule_auroc=row["rule_auroc"],
    )


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _said(name: str, value: float | None) -> str:
    form = saying()["values"].get(name)
    if form is None:
        return ""
    return "无数据" if value is None or math.isnan(value) else str(form.format(value))
