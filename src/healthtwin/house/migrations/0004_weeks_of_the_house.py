"""What the house has learned of its own forecasts, week by week."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "house_weeks",
        sa.Column("week_ms", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("allowed", sa.Double(), nullable=False),
        sa.Column("false_alarms", sa.Double(), nullable=False),
        sa.Column("site_offset", sa.Double(), nullable=False),
        sa.Column("drift", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("house_weeks")
