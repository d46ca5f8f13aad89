"""What of an alert was told and is known: its version, its signs, who did what, and why it was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and make the table of notes."""
    with op.batch_alter_table("alerts") as alerts:
        alerts.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
        alerts.add_column(sa.Column("within_h", sa.BigInteger(), nullable=True))
        alerts.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="{}"))
        alerts.add_column(sa.Column("known", sa.JSON(), nullable=False, server_default="{}"))
        alerts.add_column(sa.Column("standing", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("alert_changes") as changes:
        changes.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
        changes.add_column(sa.Column("actor", sa.Text(), nullable=False, server_default=""))
        changes.add_column(sa.Column("news", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "alert_notes",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
        ),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("pseudonym", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_alert_notes_alert_id", "alert_notes", ["alert_id"])
    op.create_index("ix_alert_notes_pseudonym", "alert_notes", ["pseudonym"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("alert_notes")
    with op.batch_alter_table("alert_changes") as changes:
        for name in ("version", "actor", "news"):
            changes.drop_column(name)
    with op.batch_alter_table("alerts") as alerts:
        for name in ("version", "within_h", "told", "known", "standing"):
            alerts.drop_column(name)
