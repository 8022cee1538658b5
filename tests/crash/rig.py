"""Runs a load in processes that are killed, again and again until it is done, and holds what people saw against what the ledger says."""

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os import kill
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from storage.engine import Database
from storage.ledger_tables import inbox, outbox, tasks, transcript
from storage.metadata import metadata
from storage.migrate import migrate
from storage.records import SqlStore
from tests.crash.bank import MORNING, customer_ids, seed
from tests.crash.truth import Truth, serving

QUESTIONS = ("你好", "我的银行卡丢了怎么办", "大额存单是什么", "网点周末上班吗", "我想找人工客服", "不用转人工了", "谢谢你", "有什么理财")
LEDGER = ("inbox", "conversations", "transcript", "outbox", "tasks", "leads", "audit")
_SPEED = 20.0  # of the clock where threads move: a second try is soon
_MOST_RUNS = 5_000


class Nursery:
    """The process that imported everything and forks the children."""

    def __init__(self) -> None:
        self._child: int | None = None
        command = [sys.executable, "-m", "tests.crash.child"]
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._answer() == {"ready": True}

    def begin(self, job: dict[str, Any]) -> int:
        """Start a child; returns its pid."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        self._child = int(self._answer()["pid"])
        return self._child

    def end(self) -> int:
        """Wait for the child; returns its exit code, negative for a signal."""
        code = int(self._answer()["code"])
        self._child = None
        return code

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, and the child that it may still have when a proof was given up."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                kill(self._child, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(timeout=30)


@dataclass
class Ground:
    """A database that can be made fresh many times: a seeded SQLite file to copy, or PostgreSQL tables to empty."""

    folder: Path
    customers: int
    url: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file = self.folder / "peiban.db"
        self.url = self.url or f"sqlite:///{self._file}"
        database = Database(self.url)
        migrate(database)
        seed(database, customers=self.customers)
        database.close()
        if database.is_sqlite:
            shutil.copy(self._file, self.folder / "seeded.db")

    def fresh(self) -> None:
        if self.url.startswith("sqlite"):
            for old in self.folder.glob("peiban.db*"):
                old.unlink()
            shutil.copy(self.folder / "seeded.db", self._file)
            return
        database = Database(self.url)
        with database.writing() as connection:
            connection.execute(text(f"TRUNCATE {', '.join(LEDGER)} RESTART IDENTITY"))
        database.close()


@contextmanager
def postgres_ground(url: str, folder: Path, *, customers: int, name: str) -> Iterator[Ground]:
    """A schema of its own for the time of a test."""
    root = Database(url)
    with root.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        yield Ground(folder, customers, f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}")
    finally:
        with root.engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        root.close()


@dataclass
class Figures:
    """What was proved, and every breach of it."""

    kills: int = 0
    points: int = 0
    messages: int = 0
    replies: int = 0
    greetings: int = 0
    unknown: int = 0
    parked: int = 0
    breaches: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        points = f"{self.points} fail-points, " if self.points else ""
        parts = f"{self.messages} messages, {self.replies} replies, {self.greetings} greetings"
        return f"{points}{self.kills} kills: {parts}; unknown {self.unknown}, parked {self.parked}, breaches {len(self.breaches)}"

    def add(self, other: "Figures") -> None:
        for name in ("kills", "points", "messages", "replies", "greetings", "unknown", "parked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.breaches += other.breaches


@dataclass
class Rig:
    """One load on one ground: `each` messages of every customer, and the greetings of the day."""

    nursery: Nursery
    ground: Ground
    each: int
    idempotent: bool = True

    @property
    def claims(self) -> bool:
        """What the product is told of the channel."""
        return self.idempotent

    @property
    def messages(self) -> list[dict[str, str]]:
        ids = customer_ids(self.ground.customers)
        return [
            {"id": f"m{turn}-{one}", "customer": one, "text": QUESTIONS[(turn + place) % len(QUESTIONS)]}
            for turn in range(self.each)
            for place, one in enumerate(ids)
        ]

    def undisturbed(self) -> Truth:
        """The same load without a kill: what people should see."""
        truth, _ = self._until_done(lambda _job: {})
        return truth

    def at_every_point(self, *, every: int = 1) -> Figures:
        """Kill once before and once after every `every`-th commit and send, each time on a fresh ground, then go on until done."""
        expected = self.undisturbed()
        total = Figures()
        for kind, when in (("commit", "before"), ("commit", "after"), ("send", "before"), ("send", "after")):
            for number in range(1, expected.counts[kind] + 1, every):
                truth, kills = self._until_done(lambda runs, at=(kind, when, number): _point(at) if runs == 0 else {})
                found = self.judge(truth, f"{when} {kind} {number}", expected)
                found.kills, found.points = kills, 1
                total.add(found)
        return total

    def at_random(self, kills: int, *, seed: int, threads: int = 4) -> Figures:
        """Kill from outside at random instants, so many times, then let it come to its end."""
        chance = random.Random(seed)
        truth, done = self._until_done(lambda runs: {"after_s": chance.uniform(0.01, 0.12)} if runs < kills else {}, threads=threads)
        found = self.judge(truth, f"seed {seed}", None)
        found.kills = done
        return found

    def _until_done(self, plan: Any, *, threads: int = 0) -> tuple[Truth, int]:
        self.ground.fresh()
        truth = Truth(idempotent=self.idempotent)
        killed, since = 0, time.time()
        with serving(truth) as address:
            for runs in range(_MOST_RUNS):
                order = plan(runs)
                truth.started.clear()
                job = self.job(address, since=since, threads=threads, runs=runs, point=order.get("point", {}))
                job["messages"] = [message for message in self.messages if message["id"] not in truth.acknowledged]
                pid = self.nursery.begin(job)
                if "after_s" in order:
                    truth.started.wait(30)
                    time.sleep(order["after_s"])
                    with suppress(ProcessLookupError):  # it came to its end first; the nursery reaps it, so the pid is still ours
                        kill(pid, signal.SIGKILL)
                code = self.nursery.end()
                if code == 0:
                    return truth, killed
                assert code == -signal.SIGKILL, f"the child failed with {code}"
                killed += 1
        raise AssertionError("the load was never done")

    def job(self, address: str, *, since: float, threads: int, runs: int = 0, point: dict[str, Any] | None = None) -> dict[str, Any]:
        """What a child is told. Without threads each run begins two minutes after the one before."""
        return {
            "address": address,
            "base": MORNING.timestamp() + (0 if threads else 120 * runs),
            "data": str(self.ground.folder),
            "database": self.ground.url,
            "idempotent": self.claims,
            "messages": self.messages,
            "point": point or {},
            "since": since,
            "speed": _SPEED,
            "threads": threads,
        }

    def judge(self, truth: Truth, where: str, expected: Truth | None) -> Figures:
        """Hold every promise against what is left."""
        database = Database(self.ground.url)
        try:
            found = _Judgement(database, truth, where, self.messages).judged()
        finally:
            database.close()
        if expected is not None and truth.idempotent and _texts(truth) != _texts(expected):
            found.breaches.append(f"{where}: people saw something else than without a kill")
        return found


def _point(at: tuple[str, str, int]) -> dict[str, Any]:
    return {"point": dict(zip(("kind", "when", "number"), at, strict=True))}


def _texts(truth: Truth) -> dict[str, list[str]]:
    # Times of day may move with the clock of a later run; everything else is the same.
    return {name: sorted(re.sub(r"\d+", "#", said) for _, said in lines) for name, lines in sorted(truth.shown.items())}


class _Judgement:
    """The promises, one method each; every breach is one line."""

    def __init__(self, database: Database, truth: Truth, where: str, messages: Sequence[dict[str, str]]) -> None:
        self._store = SqlStore(database)
        self._truth, self._where, self._messages = truth, where, messages
        with database.reading() as connection:
            self._rows = {
                name: connection.execute(select(metadata.tables[name]).order_by(metadata.tables[name].c.id)).all()
                for name in (inbox.name, outbox.name, tasks.name, transcript.name)
            }
        self._breaches: list[str] = []

    def judged(self) -> Figures:
        sent = [row for row in self._rows["outbox"] if row.status == "sent"]
        figures = Figures(
            messages=len(self._truth.acknowledged),
            replies=sum(row.occasion is None for row in sent),
            greetings=sum(row.occasion is not None for row in sent),
            unknown=sum(row.status == "unknown" for row in self._rows["outbox"]),
            parked=sum(row.status == "dead" for row in self._rows["inbox"]),
        )
        for promise in (self._nothing_lost, self._one_turn, self._ledger_ended, self._shown, self._order, self._greeted_once, self._chain):
            promise()
        figures.breaches = self._breaches
        return figures

    def _expect(self, holds: bool, breach: str) -> None:
        if not holds:
            self._breaches.append(f"{self._where}: {breach}")

    def _open_tasks(self, kind: str) -> set[str]:
        return {row.key for row in self._rows["tasks"] if row.kind == kind and row.status == "open"}

    def _nothing_lost(self) -> None:
        stored = Counter(row.message_id for row in self._rows["inbox"])
        self._expect(self._truth.acknowledged == {message["id"] for message in self._messages}, "not everything was acknowledged")
        self._expect(all(stored[one] == 1 for one in self._truth.acknowledged), "an acknowledged message is not stored once")

    def _one_turn(self) -> None:
        parked, traces = self._open_tasks("dead_letter"), Counter(row.trace_id for row in self._rows["outbox"])
        lines: dict[str, list[str]] = defaultdict(list)
        for line in self._rows["transcript"]:
            if line.author.startswith("customer:"):
                lines[line.conversation_id].append(line.body)
        said: dict[str, list[str]] = defaultdict(list)
        for row in sorted(self._rows["inbox"], key=lambda row: row.seq):
            said[row.conversation_id].append(row.body)
            self._expect(row.status == "done" or f"dead_letter/{row.id}" in parked, f"message {row.id} is {row.status}")
            self._expect(traces[f"in-{row.id}"] >= 1, f"message {row.id} has no reply")
        self._expect(lines == said, "the transcript does not hold every message once and in order")

    def _ledger_ended(self) -> None:
        for row in self._rows["outbox"]:
            self._expect(row.status in ("sent", "unknown", "superseded"), f"text {row.id} ended as {row.status}")
        self._expect(
            {f"delivery/{row.id}" for row in self._rows["outbox"] if row.status in ("unknown", "failed")} == self._open_tasks("delivery"),
            "unknown texts and open tasks do not match",
        )
        sent = Counter(row.text for row in self._rows["outbox"] if row.status == "sent")
        told = Counter(line.body for line in self._rows["transcript"] if line.author == "bot:peiban")
        self._expect(sent == told, "the transcript does not hold every sent text once")

    def _shown(self) -> None:
        keys = self._truth.keys
        by_status: dict[str, set[str]] = defaultdict(set)
        for row in self._rows["outbox"]:
            by_status[row.status].add(row.key)
        self._expect(max(keys.values(), default=1) == 1, f"shown twice: {[key for key, count in keys.items() if count > 1]}")
        self._expect(by_status["sent"] <= set(keys), f"said to be sent but never shown: {by_status['sent'] - set(keys)}")
        self._expect(set(keys) <= by_status["sent"] | by_status["unknown"], "shown but not in the ledger as sent or unknown")
        self._expect(not (self._truth.idempotent and by_status["unknown"]), "unknown although the channel knows keys")

    def _order(self) -> None:
        place = {row.key: row.id for row in self._rows["outbox"] if row.trace_id.startswith("in-")}
        for conversation, lines in self._truth.shown.items():
            order = [place[key] for key, _ in lines if key in place]
            self._expect(order == sorted(order), f"{conversation} saw {order}")

    def _greeted_once(self) -> None:
        greeted = Counter(row.recipient for row in self._rows["outbox"] if row.occasion is not None)
        wanted = {f"customer:{message['customer']}" for message in self._messages}
        self._expect(set(greeted) == wanted and set(greeted.values()) == {1}, "not one greeting for everybody")

    def _chain(self) -> None:
        with self._store.reading() as records:
            self._expect(records.audit.verify() is None, "the audit chain is broken")
