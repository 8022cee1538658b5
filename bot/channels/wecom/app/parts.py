"""An approved text as messages of the app: texts of at most 2,048 bytes, and links and choices on a card where a card can carry them."""

import re
from collections.abc import Sequence
from typing import Any

from bot.channels.links import in_words
from bot.channels.wecom.app.markdown import markdown_of
from bot.channels.wecom.cutting import pieces
from domain.message import Approved, Button, Link

TEXT = 2_048  # bytes, document/path/90236
_BUTTONS = 6
_LABEL = 10  # characters that a button shows
_KEY = 1_024  # bytes
_TITLE = 26  # characters
_SUBTITLE = 112
_ASKED = "请选择"
_SIGNS = frozenset("<>[]&")  # of markup
_NUMBERED = re.compile(r"^\s*(\d+)[.、](?!\d)", re.MULTILINE)

Part = dict[str, Any]


def parts_of(approved: Approved, *, task_id: str, markdown: bool = False, size: int = TEXT, tags: bool = True) -> tuple[Part, ...]:
    """The messages in order. `task_id` names the card, if there is one; WeCom takes each once.

    With `markdown` lists are set as such. `size`: bytes of a text. `tags`: texts may have links as <a>.
    """
    buttons, links = approved.draft.buttons, approved.draft.links
    if not buttons or not _fit(buttons, links):
        texts = _texts(_with_numbers(approved.text, buttons), markdown=markdown, size=size)
        return _linked(texts, links, size=size, tags=tags)
    title, subtitle = _headings(approved.text)
    before = _texts(approved.text, markdown=markdown, size=size) if not subtitle and title == _ASKED else ()
    return (*before, _card(title, subtitle, buttons, links, task_id=task_id))


def _texts(text: str, *, markdown: bool, size: int) -> tuple[Part, ...]:
    set_out = markdown_of(text) if markdown else ()
    as_markdown = tuple({"msgtype": "markdown", "markdown": {"content": one}} for one in set_out)
    return as_markdown or tuple({"msgtype": "text", "text": {"content": piece}} for piece in pieces(text, size))


def _linked(texts: tuple[Part, ...], links: Sequence[Link], *, size: int, tags: bool) -> tuple[Part, ...]:
    """The links below the last text, or below that in a message of their own where there is no room: none is cut."""
    parts = list(texts)
    for link in links:
        kind = parts[-1]["msgtype"] if parts else "text"
        line = _line(link, kind, tags=tags)
        longer = f"{parts[-1][kind]['content']}\n{line}" if parts else line
        if parts and len(longer.encode()) <= size:
            parts[-1] = {"msgtype": kind, kind: {"content": longer}}
        else:
            parts.append({"msgtype": kind, kind: {"content": line}})
    return tuple(parts)


def _line(link: Link, kind: str, *, tags: bool) -> str:
    if _SIGNS & set(link.label):
        return in_words(link)
    if kind == "markdown":
        return f"[{link.label}]({link.url})"
    return f'<a href="{link.url}">{link.label}</a>' if tags else in_words(link)


def _fit(buttons: Sequence[Button], links: Sequence[Link]) -> bool:
    """Whether a card can carry them: few, short, and each button with a key of its own."""
    keys = {button.payload for button in buttons}
    few = len(buttons) + len(links) <= _BUTTONS and len(keys) == len(buttons)
    return few and all(_fits(button) for button in buttons) and all(0 < len(link.label) <= _LABEL for link in links)


def _fits(button: Button) -> bool:
    return 0 < len(button.label) <= _LABEL and 0 < len(button.payload.encode()) <= _KEY


def _with_numbers(text: str, buttons: Sequence[Button]) -> str:
    """The choices in words, by the numbers that the dialogue understands; those that the text numbers itself are not told twice."""
    told = {int(number) for number in _NUMBERED.findall(text)}
    return "\n".join((text, *(f"{number}. {button.label}" for number, button in enumerate(buttons, start=1) if number not in told)))


def _headings(text: str) -> tuple[str, str]:
    """Title and subtitle of a card that says the whole text; the title alone where the text has to go before it."""
    first, _, rest = text.strip().partition("\n")
    if len(first) <= _TITLE and "\n" not in rest and len(rest) <= _SUBTITLE and first:
        return first, rest
    if not rest and len(first) <= _SUBTITLE:
        return _ASKED, first
    return _ASKED, ""


def _card(title: str, subtitle: str, buttons: Sequence[Button], links: Sequence[Link], *, task_id: str) -> Part:
    answering = [{"type": 0, "text": button.label, "style": 1, "key": button.payload} for button in buttons]
    opening = [{"type": 1, "text": link.label, "style": 1, "url": link.url} for link in links]
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "button_list": [*opening, *answering],
        "task_id": task_id,
    }
    return {"msgtype": "template_card", "template_card": card | ({"sub_title_text": subtitle} if subtitle else {})}
