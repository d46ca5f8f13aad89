"""As what a grant reaches a person and until when, what people let others see, and who added a webhook.

Grants of before become what they were: a phone and a device their person's own, a relative family, a
clinician treating. An admin of before named nobody, and sees nobody from here on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, fill the relations from the scopes, and make the table of consents."""
    op.add_column(
        "grants", sa.Column("every_person", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("grant_people", sa.Column("relation", sa.String(10), nullable=False, server_default="none"))
    op.add_column("grant_people", sa.Column("until_ms", sa.BigInteger(), nullable=True))
    op.add_column("grant_people", sa.Column("rests", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE grant_people SET relation = 'self' "
        "WHERE grant_id IN (SELECT id FROM grants WHERE scope IN ('device', 'person'))"
    )
    op.execute(
        "UPDATE grant_people SET relation = 'family' "
        "WHERE grant_id IN (SELECT id FROM grants WHERE scope = 'family')"
    )
    op.execute(
        "UPDATE grant_people SET relation = 'treating' "
        "WHERE grant_id IN (SELECT id FROM grants WHERE scope IN ('clinician', 'admin'))"
    )
    op.add_column("webhooks", sa.Column("grant_id", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "consents",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("stated_by", sa.String(64), nullable=False),
        sa.Column("stated_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_consents_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_consents"),
    )


def downgrade() -> None:
    """Take it back: what people kept back, everybody with a relation sees again."""
    op.drop_table("consents")
    # In place: a table that is made anew by copying would take everything along that hangs on its rows.
    op.drop_column("webhooks", "grant_id")
    for name in ("relation", "until_ms", "rests"):
        op.drop_column("grant_people", name)
    op.drop_column("grants", "every_person")
