"""Whoever comes with a token of somebody who was erased hears so: its hash goes into the list of erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("erasures", sa.Column("proofs", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("erasures", "proofs")
