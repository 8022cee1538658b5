"""What tests of running processes share: the product over an invented bank, a told clock, and a channel that keeps what left."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bot.app import App, build
from bot.dialogue import Dialogue
from bot.inbound import Desk, accept
from config.settings import Settings
from domain.message import Approved, Inbound, Receipt
from domain.party import Party, Role
from domain.ports import Line
from handlers.discovery import all_handlers
from handlers.handler import Handler
from storage.engine import Database
from storage.migrate import migrate
from tests.crash.bank import MORNING, seed


class ToldClock:
    """Moves only when told."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Shelf:
    """A channel in memory that knows keys and keeps what left, in order."""

    name = "web"
    idempotent = True

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.left: dict[str, tuple[str, str]] = {}

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        self.left.setdefault(key, (conversation_id, approved.text))
        return Receipt(reference=key, at=self._clock())

    def close(self) -> None:
        return


class House:
    """The product and the few words that a test says to it."""

    def __init__(self, app: App, clock: ToldClock, shelf: Shelf) -> None:
        self.app, self.clock, self.shelf = app, clock, shelf
        self.desk = app.desk
        self._count = 0

    def knows(self, *more: Handler) -> None:
        """Let the dialogue have more handlers."""
        dialogue = Dialogue(handlers=(*all_handlers(), *more), knowledge=self.app.knowledge, lookups=self.app.lookups)
        self.desk = Desk(self.app.store, dialogue, worker="test:1")

    def arrives(self, who: Party, said: str) -> int:
        """A message is accepted; nobody has worked it yet."""
        self._count += 1
        inbound = Inbound(channel="web", message_id=f"{who}-{self._count}", sender=who, text=said, received_at=self.clock())
        row_id = accept(self.app.store, inbound)
        assert row_id is not None
        return row_id

    def works(self, *, most: int = 200) -> None:
        """Take every message that is due through its turn."""
        for _ in range(most):
            if self.desk.work(at=self.clock()) is None:
                return
        raise AssertionError("the work never ended")

    def drains(self) -> None:
        """Send everything that is due."""
        self.app.door.drain(clock=self.clock)

    def lines(self, conversation_id: str) -> Sequence[Line]:
        with self.app.store.reading() as records:
            return records.transcript.of(conversation_id)


def customer(number: int) -> Party:
    return Party(Role.CUSTOMER, f"C{number:06d}")


@contextmanager
def house_over(url: str, folder: Path, *, customers: int) -> Iterator[House]:
    """The product over a fresh bank."""
    database = Database(url)
    migrate(database)
    seed(database, customers=customers)
    database.close()
    clock = ToldClock()
    shelf = Shelf(clock)
    with build(Settings(data=folder, database_url=url), clock=clock, channels={"web": shelf}) as app:
        yield House(app, clock, shelf)


@contextmanager
def schema(url: str, name: str) -> Iterator[str]:
    """A PostgreSQL schema of its own; gives the URL."""
    root = Database(url)
    with root.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"
    finally:
        with root.engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        root.close()
