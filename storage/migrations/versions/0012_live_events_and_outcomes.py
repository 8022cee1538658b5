"""Events of customers as they come, and how a task ended"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_events",
        sa.Column("event_id", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("page", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_live_events")),
    )
    op.create_index("ix_live_events_customer_id_at", "live_events", ["customer_id", "at"])
    op.create_index("ix_live_events_judged_at", "live_events", ["judged_at"])
    op.add_column("tasks", sa.Column("outcome", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "outcome")
    op.drop_table("live_events")
