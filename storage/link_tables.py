"""Tables of what we hold of channels that are pulled: where we stopped reading, and the access tokens that several processes share."""

from sqlalchemy import Column, String, Table, Text

from storage.metadata import metadata
from storage.types import Instant

channel_cursors = Table(
    "channel_cursors",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("cursor", String(200), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),
)

channel_tokens = Table(
    "channel_tokens",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("token", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
