"""What simulated people type: a phrase of phrases.yaml, with the slips of typing on a telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from numpy.random import Generator

_MARKS = "，。！？、,.!? "
_WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases by what they are for; `need` by need; `staff` by what a relationship manager does."""

    customer: Mapping[str, tuple[str, ...]]
    need: Mapping[str, tuple[str, ...]]
    staff: Mapping[str, tuple[str, ...]]
    typos: Mapping[str, str]


@cache
def load_phrases() -> Phrases:
    """Read the file that lies beside this one."""
    raw: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))
    need, staff, typos = raw.pop("need"), raw.pop("staff"), raw.pop("typos")
    return Phrases(customer=_tuples(raw), need=_tuples(need), staff=_tuples(staff), typos=typos)


def typed(phrase: str, draw: Generator, *, typing: Mapping[str, float], typos: Mapping[str, str]) -> str:
    """The phrase as one person types it this time."""
    chance = {name: draw.random() < share for name, share in typing.items()}
    text = phrase
    slips = [right for right in typos if right in text]
    if chance["typo"] and slips:
        right = slips[int(draw.integers(len(slips)))]
        text = text.replace(right, typos[right], 1)
    if chance["full_width"]:
        text = text.translate(_WIDE)
    if chance["bare"]:
        text = text.translate(str.maketrans("", "", "，。！？")) or text
    if chance["shouted"]:
        text = text.rstrip(_MARKS) + "！！！"
    if chance["blank"]:
        text = f" {text}  "
    return text


def _tuples(raw: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(text) for text in texts) for name, texts in raw.items()}
