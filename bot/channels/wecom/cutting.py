"""Cutting a text into messages: WeCom counts bytes, people read sentences."""

_ENDS = "\n。！？；，"


def head(text: str, size: int) -> str:
    """As much of the beginning as fits into so many bytes, up to the end of a sentence where one is near."""
    begin = text.encode()[:size].decode("utf-8", "ignore")
    end = max(begin.rfind(mark) for mark in _ENDS) + 1
    return begin[:end] if end > len(begin) // 2 else begin


def pieces(text: str, size: int) -> tuple[str, ...]:
    """The whole text in pieces of at most so many bytes."""
    found: list[str] = []
    rest = text.strip()
    while len(rest.encode()) > size:
        piece = head(rest, size)
        found.append(piece.rstrip())
        rest = rest[len(piece) :].lstrip()
    return tuple(piece for piece in (*found, rest) if piece)
