"""Broken glass, notices, whose invitation was a young person's own, what was confirmed since, countries."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_MS = sa.BigInteger()
_TEXT = sa.Text()


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "break_glass",
        sa.Column("id", _ID, primary_key=True),
        _of_person(index=True),
        sa.Column("grant_id", _ID, nullable=False, index=True),
        sa.Column("proof", _ID, nullable=False),
        sa.Column("who", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("at_ms", _MS, nullable=False),
        sa.Column("until_ms", _MS, nullable=False),
        sa.Column("ended_ms", _MS),
        sa.Column("verdict", sa.String(16), nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("id", _ID, primary_key=True),
        _of_person(index=True),
        sa.Column("audience", _ID, nullable=False, index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at_ms", _MS, nullable=False),
        sa.Column("read_ms", _MS),
    )
    op.create_table("own_invitations", _of_grant(), _of_person(primary_key=True, index=True))
    op.create_table(
        "confirmed_relations",
        _of_grant(),
        _of_person(primary_key=True, index=True),
        sa.Column("confirmed_ms", _MS, nullable=False),
    )
    op.create_table(
        "countries", _of_person(primary_key=True), sa.Column("country", sa.String(8), nullable=False)
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("countries", "confirmed_relations", "own_invitations", "notices", "break_glass"):
        op.drop_table(table)


def _of_person(*, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("people.id", ondelete="CASCADE")
    return sa.Column("person_id", _ID, key, primary_key=primary_key, nullable=False, index=index)


def _of_grant() -> sa.Column[str]:
    key = sa.ForeignKey("grants.id", ondelete="CASCADE")
    return sa.Column("grant_id", _ID, key, primary_key=True, nullable=False)
