"""The table of what customers sent beside words."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.metadata import metadata
from storage.types import Instant

media_pieces = Table(
    "media_pieces",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("conversation_id", String(200), nullable=False),
    Column("media_id", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("status", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("content_type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("kept_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    UniqueConstraint("channel", "message_id"),
    Index("ix_media_pieces_conversation_id", "conversation_id"),
    Index(
        "ix_media_pieces_wanted",
        "not_before",
        sqlite_where=text("status = 'wanted'"),
        postgresql_where=text("status = 'wanted'"),
    ),
)
