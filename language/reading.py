"""A text as the parsers see it: one form for each character, with the way back to the original.

NFKC folds full-width forms, traditional characters become simplified, Latin is lower case without accents,
invisible characters (zero width, bidi, control, variation selectors) are gone, and every kind of dash, quote
and blank has one form. Spaces beside Chinese characters carry no meaning and are dropped here.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from language.spans import Span

#: After NFKC: everything in the value becomes the key.
_ONE_FORM = {
    '"': "“”„‟«»「」『』〝〞＂",
    "'": "‘’‛`´",
    "-": "—–‒―‐‑−─﹣─━",
    "~": "〜∼˜∿",
    "[": "【〔〖",
    "]": "】〕〗",
    "·": "•‧∙●・",
    "。": "｡",
    "〇": "○◯",
    ":": "∶",
    "/": "⁄∕",
}
_REPLACED = {other: form for form, others in _ONE_FORM.items() for other in others}
#: Letters by category that show nothing: Hangul fillers and the blank braille pattern.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Mn", "Me"})
#: No cue stands further from what it is about; a bound keeps the reading of long texts linear.
REACH = 14
_ROUNDS = 4  # both foldings settle in one or two rounds; the bound only guards against a cycle


def _fold_once(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    if folded.isascii() and len(folded) == 1 and folded.isalnum():
        return folded.lower()
    kept = []
    for one in folded:
        category = unicodedata.category(one)
        if one.isspace() or category in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif category not in _INVISIBLE and one not in _BLANKS:
            kept.append(_without_accent(_REPLACED.get(one, one).lower()))
    return "".join(kept)


def _without_accent(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base.isascii() and base.isalpha() else char


def _fold_char(char: str) -> str:
    folded = char
    for _ in range(_ROUNDS):
        again = "".join(_fold_once(one) for one in folded)
        if again == folded:
            break
        folded = again
    return folded


class _FoldedCharacters(dict[str, str]):
    """Remembers the folded form of every character met; Unicode bounds its size."""

    def __missing__(self, char: str) -> str:
        folded = self[char] = _fold_char(char)
        return folded


FOLDED = _FoldedCharacters()


@cache
def _converter() -> Any:
    return import_module("opencc").OpenCC("t2s")  # untyped and slow to start: loaded at the first traditional text


@cache
def _traditional() -> frozenset[str]:
    """List the characters that may need conversion; a text without them never pays for it."""
    tables = _converter().dict_cache.values()
    return frozenset(key for _, _, table in tables for key, value in table.items() if len(key) == 1 and key != value)


def simplified(text: str) -> str:
    """Convert traditional characters, phrase by phrase (乾坤 stays, 乾淨 becomes 干净); the length never changes."""
    for _ in range(_ROUNDS):
        if text.isascii() or _traditional().isdisjoint(text):
            break
        converted: str = _converter().convert(text)
        if converted == text or len(converted) != len(text):
            break
        text = converted
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A folded text and, for each of its characters, the index of the original character it came from."""

    original: str
    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Translate a range of the folded text into the span of the original that it came from."""
        return Span(start=self.origins[start], end=self.origins[end - 1] + 1)

    def words(self, span: Span) -> str:
        """Quote the original characters of a span."""
        return self.original[span.start : span.end]

    def written(self, index: int) -> str:
        """Give the original character behind a folded one, e.g. the ② behind a 2."""
        return self.original[self.origins[index]]

    def before(self, index: int) -> str:
        """Give the few folded characters before an index: as far as a word can reach to colour what follows."""
        return self.text[max(0, index - REACH) : index]

    def at(self, original: int) -> int:
        """Find the folded position of an original index (or of the first character after it)."""
        return bisect_left(self.origins, original)


_SPOKEN_DIGITS = frozenset("零〇一二三四五六七八九十")


def is_chinese(char: str) -> bool:
    """Say whether the character is a Han character or a Chinese punctuation mark."""
    return "\u3000" <= char <= "\u9fff"


def _parts(before: str, after: str) -> bool:
    """Say whether a space between the two characters means something.

    Beside a Chinese character it is layout, except where it keeps a written number apart from a spoken one.
    """
    if not is_chinese(before) and not is_chinese(after):
        return True
    return (before.isdigit() and after in _SPOKEN_DIGITS) or (before in _SPOKEN_DIGITS and after.isdigit())


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Fold a text for parsing, keeping the way back to each original character."""
    pieces = [FOLDED[char] for char in text]
    letters = simplified("".join(pieces))
    sources = [index for index, piece in enumerate(pieces) for _ in piece]
    kept: list[str] = []
    origins: list[int] = []
    space: int | None = None
    for char, source in zip(letters, sources, strict=True):
        if char == " ":
            space = source if space is None else space
            continue
        if space is not None and kept and _parts(kept[-1], char):
            kept.append(" ")
            origins.append(space)
        space = None
        kept.append(char)
        origins.append(source)
    return Reading(original=text, text="".join(kept), origins=tuple(origins))
