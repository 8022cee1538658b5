"""docs/data-contract.md says what the importer does: its tables are those of the schema, its examples are taken."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm.importing.describe import as_json, example_row, page
from crm.importing.feeds import CONTRACT_VERSION, FEEDS
from crm.importing.feeds.truth import TRUTH
from crm.importing.run import import_folder
from crm.importing.schema import Feed
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.migrate import migrate

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "data-contract.md").read_text(encoding="utf-8")


def test_the_page_and_the_file_for_machines_say_what_the_schema_has() -> None:
    assert page(PAGE) == PAGE, "run python -m crm.importing.describe"
    assert as_json() == (DOCS / "data-contract.json").read_text(encoding="utf-8"), "run python -m crm.importing.describe"


def test_the_page_names_the_version() -> None:
    assert f"version {CONTRACT_VERSION}" in PAGE.splitlines()[0]


@pytest.mark.parametrize("feed", [*FEEDS, *TRUTH], ids=lambda feed: feed.name)
def test_the_schema_is_consistent(feed: Feed) -> None:
    names = [column.name for column in feed.columns]

    assert len(set(names)) == len(names)
    assert set(feed.key) <= {column.name for column in feed.columns if column.required}
    assert {check.column for check in feed.checks} <= set(names)
    for column in feed.columns:
        assert not column.allowed or column.default is None or column.default in column.allowed
        assert not column.allowed or column.example in ("", *column.allowed)


@pytest.mark.slow
def test_the_examples_of_the_page_are_a_bank_that_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    folder.mkdir()
    manifest = json.loads(PAGE.split("```json\n")[1].split("```")[0])
    (folder / "manifest.json").write_text(json.dumps({**manifest, "sandbox": True}), encoding="utf-8")
    for feed in FEEDS:
        header = ",".join(column.name for column in feed.columns)
        rows = [example_row(feed)]
        if feed.name == "staff":  # the example names a deputy
            rows.append("S0004,林书瑶,rm,B001" + "," * (header.count(",") - 3))
        if feed.name == "products":  # and the account a current account
            rows.append(rows[0].replace("P-104", "P-001"))
        (folder / f"{feed.name}.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path}/book.db")
    migrate(database)

    report = import_folder(
        folder, book=SqlBookSink(database), facts_folder=tmp_path / "facts", at=datetime(2026, 11, 24, tzinfo=UTC), sandbox=True
    )
    database.close()

    refused = list(csv.reader(report.rejects.read_text(encoding="utf-8").splitlines())) if report.rejects else []
    assert refused == []
    assert report.taken == len(FEEDS) + 2
