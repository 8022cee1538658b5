"""Tags of customers, and edits of the service policy"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_tags",
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("contested_at", sa.BigInteger(), nullable=True),
        sa.Column("contested_by", sa.String(length=120), nullable=False),
        sa.Column("marketing", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "tag", "source", name=op.f("pk_customer_tags")),
    )
    op.create_table(
        "service_policies",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("term", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_policies")),
    )


def downgrade() -> None:
    op.drop_table("service_policies")
    op.drop_table("customer_tags")
