"""The channel of a played bank: what was approved is shown to simulated people, and everything that was handed over is remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from compliance.days import bank_time
from domain.errors import ChannelDown
from domain.message import Approved, Kind, Receipt
from domain.party import Party, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A text as it arrived, in plain values. `asked`: it answers something that was said; `notice`: a line of the system;
    `staff_id`: the person who wrote it, empty when that was the assistant.
    """

    key: str
    to: Party
    channel: str
    conversation_id: str
    purpose: str
    at: datetime
    text: str
    products: tuple[str, ...]
    buttons: tuple[str, ...]
    staff_id: str
    notice: bool
    asked: bool

    @property
    def by_person(self) -> bool:
        """Whether a member of staff wrote it."""
        return bool(self.staff_id)

    @property
    def customer_id(self) -> str:
        """Who got it, empty when that was no customer."""
        return self.to.id if self.to.role is Role.CUSTOMER else ""


def _always(_key: str, _at: datetime) -> bool:
    return True


class PlayChannel:
    """Stands in for another channel under its name. The same key is shown once; that it came again is kept in `repeated`."""

    idempotent = True

    def __init__(
        self, name: str, clock: Clock, *, arrived: Callable[[Delivered], None], reachable: Callable[[str, datetime], bool] = _always
    ) -> None:
        self._name = name
        self._clock = clock
        self._arrived = arrived
        self._reachable = reachable
        self._receipts: dict[str, Receipt] = {}
        self.delivered: list[Delivered] = []
        self.repeated: list[str] = []
        self.failed = 0

    @property
    def name(self) -> str:
        """The name of the channel that is played."""
        return self._name

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:  # noqa: ARG002  the shape of a channel
        """Show a text. Raises ChannelDown when the line is down at this moment."""
        if not self._reachable(key, self._clock()):
            self.failed += 1
            raise ChannelDown("the line is down")
        if key in self._receipts:
            self.repeated.append(key)
            return self._receipts[key]
        receipt = self._receipts[key] = Receipt(reference=key, at=self._clock())
        draft = approved.draft
        delivered = Delivered(
            key=key,
            to=draft.to,
            channel=self._name,
            conversation_id=conversation_id,
            purpose=draft.purpose.value,
            at=bank_time(receipt.at),
            text=approved.text,
            products=draft.products,
            buttons=tuple(button.payload for button in draft.buttons),
            staff_id=draft.author.id if draft.author.role.is_staff else "",
            notice=draft.kind is Kind.NOTICE,
            asked=draft.answers is not None,
        )
        self.delivered.append(delivered)
        self._arrived(delivered)
        return receipt

    def close(self) -> None:
        """Nothing is held."""
