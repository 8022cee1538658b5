"""Links where a channel has no button for them: in words, one line each, for people to copy and for clients that make addresses live."""

from collections.abc import Iterable

from domain.message import Link


def in_words(link: Link) -> str:
    """The line."""
    return f"{link.label}：{link.url}"


def with_links(text: str, links: Iterable[Link]) -> str:
    """The text, and below it each label with its address."""
    return "\n".join((text, *map(in_words, links)))
