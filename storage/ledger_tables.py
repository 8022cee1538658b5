"""Tables of the ledger: what came in, what goes out, who owns which conversation, work for people, and the audit chain."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.metadata import metadata
from storage.types import Instant

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(40), nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("conversation_id", String(200), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("sender", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", String(12), nullable=False),  # pending | working | done | dead
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("worker", String(80)),
    Column("ended_at", Instant),
    Column("error", String(300)),
    UniqueConstraint("channel", "message_id"),
    UniqueConstraint("conversation_id", "seq"),
)
_open_inbox = text("status IN ('pending', 'working')")
Index("ix_inbox_open", inbox.c.conversation_id, inbox.c.seq, sqlite_where=_open_inbox, postgresql_where=_open_inbox)
Index("ix_inbox_due", inbox.c.id, sqlite_where=_open_inbox, postgresql_where=_open_inbox)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("party", String(120), nullable=False, index=True),
    Column("owner", String(10), nullable=False),
    Column("staff", String(60)),
    Column("waiting_since", Instant),
    Column("owned_since", Instant),
    Column("last_human_at", Instant),
    Column("state", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
_with_people = text("owner <> 'bot'")
Index("ix_conversations_people", conversations.c.owner, sqlite_where=_with_people, postgresql_where=_with_people)

transcript = Table(
    "transcript",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("extra", JSON),
    Column("ai_generated", Boolean, nullable=False),
)
Index("ix_transcript_conversation", transcript.c.conversation_id, transcript.c.id)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("occasion", String(200), unique=True),
    Column("conversation_id", String(200), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("recipient", String(120), nullable=False),
    Column("purpose", String(12), nullable=False),
    Column("draft", JSON, nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("until", Instant),
    Column("lease_until", Instant),
    Column("worker", String(80)),
    Column("sent_at", Instant),
    Column("text", Text),
    Column("receipt", String(200)),
    Column("findings", JSON),
    Column("released_by", String(120)),
    Column("error", String(300)),
    Column("trace_id", String(40), nullable=False),
)
_open_outbox = text("status IN ('pending', 'sending')")
Index("ix_outbox_open", outbox.c.conversation_id, outbox.c.id, sqlite_where=_open_outbox, postgresql_where=_open_outbox)
Index("ix_outbox_due", outbox.c.not_before, outbox.c.id, sqlite_where=_open_outbox, postgresql_where=_open_outbox)
Index("ix_outbox_trace", outbox.c.trace_id)
_sent_touch = text("status IN ('sent', 'asked') AND purpose IN ('touch', 'marketing')")
Index("ix_outbox_contacts", outbox.c.recipient, outbox.c.sent_at, sqlite_where=_sent_touch, postgresql_where=_sent_touch)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(240), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("status", String(12), nullable=False),
    Column("title", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("customer_id", String(60), index=True),
    Column("assignee", String(60), index=True),
    Column("conversation_id", String(200)),
    Column("urgency", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("closed_at", Instant),
    Column("outcome", String(12)),
)

leads = Table(
    "leads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("need", String(60), nullable=False),
    Column("customer_id", String(60), nullable=False, index=True),
    Column("slots", JSON, nullable=False),
    Column("quote", Text, nullable=False),
    Column("conversation_id", String(200), nullable=False),
    Column("status", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
)

stepup_secrets = Table(
    "stepup_secrets",
    metadata,
    Column("staff_id", String(60), primary_key=True),
    Column("secret", String(200), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
)

stepup_grants = Table(
    "stepup_grants",
    metadata,
    Column("staff_id", String(60), primary_key=True),
    Column("conversation_id", String(200), primary_key=True),
    Column("customer_id", String(60), primary_key=True),
    Column("until", Instant, nullable=False),
)
