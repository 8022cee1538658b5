"""A disk that fills while an import writes: one clear line, everything as before, and the next import does the work."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import event

from domain.errors import BadInput
from tests.integration.import_kit import HAND_BANK, TODAY, House, append, copy_of

pytestmark = pytest.mark.long(seconds=15)

# A process that may write no file beyond so many bytes: the system refuses it as it does on a full disk.
_IMPORT_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from domain.errors import BadInput
from tests.integration.import_kit import House

house = House(Path(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
try:
    house.load(Path(sys.argv[3]))
except BadInput as fault:
    print(fault)
"""
_KIB = 1024


@pytest.fixture
def house(loaded_root: Path, tmp_path: Path) -> Iterator[House]:
    house = House(Path(shutil.copytree(loaded_root, tmp_path / "root")))
    yield house
    house.close()


def _larger(tmp_path: Path, form: str) -> Path:
    """A delivery whose facts are more than 1 MB."""
    folder = copy_of(HAND_BANK, tmp_path / "larger")
    (folder / "transactions.csv").unlink()
    duckdb.connect().execute(
        f"""COPY (SELECT md5(i::VARCHAR) AS transaction_id, 'K1-1' AS account_id, '2026-11-01T10:00:00+08:00' AS "at",
            1.00::DECIMAL(15, 2) AS amount, 'customer' AS initiator, 'payment' AS kind FROM range(60000) AS t (i))
        TO '{folder}/transactions.{form}'"""
    )
    return folder


@pytest.mark.parametrize(("form", "room"), [("parquet", 1), ("parquet", 64), ("parquet", 300), ("parquet", 900), ("csv", 300)])
def test_a_full_disk_is_one_line_and_changes_nothing(house: House, tmp_path: Path, form: str, room: int) -> None:
    larger = _larger(tmp_path, form)
    before = house.seen()
    house.database.close()

    command = [sys.executable, "-c", _IMPORT_WITHOUT_ROOM, str(Path(__file__).parents[2]), str(house.root), str(larger), str(room * _KIB)]
    done = subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert "nothing was changed" in line
    assert house.seen() == before
    assert house.load(larger).known is False
    activity = house.facts.activity("K1", on=TODAY, days=30)
    assert activity is not None
    assert activity.transactions == 60_002, "two of them were there before"


def test_a_database_without_room_is_one_line_too(house: House, tmp_path: Path) -> None:
    folder = copy_of(HAND_BANK, tmp_path / "people")
    many = (f"M{number},人{number},male,,,,,W01,Z1,2026-11-23T10:15:00+08:00" for number in range(2_000))
    append(folder, "persons.csv", *many)
    before = house.seen()
    house.database.close()

    def keep_small(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # SQLite takes the size that the file has

    event.listen(house.database.engine, "connect", keep_small)
    with pytest.raises(BadInput, match="no room; nothing was changed"):
        house.load(folder)
    event.remove(house.database.engine, "connect", keep_small)
    house.database.close()

    assert house.seen() == before
    house.load(folder)
    assert len(house.ask(lambda book: tuple(book.customers()))) == len(before[0]) + 2_000
