"""Tables of texts that a member must confirm in WeCom."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from storage.metadata import metadata
from storage.types import Instant

mass_tasks = Table(
    "mass_tasks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("userid", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("status", String(12), nullable=False),  # asking | asked | ended
    Column("msgid", String(120), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("reminded", Integer, nullable=False),
    Column("reminded_at", Instant),
    Index("ix_mass_tasks_msgid", "msgid"),
)
_open_task = text("status <> 'ended'")
Index("ix_mass_tasks_open", mass_tasks.c.id, sqlite_where=_open_task, postgresql_where=_open_task)

mass_targets = Table(
    "mass_targets",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("external_userid", String(100), nullable=False),
    Column("customer_id", String(60), nullable=False),
    Column("userid", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("collected_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("task_id", Integer, index=True),
    Column("status", String(12), nullable=False),  # waiting | sent | refused | capped | expired | withdrawn | unknown
    Column("settled_at", Instant),
    Index("ix_mass_targets_external_userid", "external_userid"),
)
_waiting_target = text("status = 'waiting'")
Index("ix_mass_targets_waiting", mass_targets.c.key, sqlite_where=_waiting_target, postgresql_where=_waiting_target)
