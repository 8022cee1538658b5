"""Which tag a word names, and which come near one that names none. Pure."""

from difflib import SequenceMatcher

from crm.tags.definitions import Tag, definitions

_NEAR = 0.34


def tag_of(word: str, *, kind: str | None = None) -> str | None:
    """The tag of that title or other name, for customers of the kind; None for a word that is none."""
    wanted = _bare(word)
    return next((tag.id for tag in _of(kind) if wanted in map(_bare, (tag.title, *tag.aliases))), None) if wanted else None


def meant_by_denial(words: str, *, kind: str | None = None) -> str | None:
    """The tag that somebody means who says that it is not so: 没结婚 means 新婚. The longest word counts."""
    found = [(len(word), tag.id) for tag in _of(kind) for word in (tag.title, *tag.aliases, *tag.about) if word in words]
    return max(found, key=lambda one: one[0], default=(0, None))[1]


def all_names() -> str:
    """Every title and other name as one alternative of a pattern, the longest first."""
    names = {name for tag in definitions().tags.values() for name in (tag.title, *tag.aliases)}
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


def near(word: str, *, kind: str, most: int = 3) -> list[str]:
    """The tags whose names look most like the word, best first; none where nothing does."""
    wanted = _bare(word)
    scored = [(max(SequenceMatcher(None, wanted, _bare(name)).ratio() for name in (tag.title, *tag.aliases)), tag.id) for tag in _of(kind)]
    return [tag for score, tag in sorted(scored, key=lambda one: (-one[0], one[1])) if score >= _NEAR][:most]


def _of(kind: str | None) -> list[Tag]:
    return [tag for tag in definitions().tags.values() if kind is None or kind in tag.of]


def _bare(word: str) -> str:
    return word.strip(" “”\"'「」的").removesuffix("标签").removesuffix("客户").removesuffix("家庭").strip()
