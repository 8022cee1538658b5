"""Where in a text something was found, and which findings to keep when they overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Half-open range of characters of the original text."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two ranges share a character."""
        return self.start < other.end and other.start < self.end

    @property
    def length(self) -> int:
        """Count the characters covered."""
        return self.end - self.start


class Found(Protocol):
    """Anything that was read from a span of a text."""

    @property
    def span(self) -> Span: ...


T = TypeVar("T", bound=Found)


def keep_longest(found: Iterable[T]) -> tuple[T, ...]:
    """Drop overlapping findings: the longest wins, then the one given first. The result is in text order."""
    kept: list[T] = []
    for item in sorted(found, key=lambda one: -one.span.length):
        if not any(item.span.overlaps(other.span) for other in kept):
            kept.append(item)
    return tuple(sorted(kept, key=lambda one: one.span))
