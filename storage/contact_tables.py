"""Tables of contacts in WeCom, of what WeCom told of them, and of who they are in the book."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from storage.metadata import metadata
from storage.types import Instant

contacts = Table(
    "contacts",
    metadata,
    Column("external_userid", String(100), primary_key=True),
    Column("userid", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("state", String(120), nullable=False),
    Column("tags", Text, nullable=False),  # JSON list
    Column("added_at", Instant, nullable=False),
    Column("left_at", Instant),
    Index("ix_contacts_userid", "userid"),
)

bindings = Table(
    "bindings",
    metadata,
    Column("external_userid", String(100), primary_key=True),
    Column("customer_id", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("how", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Index("ix_bindings_customer_id", "customer_id"),
)

contact_events = Table(
    "contact_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("change", String(60), nullable=False),
    Column("userid", String(100), nullable=False),
    Column("external_userid", String(100), nullable=False),
    Column("fields", Text, nullable=False),  # JSON object
    Column("happened_at", Instant, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant),
    Index("ix_contact_events_stage", "stage", "id"),
)

bind_codes = Table(
    "bind_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("customer_id", String(60), nullable=False),
    Column("how", String(20), nullable=False),
    Column("by", String(120), nullable=False),
    Column("tell", String(255), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_bind_codes_customer_id", "customer_id"),
)

bind_tries = Table(
    "bind_tries",
    metadata,
    Column("external_userid", String(100), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
)
