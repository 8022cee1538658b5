"""An import that is killed anywhere leaves the bank as it was or as it will be, and the next one finishes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.importing.run import finish_interrupted
from tests.integration.import_kit import HAND_BANK, House, append, copy_of

pytestmark = pytest.mark.crash

# A process of its own that imports and kills itself: at a step that the import tells, or just before its n-th rename.
_IMPORT_AND_DIE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.integration.import_kit import House

root, folder, step, rename = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5])
renames = 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def watch(event, arguments):
    global renames
    if event == "os.rename" and str(root / "facts") in str(arguments[0]):
        renames += 1
        if renames == rename:
            die()

sys.addaudithook(watch)
House(root).load(folder, progress=lambda told: die() if told == step else None)
"""
_STEPS = ("opened", "checked staff", "checked transactions", "facts kept", "book written", "book committed", "facts published")


def _import_and_die(root: Path, folder: Path, *, step: str = "", rename: int = 0) -> int:
    house = Path(__file__).parents[2]
    command = [sys.executable, "-c", _IMPORT_AND_DIE, str(house), str(root), str(folder), step, str(rename)]
    return subprocess.run(command, check=False, timeout=60).returncode


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
def later(tmp_path: Path) -> Path:
    folder = copy_of(HAND_BANK, tmp_path / "later")
    append(folder, "balances.csv", "K5-1,2026-11-23,5.00,")
    append(folder, "persons.csv", "K9,新人,male,,,,,W01,Z1,2026-11-23T10:15:00+08:00")
    append(folder, "accounts.csv", "K9-1,K9,deposit,CNY,2026-11-23,")
    append(folder, "balances.csv", "K9-1,2026-11-23,88.00,")
    return folder


@pytest.fixture
def after(tmp_path: Path, later: Path) -> object:
    """What the house will look like, from one that nobody killed."""
    root = tmp_path / "undisturbed"
    root.mkdir()
    undisturbed = House(root)
    undisturbed.load(HAND_BANK)
    undisturbed.load(later)
    seen = undisturbed.seen()
    undisturbed.close()
    return seen


@pytest.mark.parametrize(
    ("step", "rename"), [*((step, 0) for step in _STEPS), ("", 1), ("", 2), ("", 3)], ids=[*_STEPS, "rename 1", "rename 2", "rename 3"]
)
def test_a_killed_import_leaves_before_or_after_and_the_next_one_finishes(
    house: House, later: Path, after: object, step: str, rename: int
) -> None:
    house.load(HAND_BANK)
    before = house.seen()

    code = _import_and_die(house.root, later, step=step, rename=rename)

    assert code == -signal.SIGKILL
    finish_interrupted(book=house.sink, facts_folder=house.facts_folder)  # as a bot does when it starts
    assert house.seen() in (before, after)
    house.load(later)
    assert house.seen() == after
    assert not (house.facts_folder / ".work").exists()


def test_a_first_import_that_is_killed_leaves_nothing_or_all(house: House) -> None:
    empty = house.seen()

    for step in _STEPS[:5]:
        assert _import_and_die(house.root, HAND_BANK, step=step) == -signal.SIGKILL
        assert finish_interrupted(book=house.sink, facts_folder=house.facts_folder) is False
        assert house.seen() == empty
    assert _import_and_die(house.root, HAND_BANK, step="book committed") == -signal.SIGKILL
    assert finish_interrupted(book=house.sink, facts_folder=house.facts_folder) is True
    assert house.facts.as_of is not None
    assert house.load(HAND_BANK).known
