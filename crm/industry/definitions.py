"""The businesses there are, from `industry.yaml`, where they are explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """A business. `words` and `code` are patterns; `code`, `need` and `tag` are empty where there is none.

    `signs` are shares by evidence.
    """

    id: str
    title: str
    words: str
    code: str
    need: str
    tag: str
    signs: Mapping[str, float]
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Industries:
    """Everything. `sure` is how likely a business is by each way in which the bank has it in its files."""

    version: str
    sure: Mapping[str, float]
    likely: float
    told_from: float
    known: Mapping[str, Industry]


@cache
def industries() -> Industries:
    """What `industry.yaml` says."""
    body: dict[str, Any] = yaml.safe_load(files("crm.industry").joinpath("industry.yaml").read_text(encoding="utf-8"))
    known = {
        name: Industry(
            id=name,
            title=one["title"],
            words=one["words"],
            code=one.get("code", ""),
            need=one.get("need", ""),
            tag=one.get("tag", ""),
            signs=one["signs"],
            asks=one["asks"],
        )
        for name, one in body["industries"].items()
    }
    return Industries(version=body["version"], sure=body["sure"], likely=body["likely"], told_from=body["told_from"], known=known)
