"""The processes that are killed. Run as a script it imports the product once, opens nothing, and forks a child for every job it reads.

A job is one line of JSON on standard input; the answer is one line: the child's pid first, then how it ended. The child kills itself at
the named fail-point (before or after the n-th commit or send), or is killed from outside, or comes to its end.
"""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import bot.app
from bot.inbound import accept
from bot.knowledge_base import KnowledgeBase
from bot.movers.inprocess import expire_dead
from config.settings import Settings
from domain.errors import ChannelDown, DeliveryUnknown
from domain.message import Approved, Inbound, Receipt
from domain.party import Party, Role
from storage.records import SqlRecords, SqlStore

_STEPS = 100_000


@dataclass
class FailPoints:
    """Counts commits and sends and kills the process at the one that was named."""

    kind: str = ""
    when: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        self.seen = {"commit": 0, "send": 0}

    def before(self, kind: str) -> None:
        self.seen[kind] += 1
        self._die(kind, "before")

    def after(self, kind: str) -> None:
        self._die(kind, "after")

    def _die(self, kind: str, when: str) -> None:
        if (kind, when, self.seen[kind]) == (self.kind, self.when, self.number):
            os.kill(os.getpid(), signal.SIGKILL)


class JumpingClock:
    """Moves only when told: a run does not wait for the second try of a text, it goes there."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class FastClock:
    """Real time, so many times faster."""

    def __init__(self, base: datetime, since: float, speed: float) -> None:
        self._base, self._since, self._speed = base, since, speed

    def __call__(self) -> datetime:
        return self._base + timedelta(seconds=(time.time() - self._since) * self._speed)


class LoopbackChannel:
    """Sends to the truth over HTTP."""

    name = "web"

    def __init__(self, address: str, *, idempotent: bool, clock: Callable[[], datetime], points: FailPoints) -> None:
        self.idempotent = idempotent
        self._address, self._clock, self._points = address, clock, points

    def send(self, approved: Approved, *, key: str, conversation_id: str, again: bool = False) -> Receipt:
        self._points.before("send")
        try:
            status = post(self._address, "/send", {"conversation": conversation_id, "text": approved.text}, key=key)
        except ConnectionRefusedError as error:
            raise ChannelDown("refused") from error
        except (OSError, HTTPException) as error:
            raise DeliveryUnknown("the connection broke") from error
        finally:
            self._points.after("send")
        if status == 503:
            raise ChannelDown("busy")
        return Receipt(reference=key, at=self._clock())

    def close(self) -> None:
        return


def post(address: str, path: str, body: dict[str, Any], *, key: str = "") -> int:
    connection = HTTPConnection(address, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), {"Idempotency-Key": quote(key)})
        return connection.getresponse().status
    finally:
        connection.close()


@cache
def knowledge(cards: Path) -> KnowledgeBase:
    """The cards, read once for all children."""
    ready = KnowledgeBase(Settings(data=Path("/nonexistent"), cards=cards), index="numpy")
    ready.ready()
    return ready


def run(job: dict[str, Any]) -> None:
    """Accept the messages that were not acknowledged yet, and move until nothing is left to do."""
    points = FailPoints(**job["point"])
    base = datetime.fromtimestamp(job["base"], UTC)
    clock = FastClock(base, job["since"], job["speed"]) if job["threads"] else JumpingClock(base)

    class CountingStore(SqlStore):
        @contextmanager
        def writing(self, *, durable: bool = True) -> Iterator[SqlRecords]:
            with super().writing(durable=durable) as records:
                yield records
                points.before("commit")
            points.after("commit")

    bot.app.SqlStore = CountingStore  # type: ignore[misc]
    settings = Settings(data=Path(job["data"]), database_url=job["database"], workers=job["threads"] or 1, tick_s=3600)
    channel = LoopbackChannel(job["address"], idempotent=job["idempotent"], clock=clock, points=points)
    with bot.app.build(settings, clock=clock, channels={"web": channel}) as app:
        post(job["address"], "/started", {})
        if job["threads"]:
            _with_threads(app, job)
        else:
            assert isinstance(clock, JumpingClock)
            _alone(app, job, clock)
    post(job["address"], "/finished", points.seen)


def _alone(app: bot.app.App, job: dict[str, Any], clock: JumpingClock) -> None:
    """One thread, the same order every time."""
    expire_dead(app.store, at=clock())
    app.door.recover(at=clock())
    app.toucher.plan(at=clock())
    for message in job["messages"]:
        _accept(app, job, message)
        _move(app, clock)
    for _ in range(_STEPS):
        _move(app, clock)
        with app.store.reading() as records:
            due, waiting = records.outbox.next_due(), records.inbox.waiting()
        if due is None and waiting == 0:
            return
        clock.at = max(clock.at + timedelta(seconds=1), due or clock.at)
    raise AssertionError("the work never ended")


def _move(app: bot.app.App, clock: JumpingClock) -> None:
    while app.desk.work(at=clock()) is not None or app.door.send_one(at=clock()) is not None:
        pass


def _with_threads(app: bot.app.App, job: dict[str, Any]) -> None:
    """As the product runs: threads move while messages arrive and a ticker plans."""
    app.knowledge.ready()
    app.start()
    for message in job["messages"]:
        _accept(app, job, message)
        app.mover.wake()
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with app.store.reading() as records:
            ended = records.outbox.next_due() is None and not records.outbox.by_status("sending") and records.inbox.waiting() == 0
        if ended:
            return
        time.sleep(0.02)
    raise AssertionError("the work never ended")


def _accept(app: bot.app.App, job: dict[str, Any], message: dict[str, str]) -> None:
    inbound = Inbound(
        channel="web",
        message_id=message["id"],
        sender=Party(Role.CUSTOMER, message["customer"]),
        text=message["text"],
        received_at=app.clock(),
    )
    accept(app.store, inbound)
    post(job["address"], "/acknowledged", {"message": message["id"]})


def warm_up() -> None:
    """Read and compile once, in a house that is closed again, what every child would have to."""
    bot.app.KnowledgeBase = lambda settings, index: knowledge(settings.cards)  # type: ignore[assignment,misc]
    with TemporaryDirectory() as folder, bot.app.build(Settings(data=Path(folder))) as app:
        for number, text in enumerate(("你好", "银行卡丢了怎么办", "转人工", "不用了")):
            who = Party(Role.CUSTOMER, "C0")
            app.converse(Inbound(channel="web", message_id=f"w{number}", sender=who, text=text, received_at=app.clock()))
        app.toucher.look(at=app.clock())


def main() -> None:
    """Serve jobs until standard input ends."""
    warm_up()
    gc.collect()
    gc.freeze()  # no child walks, and so copies, what all share
    answer({"ready": True})
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.close(0)
            try:
                run(json.loads(line))
            except BaseException:
                import traceback

                traceback.print_exc()
                sys.stderr.flush()
                os._exit(1)
            os._exit(0)
        answer({"pid": pid})
        _, status = os.waitpid(pid, 0)
        answer({"code": os.waitstatus_to_exitcode(status)})


def answer(body: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(body) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
