"""One written form for a text: what the classifier, the search and the phrase rules compare."""

import re
import unicodedata

from language.reading import FOLDED, simplified

_BLANKS = re.compile(r" {2,}")
_ELLIPSIS = "…"
_JOINER = "\u200d"
_NOT_A_START = frozenset({"Mn", "Me", "Cf", "Sk"})  # marks, joiners, skin tones: never the first character of a rest


def normalise(text: str) -> str:
    """Fold width, script, case, punctuation and blanks; applying it twice changes nothing more."""
    folded = simplified("".join([FOLDED[char] for char in text]))
    return _BLANKS.sub(" ", folded).strip(" ")


def fold(text: str) -> str:
    """Keep only letters and digits of the normalised text, for matching: no blanks, punctuation or emoji."""
    return "".join([char for char in normalise(text) if char.isalnum()])


def is_blank(text: str) -> bool:
    """Say whether nothing is said in words: empty, or only emoji, punctuation and control characters."""
    return not any(char.isalnum() for char in normalise(text))


def clip(text: str, limit: int) -> str:
    """Shorten to at most `limit` characters, ending in … when cut, never inside an emoji or accented letter."""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    cut = limit - 1
    while cut > 0 and _inside_a_sign(text, cut):
        cut -= 1
    return text[:cut].rstrip() + _ELLIPSIS


def _inside_a_sign(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    flags = _is_flag_letter(before) and _is_flag_letter(after)
    return flags or before == _JOINER or unicodedata.category(after) in _NOT_A_START


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
