"""The thread that looks at all contacts once a day, also at those of members who left, and every hour at what becomes of handings-over."""

import threading
from datetime import datetime, timedelta

from bot.channels.wecom.contacts.sync import Sync
from bot.channels.wecom.contacts.transfers import Transfers
from bot.clock import Clock
from bot.observe import event, fault
from domain.errors import PeibanError

_LOOK_S = 60.0
_AFTER_A_FAULT = timedelta(minutes=10)
_TRANSFERS_EVERY = timedelta(hours=1)


class Daily:
    """Apart from the tick: a look at a hundred thousand contacts takes longer than anybody wants a greeting to wait."""

    def __init__(self, sync: Sync, transfers: Transfers, clock: Clock) -> None:
        self._sync = sync
        self._transfers = transfers
        self._clock = clock
        self._not_before: datetime | None = None
        self._transfers_at: datetime | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="contacts-daily", daemon=True)

    def start(self) -> None:
        """Look, and go on looking."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. A look that is under way ends with its page."""
        self._stopping.set()
        self._sync.stopping.set()
        if self._thread.ident is not None:
            self._thread.join(15.0)

    def look(self) -> None:
        """What is due now. After a fault it is left alone for a while."""
        now = self._clock()
        if self._not_before is not None and now < self._not_before:
            return
        try:
            if self._sync.due():
                self._sync.run()
                self._transfers.tell_of_leavers()
            if self._transfers_at is None or now >= self._transfers_at:
                self._transfers_at = now + _TRANSFERS_EVERY
                self._transfers.look()
        except PeibanError as error:
            self._not_before = now + _AFTER_A_FAULT
            event("contacts.daily.waits", error=type(error).__name__)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception as error:  # the thread's boundary
                self._not_before = self._clock() + _AFTER_A_FAULT
                fault("contacts.daily.failed", error)
            self._stopping.wait(_LOOK_S)
