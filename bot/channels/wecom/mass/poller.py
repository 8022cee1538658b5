"""One thread that asks, looks and reminds in turn, as long as the house serves."""

import threading
from collections.abc import Callable

from fastapi import APIRouter

from bot.channels.wecom.mass.asking import Asking
from bot.channels.wecom.mass.calls import MassCalls
from bot.channels.wecom.mass.channel import MassChannel
from bot.channels.wecom.mass.reminding import Reminding
from bot.channels.wecom.mass.results import Results
from bot.channels.wecom.mass.withdrawing import Withdrawing
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from bot.observe import event, fault
from domain.errors import PeibanError
from domain.ports import Store

_EVERY_S = 60.0


class MassPoller:
    """`look` is one round; `start` repeats it on a thread of its own."""

    def __init__(self, store: Store, channel: MassChannel, people: WeComPeople, clock: Clock, *, staff_channel: str) -> None:
        calls = MassCalls(channel.client)
        self._asking = Asking(store, calls, clock)
        self._withdrawing = Withdrawing(store, calls, clock)
        self._results = Results(store, calls, clock)
        self._reminding = Reminding(store, calls, people, clock, staff_channel=staff_channel)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wecom-mass", daemon=True)

    def look(self) -> None:
        """One round. One part that fails keeps no other from its turn; the next round tries again."""
        parts: tuple[Callable[[], object], ...] = (
            self._asking.find_lost,
            self._results.look,
            self._withdrawing.withdraw,
            self._asking.ask,
            self._reminding.tell,
            self._reminding.remind,
        )
        for part in parts:
            try:
                part()
            except PeibanError as error:
                event("mass.later", part=part.__qualname__, error=type(error).__name__)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def routes(self) -> list[APIRouter]:
        """None: nobody calls, we ask."""
        return []

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception as error:  # the thread's boundary: a database that restarts must not end it
                fault("mass.failed", error)
            self._stopping.wait(_EVERY_S)
