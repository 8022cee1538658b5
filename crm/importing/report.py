"""What an import did, and the file of the rows that it refused."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import merge
from pathlib import Path
from typing import Any

import duckdb

from crm.importing.checking import CONFLICT, CYCLE, REPEATED, Problem
from crm.importing.cycles import CYCLE_COLUMN, CYCLE_REASON
from crm.importing.reading import RawFile, count
from crm.importing.schema import Feed

_HEADER = ("file", "row", "column", "reason", "value")
_SHOWN = 40
_ROWS = 10_000  # in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """One file. `rows` = `taken` + `repeated` (equal to an earlier row) + `rejected`."""

    feed: str
    file: str
    rows: int
    taken: int
    repeated: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """One delivery. `known` means that the same content was applied before and nothing was done."""

    digest: str
    bank: str
    as_of: date
    known: bool
    snapshot: str
    feeds: tuple[FeedReport, ...]
    notes: tuple[str, ...]
    rejects: Path | None

    @property
    def taken(self) -> int:
        """All rows that were taken."""
        return sum(feed.taken for feed in self.feeds)

    @property
    def rejected(self) -> int:
        """All rows that were refused."""
        return sum(feed.rejected for feed in self.feeds)


class RejectsFile:
    """rejects.csv: file, row (the header is row 1), column, reason, value. Personal values are masked but for the first character."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(_HEADER)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def add(self, work: duckdb.DuckDBPyConnection, raw: RawFile, file: str, problems: tuple[Problem, ...]) -> FeedReport:
        """Write the refused rows of one feed in the order of the file and count them."""
        feed, rejected = raw.feed, 0
        malformed = ((bad.row, "", f"{bad.cells} cells where the header has {bad.expected}", "") for bad in raw.malformed)
        for line in merge(malformed, self._refused(work, raw, problems)):
            self._writer.writerow((file, *line))
            rejected += 1
        repeated = count(work, f"problems_{feed.name} WHERE problem = {REPEATED}")
        total = raw.rows + len(raw.malformed)
        return FeedReport(
            feed=feed.name,
            file=file,
            rows=total,
            taken=total - repeated - rejected,
            repeated=repeated,
            rejected=rejected,
        )

    def _refused(self, work: duckdb.DuckDBPyConnection, raw: RawFile, problems: tuple[Problem, ...]) -> Iterator[tuple[int, str, str, str]]:
        feed, number = raw.feed, raw.numbering()
        kinds = [
            int(row[0]) for row in work.execute(f"SELECT DISTINCT problem FROM problems_{feed.name} WHERE problem <> {REPEATED}").fetchall()
        ]
        if not kinds:
            return
        blamed = {kind: _blame(feed, kind, problems) for kind in kinds}
        values = " ".join(f"WHEN {kind} THEN {_as_text(column, raw.stored.get(column))}" for kind, (column, _) in blamed.items())
        cursor = work.execute(
            f"SELECT bad.g, bad.problem, CASE bad.problem {values} END FROM problems_{feed.name} AS bad "
            f"JOIN raw_{feed.name} AS r ON r.g = bad.g WHERE bad.problem <> {REPEATED} ORDER BY bad.g"
        )
        while chunk := cursor.fetchmany(_ROWS):
            for g, kind, value in chunk:
                column, reason = blamed[kind]
                yield number(g), column, reason, _shown(feed, column, value)


def _blame(feed: Feed, problem: int, problems: tuple[Problem, ...]) -> tuple[str, str]:
    if problem == CYCLE:
        return CYCLE_COLUMN, CYCLE_REASON
    if problem == CONFLICT:
        return feed.key[0], "the same key as an earlier row, with other values"
    return problems[problem].column, problems[problem].reason


def _as_text(column: str, stored: str | None) -> str:
    if stored == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(r.\"{column}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%f') || 'Z'"
    return f'CAST(r."{column}" AS VARCHAR)'


def _shown(feed: Feed, column: str, value: Any) -> str:
    text = " ".join(str(value or "").split())
    if text and feed.column(column).personal:
        return text[0] + "***"
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{shown}" if shown[:1] in "=@" and shown else shown
