"""Whatever is killed, and wherever: every acknowledged message gets one turn, and nobody is told anything twice.

Real processes, real SIGKILL, a real channel over HTTP that refuses and drops calls, and the truth kept where no kill reaches it. The same
rig proves more kills in `python -m tests.verify`.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests.crash.rig import Figures, Ground, Nursery, Rig, postgres_ground

pytestmark = [pytest.mark.crash, pytest.mark.long(seconds=70)]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def report(record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]) -> Callable[[Figures], None]:
    """Say what was proved, and fail with every breach."""

    def told(figures: Figures) -> None:
        record_property("figures", str(figures))
        with capsys.disabled():
            sys.stdout.write(f"\n  {figures}\n")
        assert figures.breaches == []

    return told


@pytest.mark.parametrize("idempotent", [True, False], ids=["channel with keys", "channel without keys"])
def test_killed_at_every_third_or_fifth_commit_and_send(
    nursery: Nursery, tmp_path: Path, report: Callable[[Figures], None], idempotent: bool
) -> None:
    rig = Rig(nursery, Ground(tmp_path, customers=2), each=2, idempotent=idempotent)

    figures = rig.at_every_point(every=3 if idempotent else 5)

    report(figures)
    assert figures.kills == figures.points >= 20


@pytest.mark.parametrize("idempotent", [True, False], ids=["channel with keys", "channel without keys"])
def test_killed_at_random_while_threads_work(nursery: Nursery, tmp_path: Path, report: Callable[[Figures], None], idempotent: bool) -> None:
    rig = Rig(nursery, Ground(tmp_path, customers=24), each=4, idempotent=idempotent)

    figures = rig.at_random(20, seed=2026)

    report(figures)
    assert figures.kills >= 10


@pytest.mark.postgres
@pytest.mark.parametrize("idempotent", [True, False], ids=["channel with keys", "channel without keys"])
def test_killed_on_postgresql(
    nursery: Nursery, tmp_path: Path, postgres_url: str, report: Callable[[Figures], None], idempotent: bool
) -> None:
    with postgres_ground(postgres_url, tmp_path, customers=2, name=f"crash_{'with' if idempotent else 'without'}") as ground:
        at_points = Rig(nursery, ground, each=2, idempotent=idempotent).at_every_point(every=8)
        report(at_points)
    with postgres_ground(postgres_url, tmp_path, customers=12, name=f"random_{'with' if idempotent else 'without'}") as ground:
        report(Rig(nursery, ground, each=4, idempotent=idempotent).at_random(10, seed=7))


def test_the_rig_notices_a_channel_that_claims_keys_it_does_not_know(nursery: Nursery, tmp_path: Path) -> None:
    """The proof itself: a channel that shows a repeated key again, while the product is told that it does not, is a breach."""

    class Liar(Rig):
        @property
        def claims(self) -> bool:
            return True

    figures = Liar(nursery, Ground(tmp_path, customers=2), each=1, idempotent=False).at_every_point(every=3)

    assert any("shown twice" in breach for breach in figures.breaches)


def test_the_rig_notices_a_message_that_is_lost(nursery: Nursery, tmp_path: Path) -> None:
    ground = Ground(tmp_path, customers=2)
    rig = Rig(nursery, ground, each=1)
    truth = rig.undisturbed()
    database = Database(ground.url)
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM inbox WHERE id = 1")
    database.close()

    assert any("not stored once" in breach for breach in rig.judge(truth, "after a loss", truth).breaches)
