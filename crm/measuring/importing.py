"""Measuring within an import: after the snapshot is built, before it counts."""

from dataclasses import dataclass

import duckdb

from crm.importing.sink import BookSink, BookWriter
from crm.measuring.batch import Batch
from crm.measuring.identities import FILE, REASONS, REVIEW, IdentityLink, find_links, managers_of, read_links, write_links
from crm.measuring.lineage import write_lineage
from crm.measuring.quality import write_quality
from crm.measuring.rhythm import write_rhythm
from crm.measuring.small import present


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A doubtful pair, and who is to look at it: a relationship manager of one of the two, if there is one."""

    link: IdentityLink
    assignee: str | None


def measure_snapshot(work: duckdb.DuckDBPyConnection, batch: Batch, book: BookSink) -> tuple[Question, ...]:
    """Write the small files into the built snapshot. Returns the doubtful pairs that the snapshot before did not know."""
    write_lineage(work, batch)
    write_rhythm(work, batch)
    write_quality(work, batch)
    known = read_links(work, batch.before)
    same = present(batch.before, FILE) and not batch.had("persons", "companies")
    links = known if same else _compared(work, batch, book)
    write_links(work, batch, links)
    asked = {link.pair for link in known if link.status == REVIEW}
    doubtful = [link for link in links if link.status == REVIEW and link.pair not in asked]
    return tuple(Question(link=link, assignee=next(iter(managers_of(work, link)), None)) for link in doubtful)


def ask_people(writer: BookWriter, batch: Batch, doubtful: tuple[Question, ...]) -> None:
    """Open a task for each doubtful pair: once, whatever is imported later."""
    for one in doubtful:
        writer.ask_identity(*one.link.pair, why=REASONS[one.link.rule], at=batch.at, assignee=one.assignee)


def _compared(work: duckdb.DuckDBPyConnection, batch: Batch, book: BookSink) -> tuple[IdentityLink, ...]:
    with book.reading() as records:
        held = records.identity_rows() if batch.before else ()
        return find_links(work, held, records.identity_decisions())
