"""An import that is killed anywhere leaves the bank as it was or as it will be, and the next one finishes."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crm.importing.run import finish_interrupted
from tests.integration.import_kit import HAND_BANK, House, append, copy_of
from tests.nursery import ROOT, Nursery

pytestmark = [pytest.mark.crash, pytest.mark.long(seconds=40)]

_HERE = "tests.integration.test_import_killed"
_CHECKED = ("staff", "persons", "companies", "accounts", "balances", "holdings", "transactions")
_BUILT = ("branches", "customers", "balances", "transactions", "transfers")
_STEPS = (
    "opened",
    *(f"checked {feed}" for feed in _CHECKED),
    *(f"built {table}" for table in _BUILT),
    "facts kept",
    "book written",
    "book committed",
    "facts published",
)
_RENAMES = (1, 2, 3)
_MOMENTS = 6  # at which the process is killed from outside, wherever it may be


def import_and_die(arguments: Sequence[str]) -> None:
    """In a process of its own: import, tell the steps, and kill oneself, at one of them or just before the n-th rename."""
    root, folder, step, rename = Path(arguments[0]), Path(arguments[1]), arguments[2], int(arguments[3])
    renames = 0

    def watch(what: str, values: tuple[object, ...]) -> None:
        nonlocal renames
        if what == "os.rename" and str(root / "facts") in str(values[0]):
            renames += 1
            if renames == rename:
                os.kill(os.getpid(), signal.SIGKILL)

    def hear(told: str) -> None:
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()
        if told == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    House(root).load(folder, progress=hear)


def warm_up() -> None:
    """Nothing: what a child needs is imported with this module."""


@pytest.fixture(scope="module")
def importers() -> Iterator[Nursery]:
    nursery = Nursery(f"{_HERE}:warm_up")
    yield nursery
    nursery.close()


def _import_and_die(importers: Nursery, root: Path, folder: Path, *, step: str = "", rename: int = 0) -> int:
    return importers.run(f"{_HERE}:import_and_die", (str(root), str(folder), step, str(rename))).returncode


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_of(HAND_BANK, tmp_path_factory.mktemp("later") / "bank")
    append(folder, "balances.csv", "K5-1,2026-11-23,5.00,")
    append(folder, "persons.csv", "K9,新人,male,,,,,W01,Z1,2026-11-23T10:15:00+08:00")
    append(folder, "accounts.csv", "K9-1,K9,deposit,CNY,2026-11-23,")
    append(folder, "balances.csv", "K9-1,2026-11-23,88.00,")
    return folder


@pytest.fixture(scope="module")
def seen(loaded_root: Path, later: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, object, float]:
    """What a house looks like before and after when nobody kills, and how long the import takes."""
    undisturbed = House(Path(shutil.copytree(loaded_root, tmp_path_factory.mktemp("undisturbed") / "root")))
    before = undisturbed.seen()
    began = time.monotonic()
    undisturbed.load(later)
    took = time.monotonic() - began
    after = undisturbed.seen()
    undisturbed.close()
    assert before != after
    return before, after, took


@pytest.fixture
def house(loaded_root: Path, tmp_path: Path) -> Iterator[House]:
    house = House(Path(shutil.copytree(loaded_root, tmp_path / "root")))
    yield house
    house.close()


def _is_mended(house: House, later: Path, before: object, after: object) -> None:
    finish_interrupted(book=house.sink, facts_folder=house.facts_folder)  # as a bot does when it starts
    assert house.seen() in (before, after)
    house.load(later)
    assert house.seen() == after
    assert not (house.facts_folder / ".work").exists()


@pytest.mark.parametrize(
    ("step", "rename"),
    [*((step, 0) for step in _STEPS), *(("", number) for number in _RENAMES)],
    ids=[*_STEPS, *(f"rename {number}" for number in _RENAMES)],
)
def test_a_killed_import_leaves_before_or_after_and_the_next_one_finishes(
    house: House, importers: Nursery, later: Path, seen: tuple[object, object, float], step: str, rename: int
) -> None:
    assert _import_and_die(importers, house.root, later, step=step, rename=rename) == -signal.SIGKILL

    _is_mended(house, later, seen[0], seen[1])


@pytest.mark.parametrize("moment", range(_MOMENTS))
def test_a_kill_at_any_moment_is_no_worse(house: House, later: Path, seen: tuple[object, object, float], moment: int) -> None:
    before, after, took = seen
    wait = took * (moment + random.Random(moment).random()) / _MOMENTS
    command = [sys.executable, "-c", f"import sys; from {_HERE} import import_and_die; import_and_die(sys.argv[1:])"]
    with subprocess.Popen([*command, str(house.root), str(later), "", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "opened\n"
        time.sleep(wait)
        process.kill()

    # On a quick day the last ones come after the end: then nothing is left to mend.
    assert process.returncode in (-signal.SIGKILL, 0)
    _is_mended(house, later, before, after)


def test_a_first_import_that_is_killed_leaves_nothing_or_all(tmp_path: Path, importers: Nursery) -> None:
    house = House(tmp_path)
    empty = house.seen()

    for step in ("opened", "checked transactions", "built transactions", "facts kept", "book written"):
        assert _import_and_die(importers, house.root, HAND_BANK, step=step) == -signal.SIGKILL
        assert finish_interrupted(book=house.sink, facts_folder=house.facts_folder) is False
        assert house.seen() == empty
    assert _import_and_die(importers, house.root, HAND_BANK, step="book committed") == -signal.SIGKILL
    assert finish_interrupted(book=house.sink, facts_folder=house.facts_folder) is True
    assert house.facts.as_of is not None
    assert house.load(HAND_BANK).known
    house.close()
