"""The XML of callbacks: flat or nested pairs out, flat fields in."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

Pairs = Iterable[tuple[str, Any]]


def write(pairs: Pairs) -> str:
    """An `<xml>` element. Texts are CDATA, numbers are bare, a list of pairs is nested."""
    return f"<xml>{''.join(_element(name, value) for name, value in pairs)}</xml>"


def read(document: str | bytes) -> Mapping[str, str]:
    """The fields of the first level. Raises ValueError (also a ParseError is one) for what is not XML."""
    try:
        return {child.tag: (child.text or "") for child in fromstring(document)}
    except SyntaxError as error:
        raise ValueError("not XML") from error


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return f"<{name}>{''.join(_element(*pair) for pair in value)}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    text = str(value)
    # CDATA cannot hold its own end.
    return f"<{name}>{escape(text)}</{name}>" if "]]>" in text else f"<{name}><![CDATA[{text}]]></{name}>"
