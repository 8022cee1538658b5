"""Checked rows of relations, complaints, entitlements, recordings and the watchlist as the vocabulary of the book."""

from datetime import date

import duckdb

from crm.importing.rows import Row, instant_of, instant_or_none, list_of, taken_rows
from crm.importing.sink import BookWriter
from domain.dealings import Complaint, CustomerRelation, Entitlement, Recording, WatchlistEntry


def write_dealings(work: duckdb.DuckDBPyConnection, writer: BookWriter, *, as_of: date) -> None:
    """Hand every taken row to the open transaction."""
    writer.put_relations(map(_relation, taken_rows(work, "relations")), as_of=as_of)
    writer.put_complaints(map(_complaint, taken_rows(work, "complaints")), as_of=as_of)
    writer.put_entitlements(map(_entitlement, taken_rows(work, "entitlements")), as_of=as_of)
    writer.put_recordings(map(_recording, taken_rows(work, "recordings")), as_of=as_of)
    writer.put_watchlist(map(_entry, taken_rows(work, "watchlist")), as_of=as_of)


def _relation(row: Row) -> CustomerRelation:
    return CustomerRelation(
        id=row["relation_id"],
        customer_id=row["customer_id"],
        kind=row["kind"],
        related_id=row["related_id"],
        related_name=row["related_name"] or "",
        share=row["share"],
        scope=row["scope"] or "",
        since=row["since"],
        until=row["until"],
    )


def _complaint(row: Row) -> Complaint:
    return Complaint(
        id=row["complaint_id"],
        customer_id=row["customer_id"],
        opened_at=instant_of(row["opened_at"]),
        channel=row["channel"] or "",
        topic=row["topic"] or "",
        severity=row["severity"],
        staff_id=row["staff_id"],
        about_staff_id=row["about_staff_id"],
        text=row["text"] or "",
        acknowledged_at=instant_or_none(row["acknowledged_at"]),
        resolved_at=instant_or_none(row["resolved_at"]),
        outcome=row["outcome"] or "",
    )


def _entitlement(row: Row) -> Entitlement:
    return Entitlement(
        id=row["entitlement_id"],
        customer_id=row["customer_id"],
        kind=row["kind"],
        name=row["name"],
        granted_on=row["granted_on"],
        value=row["value"],
        uplift=row["uplift"],
        product_code=row["product_code"] or "",
        approval=row["approval"] or "",
        expires_on=row["expires_on"],
        redeemed_at=instant_or_none(row["redeemed_at"]),
        redeemed_by=row["redeemed_by"] or "",
    )


def _recording(row: Row) -> Recording:
    return Recording(
        id=row["recording_id"],
        customer_id=row["customer_id"],
        started_at=instant_of(row["started_at"]),
        ended_at=instant_or_none(row["ended_at"]),
        staff_id=row["staff_id"],
        product_code=row["product_code"] or "",
        order_id=row["order_id"] or "",
        segments=list_of(row["segments"]),
        quality=row["quality"],
        sha256=row["sha256"] or "",
        location=row["location"] or "",
        product_ends_on=row["product_ends_on"],
        disputed=row["disputed"],
    )


def _entry(row: Row) -> WatchlistEntry:
    return WatchlistEntry(
        id=row["entry_id"],
        name=row["name"],
        kind=row["kind"],
        listed_on=row["listed_on"],
        id_number=row["id_number"] or "",
        source=row["source"] or "",
        removed_on=row["removed_on"],
    )
