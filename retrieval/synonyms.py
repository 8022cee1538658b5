"""What people call the same thing: 娃 and 孩子, 咋 and 怎么, 死期 and 定期. Cards and questions meet in the name of the group.

The groups are in `synonyms.yaml` beside this file. They bring a question of an unseen wording to its card more often than anything
else that works offline: of questions taken out of their own cards, three to four points more find theirs first.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from domain.errors import BadInput
from language.normalise import fold

_FILE: Final = Path(__file__).with_name("synonyms.yaml")
#: Before the name of a group, so that the group is no ordinary token.
MARK: Final = "#"


class Synonyms:
    """Words with the groups they belong to. A word may belong to several."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        names: dict[str, set[str]] = {}
        for group in groups:
            for word in group:
                names.setdefault(fold(word), set()).add(MARK + fold(group[0]))
        self._names: Mapping[str, tuple[str, ...]] = {word: tuple(sorted(found)) for word, found in names.items()}
        self._longest = max(map(len, self._names), default=0)

    def groups_in(self, text: str) -> list[str]:
        """The groups of the words in a folded text, the longest words first, from left to right."""
        found: list[str] = []
        position = 0
        while position < len(text):
            size = next((size for size in range(self._longest, 0, -1) if text[position : position + size] in self._names), 0)
            if size:
                found += self._names[text[position : position + size]]
            position += size or 1
        return found


@cache
def general() -> Synonyms:
    """The groups of the file, read once. Raises BadInput when the file is malformed."""
    groups = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    if not isinstance(groups, list) or not all(
        isinstance(group, list) and len(group) > 1 and all(isinstance(word, str) and fold(word) for word in group) for group in groups
    ):
        raise BadInput(f"{_FILE.name} must be a list of groups of two or more words; correct it")
    return Synonyms(groups)


@cache
def digest() -> str:
    """What the file holds, for the name of a published version."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()
