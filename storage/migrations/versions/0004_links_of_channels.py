"""Links of channels"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_cursors",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cursor", sa.String(length=200), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel_cursors")),
    )
    op.create_table(
        "channel_tokens",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel_tokens")),
    )
    op.create_table(
        "service_sessions",
        sa.Column("conversation_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("servicer", sa.String(length=80), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_for", sa.String(length=12), nullable=False),
        sa.Column("code_until", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_service_sessions")),
    )


def downgrade() -> None:
    op.drop_table("service_sessions")
    op.drop_table("channel_tokens")
    op.drop_table("channel_cursors")
