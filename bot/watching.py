"""One thread that judges customers by the events that just came, as long as the house runs."""

import threading

from bot.clock import Clock
from bot.observe import fault
from bot.triggering import Triggers

_LOOK_S = 5.0  # what another process kept and did not come to judge


class Watcher:
    """`wake` after events were kept saves the wait."""

    def __init__(self, triggers: Triggers, clock: Clock, *, look_s: float = _LOOK_S) -> None:
        self._triggers = triggers
        self._clock = clock
        self._look_s = look_s
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Take up what is waiting, and go on."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something to judge."""
        self._due.set()

    def stop(self) -> None:
        """Finish the customer in hand and end."""
        self._stopping.set()
        self._due.set()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            try:
                while not self._stopping.is_set() and self._triggers.judge_waiting(at=self._clock(), most=1)[0]:
                    pass
            except Exception as error:  # the thread's boundary: a database that restarts must not end it
                fault("watcher.failed", error)
            self._due.wait(self._look_s)
