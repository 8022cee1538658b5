"""A delivery of the bank becomes the book and the facts: all of it or nothing, once, whatever is killed in between.

Open the folder, read and check every feed in a database of its own, build the new snapshot beside the old one; then one transaction
for the book, which names the snapshot; then the manifest by rename. Nothing that readers see changes before the transaction.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Self

import duckdb

from crm.importing.book_rows import write_book
from crm.importing.checking import check, problems_of, take_nothing
from crm.importing.cycles import mark_cycles
from crm.importing.dealing_rows import write_dealings
from crm.importing.delivery import Delivery, open_delivery
from crm.importing.faults import NOTHING_CHANGED, TO_BE_FINISHED, blaming, room_on_disk
from crm.importing.feeds import FEEDS
from crm.importing.known import add_known, create_known, expect_own, unchecked_references
from crm.importing.own_names import gather_own_names
from crm.importing.reading import read_file
from crm.importing.report import FeedReport, ImportReport, RejectsFile
from crm.importing.sink import BookSink
from crm.importing.snapshots import FactsFolder, ImportRunning, SnapshotManifest
from crm.importing.staging import Growth, build_snapshot
from crm.measuring.batch import Batch
from crm.measuring.importing import ask_people, measure_snapshot
from domain.book import ImportBatch

_MEMORY = "1100MB"  # more is put on disk beside the facts; with what Python and the files take, a process stays below 2 GB


class Step(str):
    """What was just done, in words. `rows` is how many rows of the delivery it took in."""

    rows: int

    def __new__(cls, told: str, rows: int = 0) -> Self:
        step = super().__new__(cls, told)
        step.rows = rows
        return step


Progress = Callable[[Step], None]


def import_folder(
    folder: Path,
    *,
    book: BookSink,
    facts_folder: Path,
    at: datetime,
    progress: Progress = lambda _: None,
    sandbox: bool = False,
    growth: Growth = Growth(),  # noqa: B008  frozen
) -> ImportReport:
    """Apply a folder that keeps docs/data-contract.md. The same content twice changes nothing the second time.

    Rows that cannot be used are refused one by one (`ImportReport.rejects`); what makes a whole file unusable raises BadInput with
    one line and changes nothing. `progress` hears each step. `growth` says which tables are large. `sandbox` also enrols the second
    factors of a simulated bank.
    """
    delivery = open_delivery(folder, sandbox=sandbox)
    facts = FactsFolder(facts_folder)
    with room_on_disk(NOTHING_CHANGED), facts.exclusive():
        _finish(book, facts)
        progress(Step("opened"))
        with book.reading() as records:
            latest, known = records.latest_batch(), records.batch(delivery.digest)
        current = facts.current()
        previous = current if current and latest and current.snapshot == latest.snapshot else None
        if known and previous:
            return _already(delivery, known, facts)
        return _apply(delivery, book=book, facts=facts, previous=previous, at=at, progress=progress, growth=growth)


def finish_interrupted(*, book: BookSink, facts_folder: Path) -> bool:
    """Publish the facts of an import that was killed after its book was committed. Returns whether there was something to do.

    Every import does this first; a bot does it when it starts. An import that is running will finish what is to finish itself.
    """
    facts = FactsFolder(facts_folder)
    try:
        with facts.exclusive():
            return _finish(book, facts)
    except ImportRunning:
        return False


def _finish(book: BookSink, facts: FactsFolder) -> bool:
    with book.reading() as records:
        latest = records.latest_batch()
    current = facts.current()
    if latest is None or (current and current.snapshot == latest.snapshot) or not facts.snapshot(latest.snapshot).is_dir():
        return False
    facts.publish(latest.snapshot)
    return True


def _apply(
    delivery: Delivery,
    *,
    book: BookSink,
    facts: FactsFolder,
    previous: SnapshotManifest | None,
    at: datetime,
    progress: Progress,
    growth: Growth,
) -> ImportReport:
    before = facts.snapshot(previous.snapshot) if previous else None
    number = facts.next_number()
    name = f"{number:06d}-{delivery.digest[:12]}"
    rejects, built = facts.work / "rejects" / "rejects.csv", facts.work / "snapshot"
    with duckdb.connect(str(facts.work / "work.duckdb"), config=_config(facts.work)) as work:
        work.execute("SET TimeZone = 'Asia/Shanghai'")
        reports, notes = _check_all(work, delivery, before, rejects, progress)
        with book.reading() as records:
            gather_own_names(work, records.name_keys())
        first_on = build_snapshot(
            work,
            delivery.manifest.as_of,
            before=before,
            target=built,
            batch=number,
            growth=growth,
            built=lambda table: progress(Step(f"built {table}")),
        )
        measured = Batch(number=number, delivery=delivery, at=at, reports=reports, rejects=rejects, built=built, before=before)
        doubtful = measure_snapshot(work, measured, book)
        if doubtful:
            notes += (f"ids that may be one customer: {len(doubtful)} new pairs to look at, see python -m bot doctor identities",)
        progress(Step("measured"))
        manifest = SnapshotManifest(
            snapshot=name, as_of=max(delivery.manifest.as_of, previous.as_of if previous else date.min), first_on=first_on
        )
        facts.keep(manifest, built=built, rejects=rejects)
        progress(Step("facts kept"))
        batch = ImportBatch(
            digest=delivery.digest,
            bank=delivery.manifest.bank,
            source=delivery.manifest.source,
            as_of=delivery.manifest.as_of,
            at=at,
            snapshot=name,
            counts=tuple((report.feed, report.taken) for report in reports),
        )
        with book.writing() as writer:
            write_book(work, writer, as_of=delivery.manifest.as_of)
            write_dealings(work, writer, as_of=delivery.manifest.as_of)
            ask_people(writer, measured, doubtful)
            writer.record_batch(batch)
            progress(Step("book written"))
    progress(Step("book committed"))
    with room_on_disk(TO_BE_FINISHED):
        facts.publish(name)
    progress(Step("facts published"))
    return ImportReport(
        digest=delivery.digest,
        bank=delivery.manifest.bank,
        as_of=delivery.manifest.as_of,
        known=False,
        snapshot=name,
        feeds=reports,
        notes=notes,
        rejects=facts.rejects(name) if any(report.rejected for report in reports) else None,
    )


def _check_all(
    work: duckdb.DuckDBPyConnection, delivery: Delivery, before: Path | None, rejects: Path, progress: Progress
) -> tuple[tuple[FeedReport, ...], tuple[str, ...]]:
    notes = [f"{name}: not a file of the contract, left alone" for name in delivery.ignored]
    reports: list[FeedReport] = []
    create_known(work, before)
    with closing(RejectsFile(rejects)) as file_of_rejects:
        for feed in FEEDS:
            path = delivery.files.get(feed.name)
            if path is None:
                take_nothing(work, feed)
                continue
            raw = read_file(work, feed, path)
            notes += [f"{path.name}: the column {column} is not in the contract, left out" for column in raw.unknown]
            unchecked = unchecked_references(work, feed, delivery)
            if raw.rows:
                notes += [f"{feed.name}: no {name} are known, references to them are not checked" for name in sorted(unchecked)]
            problems = problems_of(feed, as_of=delivery.manifest.as_of, unchecked=unchecked)
            expect_own(work, feed)
            with blaming(path):
                check(work, raw, problems)
            mark_cycles(work, feed, as_of=delivery.manifest.as_of, before=before)
            add_known(work, feed)
            reports.append(file_of_rejects.add(work, raw, path.name, problems))
            progress(Step(f"checked {feed.name}", raw.rows))
    return tuple(reports), tuple(notes)


def _already(delivery: Delivery, batch: ImportBatch, facts: FactsFolder) -> ImportReport:
    rejects = facts.rejects(batch.snapshot)
    return ImportReport(
        digest=delivery.digest,
        bank=batch.bank,
        as_of=batch.as_of,
        known=True,
        snapshot=batch.snapshot,
        feeds=(),
        notes=("the same content was imported before; nothing was changed",),
        rejects=rejects if rejects.is_file() and rejects.read_text(encoding="utf-8").count("\n") > 1 else None,
    )


def _config(folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    # Nothing is ever fetched from the network: what DuckDB lacks is an error.
    return {
        "memory_limit": _MEMORY,
        "temp_directory": str(folder),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
