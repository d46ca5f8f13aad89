"""Accounts and their proofs; sessions that say whose proof began them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_MS = sa.BigInteger()


def _session_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("absolute_ms", _MS, nullable=True),
        sa.Column("verified_ms", _MS, nullable=True),
        sa.Column("client", _ID, nullable=False, server_default=""),
        sa.Column("former_hash", _ID, nullable=True),
        sa.Column("former_until_ms", _MS, nullable=True),
    )


def upgrade() -> None:
    """Make the tables, and the columns of sessions."""
    op.create_table(
        "accounts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column(
            "grant_id", _ID, sa.ForeignKey("grants.id", ondelete="CASCADE"), nullable=False, unique=True
        ),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("handle", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("disabled_ms", _MS),
        sa.Column("enrolled_ms", _MS),
        sa.Column("totp_step", _MS),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reset_ms", _MS),
        sa.Column("rests_until_ms", _MS),
    )
    op.create_table(
        "account_agreements",
        sa.Column("account_id", _ID, sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "person_id", _ID, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
        ),
        sa.Column("agreed_ms", _MS, nullable=False),
    )
    op.create_table(
        "enrolments",
        sa.Column("hash", _ID, primary_key=True),
        _of_account(),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("expires_ms", _MS, nullable=False),
        sa.Column("used_ms", _MS),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("hash", _ID, primary_key=True),
        _of_account(),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("used_ms", _MS),
    )
    op.create_table(
        "known_browsers",
        sa.Column("hash", _ID, primary_key=True),
        _of_account(),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("expires_ms", _MS, nullable=False),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("about", _ID, primary_key=True),
        sa.Column("strikes", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", _MS, nullable=False, index=True),
        sa.Column("asked_ms", _MS, nullable=False),
    )
    op.create_table(
        "account_notices",
        sa.Column("id", _ID, primary_key=True),
        _of_account(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at_ms", _MS, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("seen_ms", _MS),
    )
    op.create_table(
        "session_browsers",
        sa.Column("session_id", _ID, sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    for column in _session_columns():
        op.add_column("sessions", column)
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_former_hash", "sessions", ["former_hash"])


def downgrade() -> None:
    """Take it back; who signed in by an account signs in by a link again."""
    op.execute("DELETE FROM grants WHERE id IN (SELECT grant_id FROM accounts) OR scope = 'service'")
    op.drop_index("ix_sessions_account_id", "sessions")
    op.drop_index("ix_sessions_former_hash", "sessions")
    for column in _session_columns():
        op.drop_column("sessions", column.name)
    for table in (
        "session_browsers",
        "account_notices",
        "sign_in_tries",
        "known_browsers",
        "recovery_codes",
        "enrolments",
        "account_agreements",
        "accounts",
    ):
        op.drop_table(table)


def _of_account() -> sa.Column[str]:
    key = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    return sa.Column("account_id", _ID, key, nullable=False, index=True)
