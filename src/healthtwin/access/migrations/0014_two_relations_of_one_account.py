"""Relations that were taken into a sign-in beside its own, and in which of two a session acts."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.String(64)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "joined_grants",
        sa.Column("grant_id", _ID, sa.ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "to_grant_id", _ID, sa.ForeignKey("grants.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("joined_ms", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "acting",
        sa.Column("proof", _ID, primary_key=True),
        sa.Column(
            "person_id",
            _ID,
            sa.ForeignKey("people.id", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
            index=True,
        ),
        sa.Column("relation", sa.String(10), nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("acting", "joined_grants"):
        op.drop_table(table)
