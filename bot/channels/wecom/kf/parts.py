"""An approved text as messages of WeChat customer service: at most 2,048 bytes each, links and choices as a menu under the last.

A link is an item that opens its page (view). A message of its own (msgtype link) would need a picture and be one of five.
"""

from typing import Any

from bot.channels.links import with_links
from bot.channels.wecom.cutting import head
from bot.channels.wecom.kf.messages import PAYLOAD
from domain.message import Approved, Button, Link

_TEXT = 2_048  # bytes
_HEAD = 1_024  # bytes of the text above a menu
_LABEL = 128  # bytes, of the id and of the words of an item
_ITEMS = 10
_CUT = "……（篇幅所限，后面的内容请回复“人工”，由同事发给您）"


def parts_of(approved: Approved, *, most: int) -> list[dict[str, Any]]:
    """The messages in order, `most` at the most; what does not fit is cut, and the text says so."""
    text = _spoken(approved)
    items = _items(approved)
    pieces = _pieces(text, most=most, last=_HEAD if items else _TEXT)
    parts = [{"msgtype": "text", "text": {"content": piece}} for piece in pieces[:-1]]
    return [*parts, _menu(pieces[-1], items) if items else {"msgtype": "text", "text": {"content": pieces[-1]}}]


def _spoken(approved: Approved) -> str:
    """Links and choices that no menu item can carry are told in words."""
    untold = [button.label for button in approved.draft.buttons if not _fits(button)]
    return "\n".join((with_links(approved.text, [link for link in approved.draft.links if not _opens(link)]), *untold))


def _items(approved: Approved) -> list[dict[str, Any]]:
    """The menu: first what opens, then what answers."""
    opening = [{"type": "view", "view": {"url": link.url, "content": link.label}} for link in approved.draft.links if _opens(link)]
    choices = [button for button in approved.draft.buttons if _fits(button)]
    answering = [{"type": "click", "click": {"id": f"{PAYLOAD}{one.payload}", "content": one.label}} for one in choices]
    return [*opening, *answering][:_ITEMS]


def _opens(link: Link) -> bool:
    return len(link.label.encode()) <= _LABEL  # the address may have 2,048 bytes; the gate lets fewer pass


def _fits(button: Button) -> bool:
    return len(button.label.encode()) <= _LABEL and len(f"{PAYLOAD}{button.payload}".encode()) <= _LABEL


def _menu(head: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": items}}


def _pieces(text: str, *, most: int, last: int) -> list[str]:
    """Cut at the ends of sentences; the last piece has at most `last` bytes, the others as many as a message may have."""
    pieces: list[str] = []
    rest = text
    while len(pieces) < most - 1 and len(rest.encode()) > last:
        size = _TEXT if len(rest.encode()) > _TEXT else len(rest.encode()) - 1
        piece = head(rest, size)
        pieces.append(piece.strip())
        rest = rest[len(piece) :].lstrip()
    if len(rest.encode()) > last:
        rest = head(rest, last - len(_CUT.encode())).rstrip() + _CUT
    return [*filter(None, pieces), rest or "…"]
