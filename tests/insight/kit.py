"""A bank written by a test: a few rows of the contract, taken in, judged, and asked in a chat."""

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.app import build
from bot.commands.chat import one_turn
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.assessing.published import PublishedInsight
from crm.assessing.run import assess
from crm.assessing.stage import Stage
from crm.assessing.stages import STAGES
from crm.importing.feeds import FEEDS
from crm.importing.report import ImportReport
from crm.importing.run import import_folder
from domain.party import Party
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.migrate import migrate

TODAY = date(2026, 11, 23)
#: What needs are judged by, for banks of which nothing else is asked.
_OF_NEEDS = ("coverage", "relatives", "purchases", "offers", "page_", "tax_", "evidence", "needs")
NEEDS = tuple(stage for stage in STAGES if stage.name.startswith(_OF_NEEDS))
_GIVEN: dict[str, dict[str, Any]] = {
    "branches": {"name": "溪口支行", "city": "溪口"},
    "staff": {"role": "rm", "branch_id": "B1"},
    "products": {"approval": "APR-1", "as_of": "2026-01-01"},
    "persons": {"branch_id": "B1", "rm_id": "S1", "opened_at": "2020-03-02T10:00:00+08:00"},
    "companies": {"branch_id": "B1", "rm_id": "S1", "opened_at": "2020-03-02T10:00:00+08:00"},
    "accounts": {"kind": "deposit", "opened_on": "2020-03-02"},
    "transactions": {"initiator": "customer", "kind": "payment"},
}


@dataclass
class HandBank:
    """Rows of feeds by the columns that matter; the rest is filled in where the contract needs it."""

    as_of: date = TODAY
    sandbox: bool = False  # second factors of staff are read of an invented bank only
    feeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.feeds:
            self.add("branches", branch_id="B1")
            self.add("staff", staff_id="S1", name="陈敏")

    def add(self, feed: str, **columns: Any) -> "HandBank":
        """One more row."""
        self.feeds.setdefault(feed, []).append(_GIVEN.get(feed, {}) | columns)
        return self

    def person(self, customer_id: str, name: str, *, account: bool = True, **columns: Any) -> "HandBank":
        """A person with a deposit account `A-<id>`."""
        self.add("persons", customer_id=customer_id, name=name, **columns)
        return self.add("accounts", account_id=f"A-{customer_id}", customer_id=customer_id) if account else self

    def company(self, customer_id: str, name: str, *, account: bool = True, **columns: Any) -> "HandBank":
        """A company with a deposit account `A-<id>`."""
        self.add("companies", customer_id=customer_id, name=name, **columns)
        return self.add("accounts", account_id=f"A-{customer_id}", customer_id=customer_id) if account else self

    def paid(self, customer_id: str, on: date | str, amount: float | str = "-100.00", **columns: Any) -> "HandBank":
        """An entry of the account `A-<id>` at ten in the morning."""
        number = len(self.feeds.get("transactions", ())) + 1
        at = f"{on}T10:00:00+08:00"
        return self.add(
            "transactions", **({"transaction_id": f"T{number:06d}", "account_id": f"A-{customer_id}", "at": at, "amount": amount} | columns)
        )

    def write(self, folder: Path) -> Path:
        """The folder of the contract."""
        folder.mkdir(parents=True, exist_ok=True)
        body = {"contract": 2, "bank": "溪口合作银行", "as_of": self.as_of.isoformat(), "time_zone": "Asia/Shanghai"}
        body |= {"sandbox": True} if self.sandbox else {}
        (folder / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
        names = {feed.name: [column.name for column in feed.columns] for feed in FEEDS}
        for name, rows in self.feeds.items():
            columns = [column for column in names[name] if any(column in row for row in rows)]
            unknown = {column for row in rows for column in row} - set(names[name])
            assert not unknown, f"{name} has no {unknown}"
            _write(folder / f"{name}.csv", columns, rows)
        return folder

    def made(self, root: Path, *, stages: Sequence[Stage] = STAGES, day: date | None = None) -> "Made":
        """Written, taken in and judged under `root`."""
        report = take_in(self.write(root / "files"), root / "data")
        return Made(root / "data", assess(root / "data", stages=stages, day=day).day, report)


@dataclass
class Made:
    """A bank that was judged as of `day`. `data` is its PEIBAN_DATA."""

    data: Path
    day: date
    taken: ImportReport | None = None

    def copied(self, root: Path) -> "Made":
        """The same bank of one's own under `root`: nobody has talked there."""
        shutil.copytree(self.data, root / "data")
        return Made(root / "data", self.day, self.taken)

    def rows(self, stage: str, *, on: date = date(2100, 1, 1)) -> list[dict[str, Any]]:
        """All rows of a stage of the latest run."""
        return self._read(stage, None, on)

    def of(self, stage: str, customer_id: str, *, on: date = date(2100, 1, 1)) -> list[dict[str, Any]]:
        """The rows of one customer."""
        return self._read(stage, customer_id, on)

    def said(self, *texts: str, by: str = "rm:S1", at: datetime | None = None) -> str:
        """What came back to the last of the texts of one conversation, at eight in the evening when no other moment is given."""
        return self.turns(*texts, by=by, at=at)[-1]

    def turns(self, *texts: str, by: str = "rm:S1", at: datetime | None = None) -> list[str]:
        """What came back to each text."""
        return ["\n".join(str(reply["text"]) for reply in body["replies"]) for body in self.reports(*texts, by=by, at=at)]

    def reports(self, *texts: str, by: str = "rm:S1", at: datetime | None = None) -> list[dict[str, Any]]:
        """Each turn as `say --json` shows it."""
        moment = at or datetime.combine(self.day, time(20), tzinfo=BANK_ZONE)
        with build(Settings(data=self.data, sandbox=True), clock=lambda: moment) as app:
            party = app.known(Party.parse(by))
            return [dict(one_turn(app, party, text)) for text in texts]

    def _read(self, stage: str, customer_id: str | None, on: date) -> list[dict[str, Any]]:
        insight = PublishedInsight(self.data)
        try:
            return insight.rows(stage, on=on) if customer_id is None else insight.of(stage, customer_id, on=on)
        finally:
            insight.close()


def take_in(folder: Path, data: Path) -> ImportReport:
    """Import a folder into a PEIBAN_DATA."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    at = datetime.combine(date.fromisoformat(manifest["as_of"]), time(23, 30), tzinfo=BANK_ZONE)
    database = Database(f"sqlite:///{data / 'peiban.db'}")
    migrate(database)
    try:
        return import_folder(folder, book=SqlBookSink(database), facts_folder=data / "facts", at=at, sandbox=bool(manifest.get("sandbox")))
    finally:
        database.close()


def _write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
