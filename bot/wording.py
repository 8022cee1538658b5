"""The shell's own sentences, kept as reviewed content in `wording.yaml`."""

from functools import cache
from pathlib import Path

import yaml


@cache
def _sentences() -> dict[str, str]:
    text = (Path(__file__).parent / "wording.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def sentence(which: str, /, **values: str | int) -> str:
    """Return an approved sentence with its blanks filled. KeyError when there is no such sentence or a blank is left."""
    return _sentences()[which].format_map(values)
