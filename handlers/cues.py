"""Cues: regular expressions over the normalised text that decide alone.

What is hummed before a sentence (嗯那个) may be there or not.

A cue that begins with `!` is a veto: while it matches, no other cue of its handler counts. A group named `argument` becomes the turn's
argument. Handlers are asked by `order`, then by intent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from handlers.handler import Handler

STRONG = 11  # cues of handlers below this order break into a form: a person, a complaint, a refusal of contact
_VETO = "!"
_HUMS = re.compile("^(?:(?:嗯+|呃+|额+|啊+|哦+|噢+|哎+|诶+|喂|那个|那么)[,. ]*)+")
_SAYS_SOMETHING = 3  # characters
_LOOKED_AT = 400  # characters; keeps the time of any cue bounded, and what people want stands at the beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHit:
    """The handler whose cue matched, and the argument that the cue found."""

    handler: Handler
    argument: str = ""


def match_cue(said: str, handlers: Sequence[Handler]) -> CueHit | None:
    """Return the first handler whose cue matches, or None. Only the beginning of a long text is looked at."""
    said = said[:_LOOKED_AT]
    plain = _HUMS.sub("", said)
    ways = (said, plain) if plain != said and len(plain) >= _SAYS_SOMETHING else (said,)
    for handler in sorted(handlers, key=lambda handler: (handler.order, handler.intent)):
        if not handler.cues:
            continue
        wanted, vetoes = _compiled(handler.cues)
        if any(veto.search(said) for veto in vetoes):
            continue
        for cue in wanted:
            if found := next((found for way in ways if (found := cue.search(way))), None):
                return CueHit(handler=handler, argument=(found.groupdict().get("argument") or "").strip())
    return None


#: The wish to see a part of something in full.
UNFOLD = "展开|细说|细讲|细看|详细|说说|讲讲|看看|打开|这块|那块|部分"


def together(*topics: str) -> str:
    """A cue that needs each of the topics (alternatives of words) somewhere in what is said, in any order."""
    return "^" + "".join(f"(?=.*(?:{topic}))" for topic in topics)


def of_whom(topic: str, *others: str) -> str:
    """The same, with what is said before the topic as the argument: whom it is about, with whatever is said around a name."""
    return f"{together(topic, *others)}(?P<argument>.{{0,30}}?)(?:的|{topic})"


@lru_cache(maxsize=512)
def _compiled(cues: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    wanted = tuple(re.compile(cue) for cue in cues if not cue.startswith(_VETO))
    return wanted, tuple(re.compile(cue.removeprefix(_VETO)) for cue in cues if cue.startswith(_VETO))
