"""What an import did, and the file of the rows that it refused."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from crm.importing.checking import CONFLICT, REPEATED, Problem
from crm.importing.reading import RawFile
from crm.importing.schema import Feed

_HEADER = ("file", "row", "column", "reason", "value")
_SHOWN = 40


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
        feed = raw.feed
        rejected = [(bad.row, "", f"{bad.cells} cells where the header has {bad.expected}", "") for bad in raw.malformed]
        repeated = 0
        cursor = work.execute(
            f"SELECT c.g, c.problem, r.* EXCLUDE (g) FROM checked_{feed.name} AS c JOIN raw_{feed.name} AS r ON r.g = c.g "
            "WHERE c.problem IS NOT NULL ORDER BY c.g"
        )
        names = [column.name for column in feed.columns]
        while chunk := cursor.fetchmany(1_000):
            for g, problem, *texts in chunk:
                if problem == REPEATED:
                    repeated += 1
                    continue
                column, reason = _blame(feed, problem, problems)
                value = dict(zip(names, texts, strict=True))[column]
                rejected.append((raw.row(g), column, reason, _shown(feed, column, value)))
        for row, column, reason, value in sorted(rejected):
            self._writer.writerow((file, row, column, reason, value))
        total = raw.rows + len(raw.malformed)
        return FeedReport(
            feed=feed.name,
            file=file,
            rows=total,
            taken=total - repeated - len(rejected),
            repeated=repeated,
            rejected=len(rejected),
        )


def _blame(feed: Feed, problem: int, problems: tuple[Problem, ...]) -> tuple[str, str]:
    if problem == CONFLICT:
        return feed.key[0], "the same key as an earlier row, with other values"
    return problems[problem].column, problems[problem].reason


def _shown(feed: Feed, column: str, value: Any) -> str:
    text = " ".join(str(value or "").split())
    if text and feed.column(column).personal:
        return text[0] + "***"
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{shown}" if shown[:1] in "=@" and shown else shown
