"""Genes, current medicines, and what they make of each other."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_WORD = sa.String(16)
_MS = sa.BigInteger()
_WHOLE = sa.BigInteger()
_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of what was stated about somebody, and of findings."""
    op.create_table(
        "statements",
        sa.Column(
            "person_id", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        sa.Column("subject", _WORD, primary_key=True, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("revision", _WHOLE, nullable=False),
        sa.Column("logged_revision", _WHOLE, nullable=False),
        sa.Column("actor", _ID, nullable=False),
        sa.Column("stated_ms", _MS, nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("number", _COUNTED, primary_key=True),
        sa.Column(
            "person_id", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("specialty", sa.String(32), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("urgency", _WHOLE, nullable=False),
        sa.Column("confidence", sa.Double()),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("contraindications", sa.JSON(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("found_ms", _MS, nullable=False),
    )


def downgrade() -> None:
    """Take the two tables back, and everything in them."""
    op.drop_table("findings")
    op.drop_table("statements")
