"""What moves a person's limits: month of birth, a birth given, a known low pulse, a pacemaker, a height."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; nothing is known of anybody yet."""
    op.add_column("people", sa.Column("own", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("people", "own")
