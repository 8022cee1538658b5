"""Texts that a member must confirm in WeCom"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SENT = "status = 'sent' AND purpose IN ('touch', 'marketing')"
_SENT_OR_ASKED = "status IN ('sent', 'asked') AND purpose IN ('touch', 'marketing')"


def _contacts_index(where: str) -> None:
    op.drop_index("ix_outbox_contacts", table_name="outbox")
    op.create_index("ix_outbox_contacts", "outbox", ["recipient", "sent_at"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "mass_tasks",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("userid", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("msgid", sa.String(length=120), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mass_tasks")),
    )
    op.create_index("ix_mass_tasks_msgid", "mass_tasks", ["msgid"])
    still = sa.text("status <> 'ended'")
    op.create_index("ix_mass_tasks_open", "mass_tasks", ["id"], sqlite_where=still, postgresql_where=still)
    op.create_table(
        "mass_targets",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("external_userid", sa.String(length=100), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("userid", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mass_targets")),
    )
    op.create_index("ix_mass_targets_external_userid", "mass_targets", ["external_userid"])
    op.create_index("ix_mass_targets_task_id", "mass_targets", ["task_id"])
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_mass_targets_waiting", "mass_targets", ["key"], sqlite_where=waiting, postgresql_where=waiting)
    _contacts_index(_SENT_OR_ASKED)


def downgrade() -> None:
    _contacts_index(_SENT)
    op.drop_table("mass_targets")
    op.drop_table("mass_tasks")
