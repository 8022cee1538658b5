"""The parts of our pages that live in the browser. Each is one file of `look/`; methods named here run there."""

from typing import TypedDict

from nicegui.element import Element

from bot.inbound_text import MAX_TEXT
from bot.web.lines import Shown


class Action(TypedDict):
    """A button in the head of a conversation."""

    name: str
    label: str
    strong: bool


class Head(TypedDict):
    """What stands over a conversation and whether one may write. `kind` is `bot`, `waiting`, `human` or `idle`.

    `face` is the one character in the circle, `closed` says in the box why one may not write.
    """

    kind: str
    face: str
    heading: str
    text: str
    canSay: bool
    placeholder: str
    closed: str
    actions: list[Action]


class ChatPanel(Element, component="look/chat.js"):
    """One conversation. `mode` is `customer`, `own` (staff with the bot) or `desk` (staff looking at a customer's).

    Emits `say` with (id, text, place), `act` with (id, name, place) and `older`. `place` names the conversation that was open then.
    """

    def __init__(
        self,
        *,
        mode: str,
        label: str,
        place: str,
        head: Head,
        lines: list[Shown],
        more: bool,
        welcome: str,
        longest: int = MAX_TEXT,
        starters: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.props["mode"] = mode
        self.props["label"] = label
        self.props["store"] = place
        self.props["situation"] = head
        self.props["lines"] = lines
        self.props["more"] = more
        self.props["welcome"] = welcome
        self.props["longest"] = longest
        self.props["starters"] = list(starters)

    def begin(self, lines: list[Shown], *, more: bool, head: Head, place: str) -> None:
        """Show a conversation from its newest lines on."""
        self.run_method("begin", lines, more, head, place)

    def extend(self, lines: list[Shown]) -> None:
        """Add lines below. Lines that are there already are not added again."""
        self.run_method("extend", lines)

    def situate(self, head: Head) -> None:
        """Say who answers now."""
        self.run_method("situate", head)

    def taken(self, message_id: str, *, fresh: bool) -> None:
        """Say that a message is safe with us. Not `fresh`: it was before."""
        self.run_method("taken", message_id, fresh)

    def end(self, text: str) -> None:
        """Take nothing more from this page."""
        self.run_method("ended", text)


class WaitingJson(TypedDict):
    """A conversation in a list. `seconds` had passed when this was made."""

    id: str
    name: str
    reason: str
    summary: str
    urgent: bool
    seconds: int


class TaskJson(TypedDict):
    """A task in a list."""

    id: int
    title: str
    detail: str
    reference: str
    due: str
    late: bool
    urgent: bool
    closable: bool


class WorkJson(TypedDict):
    """All lists of the workbench."""

    queue: list[WaitingJson]
    held: list[WaitingJson]
    tasks: list[TaskJson]


class WorkList(Element, component="look/worklist.js"):
    """Queue, held conversations and tasks. Emits `pick` and `take` with the id of a conversation, `close` with that of a task."""

    def __init__(self, *, me: str, work: WorkJson) -> None:
        super().__init__()
        self.props["me"] = me
        self.props["work"] = work

    def show(self, work: WorkJson) -> None:
        """Show the lists as they are now."""
        self.run_method("show", work)


class Panes(Element, component="look/panes.js"):
    """On a phone: which pane of the workbench is seen."""

    def __init__(self, *panes: tuple[str, str], waiting: int) -> None:
        super().__init__()
        self.count(waiting)
        self.props["panes"] = [{"name": name, "label": label} for name, label in panes]

    def count(self, waiting: int) -> None:
        """Say how many customers wait."""
        self.props["waiting"] = waiting
