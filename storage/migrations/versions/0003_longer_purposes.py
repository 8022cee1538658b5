"""Purposes of consent as long as the data contract has them"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("purpose", existing_type=sa.String(length=20), type_=sa.String(length=40), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("purpose", existing_type=sa.String(length=40), type_=sa.String(length=20), existing_nullable=False)
