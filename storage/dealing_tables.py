"""Tables of the book for what carries names, words or a state. `as_of` guards as in `storage.book_tables`."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text

from storage.metadata import metadata
from storage.types import Instant, Money

_ID = String(60)

relations = Table(
    "relations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("customer_id", _ID, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("related_id", _ID, index=True),
    Column("related_name", String(120), nullable=False),
    Column("share", Money),
    Column("scope", String(120), nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("as_of", Date, nullable=False),
)

complaints = Table(
    "complaints",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("customer_id", _ID, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("channel", String(60), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("staff_id", _ID),
    Column("about_staff_id", _ID),
    Column("text", Text, nullable=False),
    Column("acknowledged_at", Instant),
    Column("resolved_at", Instant),
    Column("outcome", String(20), nullable=False),
    Column("as_of", Date, nullable=False),
)
Index("ix_complaints_customer", complaints.c.customer_id, complaints.c.opened_at)

entitlements = Table(
    "entitlements",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("customer_id", _ID, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("granted_on", Date, nullable=False),
    Column("value", Money),
    Column("uplift", Money),
    Column("product_code", _ID, nullable=False),
    Column("approval", String(80), nullable=False),
    Column("expires_on", Date),
    Column("redeemed_at", Instant),
    Column("redeemed_by", _ID, nullable=False),
    Column("as_of", Date, nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("customer_id", _ID, nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("staff_id", _ID),
    Column("product_code", _ID, nullable=False),
    Column("order_id", _ID, nullable=False),
    Column("segments", JSON, nullable=False),
    Column("quality", Integer),
    Column("sha256", String(64), nullable=False),
    Column("location", String(200), nullable=False),
    Column("product_ends_on", Date),
    Column("disputed", Boolean, nullable=False),
    Column("as_of", Date, nullable=False),
)

watchlist = Table(
    "watchlist",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("listed_on", Date, nullable=False),
    Column("id_number", String(40), nullable=False),
    Column("source", String(80), nullable=False),
    Column("removed_on", Date),
    Column("as_of", Date, nullable=False),
)

identity_decisions = Table(
    "identity_decisions",
    metadata,
    Column("first_id", _ID, primary_key=True),
    Column("second_id", _ID, primary_key=True),
    Column("same", Boolean, nullable=False),
    Column("decided_by", String(120), nullable=False),
    Column("at", Instant, nullable=False),
)
