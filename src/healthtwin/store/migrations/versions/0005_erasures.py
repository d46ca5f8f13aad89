"""Erasures that were begun: what a crash in the middle of one leaves to be finished."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("pseudonym", sa.String(32), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("erasures")
