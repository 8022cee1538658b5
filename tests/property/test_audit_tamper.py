"""No record of the audit chain can be changed in a single bit, taken out, put in or swapped without being noticed."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.audit import AuditRecord
from domain.party import BOT
from storage.engine import Database
from storage.migrate import migrate
from storage.records import SqlStore
from tests.crash.bank import MORNING

RECORDS = 5
COLUMNS = ("seq", "at", "actor", "action", "subject", "purpose", "detail", "hash")


@dataclass
class Chain:
    """A chain in a file, and a second hand on the same file."""

    store: SqlStore
    hand: sqlite3.Connection

    def broken_at(self) -> int | None:
        with self.store.reading() as records:
            return records.audit.verify()


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    database = Database(f"sqlite:///{tmp_path}/audit.db")
    migrate(database)
    store = SqlStore(database)
    for number in range(RECORDS):
        with store.writing() as records:
            records.audit.append(
                AuditRecord(
                    at=MORNING, actor=str(BOT), action="outbound.sent", subject="customer:C1", purpose="reply",
                    detail=(("trace", f"in-{number}"), ("原因", "客户同意")),
                )
            )  # fmt: skip
    hand = sqlite3.connect(tmp_path / "audit.db", isolation_level=None)
    yield Chain(store, hand)
    hand.close()
    database.close()


def flips(value: int | bytes) -> Iterator[int | bytes]:
    """The value with each of its bits turned, one at a time."""
    if isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(62))
        return
    for place in range(len(value)):
        for bit in range(8):
            yield value[:place] + bytes([value[place] ^ (1 << bit)]) + value[place + 1 :]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_single_bit_of_every_column_counts(chain: Chain, column: str) -> None:
    tried = 0
    for seq in (1, 3, RECORDS):
        (kept,) = chain.hand.execute(f"SELECT {column} FROM audit WHERE seq = ?", (seq,)).fetchone()
        value = kept.encode() if isinstance(kept, str) else kept
        as_stored = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
        for changed in flips(value):
            if column == "seq" and changed in range(1, RECORDS + 1):
                continue  # the key is taken: the database itself refuses
            chain.hand.execute(f"UPDATE audit SET {column} = {as_stored} WHERE seq = ?", (changed, seq))
            assert chain.broken_at() is not None, (column, seq, changed)
            tried += 1
            where = changed if column == "seq" else seq
            chain.hand.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (kept, where))
    assert chain.broken_at() is None
    assert tried > 100


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("INSERT INTO audit SELECT 6, at, actor, action, subject, purpose, detail, hash FROM audit WHERE seq = 5", 6),
        (
            "UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3);"
            "UPDATE audit SET seq = -seq WHERE seq < 0",
            2,
        ),
        ("UPDATE audit SET detail = NULL WHERE 0; UPDATE audit SET detail = 'nothing' WHERE seq = 4", 4),
        ("UPDATE audit SET detail = '[]' WHERE seq = 4", 4),
        ("UPDATE audit SET at = 'never' WHERE seq = 1", 1),
    ],
)
def test_records_cannot_be_taken_out_put_in_swapped_or_spoiled(chain: Chain, change: str, where: int) -> None:
    chain.hand.executescript(change)

    assert chain.broken_at() == where
