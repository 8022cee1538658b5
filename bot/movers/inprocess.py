"""The default mover: a few threads of this process take turns from the inbox and send what is due.

The database holds all the truth; a thread only asks for the next row. What a killed process left behind is taken up when its lease runs
out, or at once when the process is known to be dead.
"""

import os
import socket
import threading
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.inbound import Desk
from bot.observe import event, fault
from bot.outbound import Door
from domain.ports import Store

_IDLE_S = 1.0
_TURNS_PER_TEXT = 4
_RECOVER_EVERY = timedelta(seconds=15)


def worker_name() -> str:
    """Name this process so that another one can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def expire_dead(store: Store, *, at: datetime) -> int:
    """End the leases of workers of this host whose process is gone. Returns how many workers those were."""
    host = socket.gethostname()
    with store.reading() as records:
        workers = {*records.inbox.workers(), *records.outbox.workers()}
    dead = [name for name in workers if name.rpartition(":")[0] == host and not _alive(int(name.rpartition(":")[2]))]
    if dead:
        with store.writing() as records:
            for name in dead:
                records.inbox.expire(name, at=at)
                records.outbox.expire(name, at=at)
    return len(dead)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class InProcessMover:
    """Moves inbox and outbox on threads. `wake` after an accept saves the wait. Work of dead processes of this host is taken up soon."""

    def __init__(self, store: Store, desk: Desk, door: Door, clock: Clock, *, threads: int) -> None:
        self._store = store
        self._desk = desk
        self._door = door
        self._clock = clock
        self._work = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, name=f"mover-{number}", daemon=True) for number in range(threads)]
        self._next_recovery: datetime | None = None
        self._recovery = threading.Lock()

    def start(self) -> None:
        """Take up what was left behind and begin."""
        self._recover()
        for thread in self._threads:
            thread.start()
        event("mover.started", threads=len(self._threads))

    def wake(self) -> None:
        """Say that there is something to do."""
        self._work.release()

    def stop(self, *, timeout_s: float = 20.0) -> None:
        """Finish what is in hand and end the threads."""
        self._stopping.set()
        for _ in self._threads:
            self._work.release()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._work.acquire(timeout=_IDLE_S)
            try:
                turns = 0
                while not self._stopping.is_set() and self._move(turns):
                    turns += 1
                self._recover()
            except Exception as error:  # the thread's boundary: a locked or restarting database must not end the mover
                fault("mover.failed", error)
                self._stopping.wait(_IDLE_S)

    def _move(self, turns: int) -> bool:
        outcome = self._desk.work(at=self._clock())
        if outcome is not None:
            done = self._door.drain(clock=self._clock, conversation_id=outcome.conversation.id, most=outcome.replies)
            if any(dispatch.status != "sent" for dispatch in done):  # a safe line may have taken its place
                self._door.drain(clock=self._clock, conversation_id=outcome.conversation.id)
            # A text of any conversation now and then: a flood of messages must not keep touches and second tries waiting.
            if (turns + 1) % _TURNS_PER_TEXT:
                return True
        return self._door.send_one(at=self._clock()) is not None or outcome is not None

    def _recover(self) -> None:
        if not self._recovery.acquire(blocking=False):
            return
        try:
            now = self._clock()
            if self._next_recovery is None or now >= self._next_recovery:
                self._next_recovery = now + _RECOVER_EVERY
                expire_dead(self._store, at=now)
                self._door.recover(at=now)
        finally:
            self._recovery.release()
