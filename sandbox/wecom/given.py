"""Reading what a caller gave: what has the wrong type or size is refused by the code that the page names."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sandbox.wecom.errors import Refused

Given = Mapping[str, Any]
T = TypeVar("T")


def text(given: Given, name: str, *, most: int = 0, code: int = 40063, too_long: int = 45002) -> str:
    """A text that must be there, at most so many bytes."""
    value = optional(given, name, most=most, too_long=too_long)
    if not value:
        raise Refused(code, f"{name} is empty")
    return value


def address(given: Given, name: str, *, most: int = 2048) -> str:
    """An address of the web, with its http:// or https://: without, the client could not open it."""
    value = text(given, name, most=most)
    if not value.startswith(("http://", "https://")):
        raise Refused(40058, f"{name} does not begin with http:// or https://")
    return value


def optional(given: Given, name: str, *, most: int = 0, too_long: int = 45002) -> str:
    """A text that may be missing."""
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(40058, f"{name} is no text")
    if most and len(value.encode()) > most:
        raise Refused(too_long, f"{name} is longer than {most} bytes")
    return value


def characters(given: Given, name: str, most: int) -> str:
    """A text that may be missing, measured in characters."""
    value = optional(given, name)
    if len(value) > most:
        raise Refused(45002, f"{name} is longer than {most} characters")
    return value


def number(given: Given, name: str, default: int | None = None, *, least: int = 0, most: int = 2**63) -> int:
    """A whole number; missing without a default is refused."""
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused(40058, name)
    return value


def texts(given: Given, name: str, *, most: int, needed: bool = True) -> list[str]:
    """A list of texts."""
    value = given.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value) or len(value) > most:
        raise Refused(40058, name)
    if needed and not value:
        raise Refused(40063, f"{name} is empty")
    return value


def part(given: Given, name: str) -> dict[str, Any]:
    """An object that must be there."""
    value = given.get(name)
    if not isinstance(value, dict):
        raise Refused(40063, f"{name} is missing")
    return value


def parts(given: Given, name: str, *, most: int = 1000, code: int = 40058) -> list[dict[str, Any]]:
    """A list of objects that may be missing."""
    value = given.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused(40058, name)
    if len(value) > most:
        raise Refused(code, f"{name} has more than {most}")
    return value


def page(items: list[T], given: Given, *, default: int, most: int) -> tuple[list[T], str]:
    """The items of a cursor's page, and the next cursor: empty at the end."""
    limit = number(given, "limit", default, most=most) or default
    cursor = optional(given, "cursor")
    if cursor and not cursor.isdecimal():
        raise Refused(40058, "cursor")
    begin = int(cursor or 0)
    end = begin + limit
    return items[begin:end], (str(end) if end < len(items) else "")
