"""Where a page reads from. Each call is one short reading transaction and runs off the event loop.

A person reads their own conversation from the transcript. Everything that staff see of customers comes through the lookups, bound to them.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bot.app import App
from bot.charts.shelf import REFERENCE
from bot.lookups import BoundLookups
from bot.web.lines import ASSISTANT, Reader, Shown
from domain.conversation import Owner
from domain.media import MediaPiece
from domain.message import conversation_id
from domain.party import Party, Role
from domain.ports import Line, Records
from domain.task import Task
from handlers.lookups import Lookups, QueueEntry
from handlers.people import manager_name

CHANNEL = "web"
FIRST = 100  # lines that a page shows at first
_LOOKED_BACK = 500  # lines among which a picture is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Who answers in a conversation now: `bot`, `waiting` or `human`, with the name of the person."""

    owner: str = Owner.BOT.value
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What waits for a member of staff, what they hold, their open tasks, and the ids of those that they may close (complaints)."""

    queue: tuple[QueueEntry, ...]
    held: tuple[QueueEntry, ...]
    tasks: tuple[Task, ...]
    closable: frozenset[int] = frozenset()


class OwnChat:
    """A person's own conversation with the bot on the web."""

    def __init__(self, app: App, party: Party) -> None:
        self.conversation_id = conversation_id(CHANNEL, party)
        self._app = app
        self._party = party
        self._fresh()

    def _fresh(self) -> None:
        self._last = 0
        self._names: dict[Party, str] = {}
        self._titles: dict[str, str | None] = {}
        self._reader = Reader(self._party, name_of=lambda party: self._names.get(party, ASSISTANT), title_of=self._titles.get)

    def newest(self, most: int = FIRST) -> tuple[list[Shown], bool, Situation]:
        """Begin anew: the newest lines, whether there are older ones, and who answers."""
        self._fresh()
        with self._app.store.reading() as records:
            lines = records.transcript.of(self.conversation_id, last=most + 1)
            return self._shown(records, lines[-most:]), len(lines) > most, self._situation(records)

    def since(self) -> tuple[list[Shown], Situation]:
        """The lines that came since the last call, and who answers."""
        with self._app.store.reading() as records:
            lines = records.transcript.of(self.conversation_id, after=self._last)
            return self._shown(records, lines), self._situation(records)

    def _shown(self, records: Records, lines: Sequence[Line]) -> list[Shown]:
        lookups = self._app.lookups.over(records, party=self._party, conversation_id=self.conversation_id, at=self._app.clock())
        _learn_titles(self._titles, lookups, lines)
        for author in {Party.parse(line.author) for line in lines} - self._names.keys():
            member = records.book.staff(author.id) if author.role.is_staff else None
            self._names[author] = manager_name(member) if member else "我" if author == self._party else ASSISTANT
        self._last = lines[-1].id if lines else self._last
        return self._reader.read(lines)

    def _situation(self, records: Records) -> Situation:
        conversation = records.conversations.find(self.conversation_id)
        if conversation is None:
            return Situation()
        holder = records.book.staff(conversation.staff or "") if conversation.owner is Owner.HUMAN else None
        return Situation(owner=conversation.owner.value, name=manager_name(holder) if holder else "")


class Workbench:
    """What a member of staff sees of their customers. Everything is read through the lookups."""

    def __init__(self, app: App, party: Party) -> None:
        self._app = app
        self._party = party

    def work(self) -> Work:
        """Queue, held conversations and tasks."""
        with self._bound() as lookups:
            closable = lookups.complaints()
            mine = lookups.tasks()
            others = [task for task in closable if task not in mine]  # of a branch's manager, and of who stands in today
            return Work(
                queue=tuple(lookups.queue()),
                held=tuple(lookups.held()),
                tasks=(*mine, *others),
                closable=frozenset(task.id for task in closable),
            )

    def name(self) -> str:
        """The viewer's own name."""
        with self._bound() as lookups:
            member = lookups.staff_me()
        return member.name if member else self._party.id

    def talk(self, conversation: str, *, most: int = FIRST) -> tuple[list[Shown], bool]:
        """The newest lines of a customer's conversation, and whether there are older ones. Empty for one that is not theirs to see."""
        with self._bound() as lookups:
            lines = lookups.transcript(conversation, last=most + 1)
            titles: dict[str, str | None] = {}
            _learn_titles(titles, lookups, lines)
        return Reader(self._party, name_of=self._name_of, title_of=titles.get).read(lines[-most:]), len(lines) > most

    def media(self, channel: str, message_id: str) -> MediaPiece | None:
        """What a customer sent with a message; None for what is not theirs to see."""
        with self._app.store.reading() as records:
            piece = records.media.find(channel, message_id)
        if piece is None:
            return None
        with self._bound() as lookups:
            return piece if lookups.transcript(piece.conversation_id, last=1) else None

    def was_shown(self, conversation_id: str, picture: str) -> bool:
        """Whether a picture of ours stands in a conversation that this member of staff may read."""
        with self._bound() as lookups:
            return any(line.media == f"{REFERENCE}{picture}" for line in lookups.transcript(conversation_id, last=_LOOKED_BACK))

    def _name_of(self, author: Party) -> str:
        if author == self._party:
            return "我"
        return {Role.CUSTOMER: "客户", Role.BOT: ASSISTANT, Role.SYSTEM: ASSISTANT}.get(author.role, "同事")

    def _bound(self) -> AbstractContextManager[BoundLookups]:
        own = conversation_id(CHANNEL, self._party)
        return self._app.lookups.bound(self._app.store, party=self._party, conversation_id=own, at=self._app.clock())


def _learn_titles(titles: dict[str, str | None], lookups: Lookups, lines: Sequence[Line]) -> None:
    for card_id in {card_id for line in lines for card_id in line.card_ids} - titles.keys():
        card = lookups.card(card_id)
        titles[card_id] = card.title if card else None
