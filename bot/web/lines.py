"""A line of a transcript as a page shows it. Pressed buttons read as their labels, commands of the workbench as words."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypedDict
from urllib.parse import quote

from bot.charts.shelf import REFERENCE
from bot.web.commands import in_words
from compliance.days import BANK_ZONE
from domain.party import Party, Role
from domain.ports import Line

ASSISTANT = "陪伴"
_WEEKDAYS = "一二三四五六日"
_NO_TEXT = "（没有文字的消息）"
_SIDES = {Role.CUSTOMER: "customer", Role.BOT: "bot", Role.SYSTEM: "bot"}


class Choice(TypedDict):
    """A button under a line."""

    label: str
    payload: str


class Way(TypedDict):
    """A page of the web that opens from under a line."""

    label: str
    url: str


class Shown(TypedDict):
    """A line for the page. `side` is `me`, `bot`, `staff` or `customer`; `form` is `text`, `notice` or `mark`.

    `raw` is the text as it was sent, by which a page knows its own message again. `day` and `time` are the bank's. `media` is the address
    of a picture or file, for staff only.
    """

    id: int
    side: str
    form: str
    name: str
    text: str
    raw: str
    day: str
    time: str
    choices: list[Choice]
    links: list[Way]
    source: str
    ai: bool
    media: str


class Reader:
    """Reads the lines of one conversation in order, as `viewer` sees them, and remembers the labels of the buttons on the way.

    `name_of` names an author to the viewer, `title_of` gives the title of a card that the viewer may see.
    """

    def __init__(self, viewer: Party, *, name_of: Callable[[Party], str], title_of: Callable[[str], str | None]) -> None:
        self._viewer = viewer
        self._name_of = name_of
        self._title_of = title_of
        self._labels: dict[str, str] = {}

    def read(self, lines: Iterable[Line]) -> list[Shown]:
        """Show lines that follow those read before."""
        return [self._shown(line) for line in lines]

    def _shown(self, line: Line) -> Shown:
        author = Party.parse(line.author)
        label = self._labels.get(line.text.strip())
        command = in_words(line.text) if author == self._viewer and label is None else None
        text = label or command or line.text or _NO_TEXT
        self._labels.update((payload, label) for label, payload in line.buttons)
        at = line.at.astimezone(BANK_ZONE)
        return Shown(
            id=line.id,
            side="me" if author == self._viewer else _SIDES.get(author.role, "staff"),
            form="notice" if command else line.kind if line.kind in ("notice", "mark") else "text",
            name=self._name_of(author),
            text=text,
            raw=line.text,
            day=day_of(at),
            time=f"{at:%H:%M}",
            choices=[Choice(label=label, payload=payload) for label, payload in line.buttons],
            links=[Way(label=label, url=url) for label, url in line.links],
            source=self._source(line),
            ai=line.ai_generated,
            media=self._media(line),
        )

    def _media(self, line: Line) -> str:
        """Where staff find the picture or file of a line; empty for none."""
        if not line.media or not self._viewer.role.is_staff:
            return ""
        if line.media.startswith(REFERENCE):
            return f"/workbench/picture/{quote(line.conversation_id, safe='')}/{line.media.removeprefix(REFERENCE)}"
        return f"/workbench/media/{line.conversation_id.partition(':')[0]}/{quote(line.media, safe='')}"

    def _source(self, line: Line) -> str:
        """Where an answer comes from. A list of several cards to choose from names them itself."""
        titles = [title for card_id in line.card_ids if (title := self._title_of(card_id))]
        return "、".join(dict.fromkeys(title for title in titles if len(titles) == 1 or title not in line.text))


def day_of(at: datetime) -> str:
    """Say a day of the bank, as 11月23日 周一."""
    local = at.astimezone(BANK_ZONE)
    return f"{local.month}月{local.day}日 周{_WEEKDAYS[local.weekday()]}"
