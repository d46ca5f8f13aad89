"""What happened to people, and when a session was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_WORD = sa.String(16)
_MS = sa.BigInteger()


def upgrade() -> None:
    """Make the table of events, and a column for a session's last use."""
    op.create_table(
        "events",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("person_id", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("at_ms", _MS, nullable=False),
        sa.Column("arrived_ms", _MS, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("severity", sa.Double()),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("actor", _ID, nullable=False),
    )
    op.create_index("ix_events_person_id_at_ms", "events", ["person_id", "at_ms"])
    op.add_column("sessions", sa.Column("last_used_ms", _MS))


def downgrade() -> None:
    """Take both back, and what else the version before could not read."""
    op.execute("DELETE FROM statements WHERE subject = 'background'")
    op.execute("DELETE FROM grants WHERE scope IN ('person', 'family')")
    op.drop_column("sessions", "last_used_ms")
    op.drop_table("events")
