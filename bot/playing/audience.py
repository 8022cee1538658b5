"""What a play asks of the people on the other side. `sandbox.players` answers; only the command that starts a play knows both."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from bot.channels.play import Delivered


class Reaction(Protocol):
    """What a customer does at an instant: `text` is typed, empty for what is not said; `about` is the key of the message it answers."""

    @property
    def customer_id(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def about(self) -> str: ...


R = TypeVar("R", bound=Reaction)


class Colleagues(Protocol):
    """The relationship managers."""

    def next_look(self, staff_id: str, at: datetime) -> datetime:
        """When that relationship manager, asked at the instant, will look into the queue."""

    def takes(self, staff_id: str, at: datetime) -> int | None:
        """Seconds until who has just taken over speaks; None for who never does."""

    def goes_on(self, staff_id: str, at: datetime) -> int:
        """Seconds until the next thing that they do in a conversation."""

    def works_on_complaint(self, customer_id: str) -> bool:
        """Whether the bank has not settled a complaint of that customer yet."""

    def staff_says(self, staff_id: str, what: str, at: datetime) -> str:
        """The words of a relationship manager: `hello` at first, then `answer`."""


class Audience(Colleagues, Protocol[R]):
    """Customers, relationship managers and the bank behind them. Reactions are theirs: they get back what they gave."""

    def left_over(self, on: date) -> Sequence[R]:
        """What people meant to do from that day on when the last play ended. Asked once, when a play begins."""

    def morning(self, on: date, customers: Sequence[str], *, channel: str) -> Sequence[R]:
        """What these customers will come with by themselves in the course of the day."""

    def heard(self, message: Delivered) -> R | None:
        """What will come of a message to a customer; None for nothing."""

    def happened(self, reaction: R) -> str:
        """The time of a reaction has come. Returns the amount of a purchase in CNY, else empty text."""

    def reachable(self, key: str, at: datetime) -> bool:
        """Whether the line is up when a text is handed over."""

    def close_day(self, on: date) -> Path:
        """The folder in which the bank delivers what happened on that day."""
