"""What an approved text becomes on Telegram: one or more messages within its limits, the buttons under the last one.

A button sends its payload back, so that pressing works after a restart and an old button still means what it says. A payload that is
too long for Telegram is sent as its number, which the dialogue understands as one of the choices shown last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.message import Approved, Button, Link

TEXT_LIMIT = 4096  # UTF-16 units, core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1024
_DATA_LIMIT = 64  # bytes
_PHOTO_LIMIT = 10_000_000  # bytes
_ROW = 3
_SHORT = 8  # characters: as many as three in a row can show


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message. `keyboard` is rows of (label, data); `links` stand above it. With `photo` the text is its caption."""

    text: str
    photo: bytes | None = None
    links: tuple[Link, ...] = ()
    keyboard: tuple[tuple[tuple[str, str], ...], ...] = ()


def parts_of(approved: Approved) -> tuple[Part, ...]:
    """Cut an approved text into messages. A picture that cannot be read is left out: the text stands by itself."""
    photo = _photo(approved.draft.image)
    texts = tuple(Part(text=text) for text in split(approved.text))
    if photo is None:
        parts = texts
    elif not texts or units(approved.text) <= CAPTION_LIMIT:
        parts = (Part(text=approved.text, photo=photo),)
    else:
        parts = (Part(text="", photo=photo), *texts)
    draft = approved.draft
    return (*parts[:-1], replace(parts[-1], links=draft.links, keyboard=keyboard(draft.buttons))) if parts else ()


def split(text: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Cut a text into pieces of at most `limit` UTF-16 units, at an end of line or sentence where there is one in the second half."""
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > limit:
        room = _fitting(rest, limit)
        cut = max((rest.rfind(mark, room // 2, room) + 1 for mark in ("\n", "。", "；", "，", " ")), key=bool)
        pieces.append(rest[: cut or room].rstrip())
        rest = rest[cut or room :].lstrip()
    return tuple(piece for piece in (*pieces, rest) if piece)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str, limit: int) -> int:
    """How many characters fit."""
    used = 0
    for index, sign in enumerate(text):
        used += 2 if ord(sign) > 0xFFFF else 1
        if used > limit:
            return index
    return len(text)


def keyboard(buttons: Sequence[Button]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Lay buttons out in rows: short labels side by side, longer ones each in a row."""
    cells = [(button.label or str(number), _data(button.payload, number)) for number, button in enumerate(buttons, 1)]
    width = _ROW if all(len(label) <= _SHORT for label, _ in cells) else 1
    return tuple(_rows(cells, width))


def _rows(cells: Sequence[tuple[str, str]], width: int) -> Iterator[tuple[tuple[str, str], ...]]:
    for start in range(0, len(cells), width):
        yield tuple(cells[start : start + width])


def _data(payload: str, number: int) -> str:
    return payload if 0 < len(payload.encode()) <= _DATA_LIMIT else str(number)


def _photo(path: str | None) -> bytes | None:
    file = Path(path) if path else None
    if file is None or not file.is_file() or file.stat().st_size > _PHOTO_LIMIT:
        return None
    return file.read_bytes()
