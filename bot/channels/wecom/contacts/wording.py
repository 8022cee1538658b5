"""The sentences of this folder, kept as reviewed content in `wording.yaml`."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _all() -> dict[str, Any]:
    text = files("bot.channels.wecom.contacts").joinpath("wording.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def words(group: str, which: str | int, /, **values: str | int) -> str:
    """A sentence with its blanks filled. KeyError when there is no such sentence or a blank is left."""
    return str(_all()[group][which]).format_map(values)


def words_of_code(group: str, code: int) -> str:
    """What a number of WeCom's means; one that is not listed is told as a number."""
    known = _all()[group]
    return str(known[code]) if code in known else str(_all()["begun"]["other"]).format_map({"code": code})
