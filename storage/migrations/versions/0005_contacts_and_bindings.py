"""Contacts and bindings"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("external_userid", sa.String(length=100), nullable=False),
        sa.Column("userid", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=120), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("external_userid", "userid", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_userid", "contacts", ["userid"])
    op.create_table(
        "bindings",
        sa.Column("external_userid", sa.String(length=100), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("external_userid", name=op.f("pk_bindings")),
    )
    op.create_index("ix_bindings_customer_id", "bindings", ["customer_id"])


def downgrade() -> None:
    op.drop_table("bindings")
    op.drop_table("contacts")
