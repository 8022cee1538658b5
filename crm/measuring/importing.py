"""Measuring within an import: after the snapshot is built, before it counts."""

import duckdb

from crm.importing.sink import BookSink, BookWriter
from crm.measuring.batch import Batch
from crm.measuring.identities import REASONS, REVIEW, IdentityLink, find_links, read_links, write_links
from crm.measuring.lineage import write_lineage
from crm.measuring.quality import write_quality
from crm.measuring.rhythm import write_rhythm


def measure_snapshot(work: duckdb.DuckDBPyConnection, batch: Batch, book: BookSink) -> tuple[IdentityLink, ...]:
    """Write the small files into the built snapshot. Returns the doubtful pairs that the snapshot before did not know."""
    write_lineage(work, batch)
    write_rhythm(work, batch)
    write_quality(work, batch)
    known = read_links(work, batch.before)
    links = known if batch.before and not batch.had("persons", "companies") else _compared(work, batch, book)
    write_links(work, batch, links)
    asked = {link.pair for link in known if link.status == REVIEW}
    return tuple(link for link in links if link.status == REVIEW and link.pair not in asked)


def ask_people(writer: BookWriter, batch: Batch, doubtful: tuple[IdentityLink, ...]) -> None:
    """Open a task for each doubtful pair: once, whatever is imported later."""
    for link in doubtful:
        writer.ask_identity(*link.pair, why=REASONS[link.rule], at=batch.at, assignee=None)


def _compared(work: duckdb.DuckDBPyConnection, batch: Batch, book: BookSink) -> tuple[IdentityLink, ...]:
    with book.reading() as records:
        held = records.identity_rows() if batch.before else ()
        return find_links(work, held, records.identity_decisions())
