"""What the receiving halves for staff do besides: courtesies that may fail without harm, and the words of a button that was pressed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from bot.observe import event, fault
from domain.errors import PeibanError
from domain.message import conversation_id
from domain.party import Party
from domain.ports import Store

_ONCE = parse("1 per hour")
_LOOKED_THROUGH = 200  # lines of the chat, for the button that was pressed


class Courtesies:
    """One thread. `name` stands before what is logged, as in wecom.app."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told = FixedWindowRateLimiter(MemoryStorage())
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name.replace(".", "-"))

    def stop(self) -> None:
        """Finish the one in hand."""
        self._pool.shutdown(cancel_futures=True)

    def due(self, userid: str) -> bool:
        """Whether a stranger gets their line: one an hour, however much they write."""
        return self._told.hit(_ONCE, userid)

    def quietly(self, what: str, courtesy: Callable[[], None]) -> None:
        """Do something that may fail without harm, and wait for nothing."""

        def attempt() -> None:
            try:
                courtesy()
            except PeibanError as error:
                event(f"{self._name}.courtesy.failed", what=what, error=type(error).__name__)
            except Exception as error:  # the thread's boundary: a courtesy is never loud
                fault(f"{self._name}.courtesy.failed", error, what=what)

        try:
            self._pool.submit(attempt)
        except RuntimeError:
            event(f"{self._name}.courtesy.failed", what=what, error="stopped")


def label_of(store: Store, channel: str, party: Party, key: str) -> str | None:
    """What the button said that stands for the key; None where none is found among the latest lines."""
    with store.reading() as records:
        lines = records.transcript.of(conversation_id(channel, party), last=_LOOKED_THROUGH)
    return next((label for line in reversed(lines) for label, payload in line.buttons if payload == key), None)
