"""What the import tests share: a real database and facts folder, the hand-written bank, and small changes to it."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crm.facts import ParquetFacts
from crm.importing.report import ImportReport
from crm.importing.run import Progress, import_folder
from crm.importing.staging import Growth
from storage import book_tables, ledger_tables  # noqa: F401  the tables hang on the metadata once imported
from storage.book import SqlBook
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.metadata import metadata

HAND_BANK = Path(__file__).parents[1] / "data" / "hand_bank"
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass
class House:
    """A database and a facts folder under `root`. `growth` says from which size on a table is given parts."""

    root: Path
    growth: Growth = Growth()  # noqa: RUF009  frozen

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.root}/peiban.db")
        metadata.create_all(self.database.engine)
        self.sink = SqlBookSink(self.database)
        self.facts_folder = self.root / "facts"
        self.facts = ParquetFacts(self.facts_folder)

    def load(self, folder: Path, *, progress: Progress = lambda _: None, sandbox: bool = False) -> ImportReport:
        return import_folder(
            folder, book=self.sink, facts_folder=self.facts_folder, at=AT, progress=progress, sandbox=sandbox, growth=self.growth
        )

    def ask(self, question: Callable[[SqlBook], Any]) -> Any:
        with self.database.reading() as connection:
            return question(SqlBook(connection))

    def seen(self) -> tuple[object, ...]:
        """All that a reader can see: the book and the assets of everybody."""
        people = self.ask(lambda book: tuple(book.customers()))
        assets = tuple(self.facts.assets(customer.id, on=TODAY) for customer in people)
        return people, assets, self.ask(lambda book: tuple(book.people())), self.facts.as_of

    def close(self) -> None:
        self.facts.close()
        self.database.close()


def copy_of(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target)
    return target


def manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    body = {"contract": 1, "bank": "溪口合作银行", "as_of": "2026-11-23", "time_zone": "Asia/Shanghai", **changes}
    path.write_text(json.dumps({key: value for key, value in body.items() if value is not None}), encoding="utf-8")


def append(folder: Path, name: str, *lines: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def rejects(report: ImportReport) -> list[dict[str, str]]:
    assert report.rejects is not None
    with report.rejects.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
