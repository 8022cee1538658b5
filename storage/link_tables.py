"""Tables of what we hold of WeCom and the like: where reading stopped, shared access tokens, and who answers on their side."""

from sqlalchemy import Column, Integer, String, Table, Text

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

service_sessions = Table(
    "service_sessions",
    metadata,
    Column("conversation_id", String(200), primary_key=True),
    Column("state", Integer, nullable=False),
    Column("servicer", String(80), nullable=False),
    Column("code", Text, nullable=False),
    Column("code_for", String(12), nullable=False),
    Column("code_until", Instant),
    Column("changed_at", Instant, nullable=False),
)
