"""Passkeys, the name that they are made for, and identities that a provider vouches for."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_MS = sa.BigInteger()
_HOST = sa.String(253)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "passkeys",
        sa.Column("id", _ID, primary_key=True),
        _of_account(),
        sa.Column("credential", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("rp_id", _HOST, nullable=False),
        sa.Column("device_bound", sa.Boolean(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("last_used_ms", _MS),
        sa.Column("stepped_back_ms", _MS),
        sa.Column("former_ms", _MS),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "relying_party",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("rp_id", _HOST, nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("fixed_ms", _MS, nullable=False),
    )
    op.create_table(
        "identities",
        sa.Column("id", _ID, primary_key=True),
        _of_account(),
        sa.Column("hash", _ID, nullable=False, unique=True),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("last_used_ms", _MS),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Take it back; who signed in by a passkey needs another way in."""
    for table in ("identities", "relying_party", "passkeys"):
        op.drop_table(table)


def _of_account() -> sa.Column[str]:
    key = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    return sa.Column("account_id", _ID, key, nullable=False, index=True)
