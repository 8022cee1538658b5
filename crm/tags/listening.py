"""What a customer tells of themselves in a text: facts, of themselves or their own household, neither denied nor supposed. Pure.

A text is read clause by clause. A clause about somebody else, denied, heard of or supposed tells nothing, and what follows it without
naming the speaker goes on about the same person.
"""

import re
from dataclasses import dataclass

from crm.tags.definitions import Tag, definitions

_CLAUSE = re.compile(r"[,。.!;~、\n]+|(?<=[?])| +")
_MINE = re.compile(r"我(?!国|行)|咱|俺|本人|自己|我们|公司|厂里")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A tag that a text tells, and the clause that does."""

    tag: str
    quote: str


def told(said: str, *, kind: str) -> tuple[Told, ...]:
    """What a customer of that kind tells in a normalised text, each tag once."""
    rules = definitions().listening
    found: dict[str, Told] = {}
    elsewhere = False
    for clause in filter(None, (part.strip() for part in _CLAUSE.split(said))):
        plain = rules.harmless.sub("", clause)
        own = rules.ourselves.sub("", plain)
        if rules.others.search(own):
            elsewhere = True
            continue
        if elsewhere and not _MINE.search(clause):
            continue
        elsewhere = False
        if rules.heard.search(plain) or rules.supposed.search(plain):
            continue
        for tag in definitions().tags.values():
            if kind in tag.of and tag.id not in found and _tells(tag, clause, plain):
                found[tag.id] = Told(tag=tag.id, quote=clause)
    return tuple(found.values())


def only_tells(said: str) -> bool:
    """Whether a text asks and wants nothing besides."""
    rules = definitions().listening
    return not rules.asks.search(said) and not rules.wants.search(said)


def _tells(tag: Tag, clause: str, plain: str) -> bool:
    rules = definitions().listening
    if any(veto.search(clause) for veto in tag.but):
        return False
    for pattern in tag.tells:
        hit = pattern.search(clause)
        if hit is None:
            continue
        if rules.denies.search(plain):
            return False
        if not tag.plans and rules.planned.search(plain):
            return False
        return not rules.asks.search(plain) or bool(rules.dated.search(clause))
    return False
