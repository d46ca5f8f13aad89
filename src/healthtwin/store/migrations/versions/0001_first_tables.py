"""People, access, alerts, deliveries, webhooks.

Names of constraints and indexes follow the naming convention of `healthtwin.store.base.Base`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(64)
_PSEUDONYM = sa.String(32)
_WORD = sa.String(16)
_MS = sa.BigInteger()
_WHOLE = sa.BigInteger()
_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TABLES = (
    "revision",
    "people",
    "devices",
    "grants",
    "grant_people",
    "tokens",
    "sign_in_links",
    "sessions",
    "alerts",
    "alert_aliases",
    "alert_changes",
    "deliveries",
    "receipts",
    "webhooks",
)


def upgrade() -> None:
    """Make the first tables."""
    revision_row = op.create_table(
        "revision",
        sa.Column("id", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("count", _WHOLE, nullable=False),
    )
    op.bulk_insert(revision_row, [{"id": 1, "count": 0}])
    _people()
    _grants()
    _proofs()
    _alerts()
    _deliveries()


def downgrade() -> None:
    """Take the first tables back, and everything in them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _owned_by(
    column: str, target: str, *, nullable: bool = False, primary_key: bool = False
) -> sa.Column[str]:
    return sa.Column(
        column,
        _ID,
        sa.ForeignKey(target, ondelete="CASCADE"),
        nullable=nullable,
        primary_key=primary_key,
        index=not (primary_key and column == "grant_id"),  # the primary key begins with it
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("pseudonym", _PSEUDONYM, nullable=False, unique=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", _WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("birth_year", _WHOLE),
        sa.Column("sex", sa.Text()),
        sa.Column("pregnant", sa.Boolean(), nullable=False),
        sa.Column("spo2_scale_2", sa.Boolean(), nullable=False),
        sa.Column("false_alarms_per_week", sa.Double(), nullable=False),
        sa.Column("silence_after_ms", _MS),
        sa.Column("alarms", sa.Boolean(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("profile_revision", _WHOLE, nullable=False),
        sa.Column("created_ms", _MS, nullable=False),
    )
    op.create_table(
        "devices",
        sa.Column("id", _ID, primary_key=True),
        _owned_by("person_id", "people.id"),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_ms", _MS, nullable=False),
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("scope", _WORD, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        _owned_by("device_id", "devices.id", nullable=True),
        sa.Column("created_ms", _MS, nullable=False),
    )
    op.create_table(
        "grant_people",
        _owned_by("grant_id", "grants.id", primary_key=True),
        _owned_by("person_id", "people.id", primary_key=True),
    )


def _proofs() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        _owned_by("grant_id", "grants.id"),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("expires_ms", _MS),
        sa.Column("revoked_ms", _MS),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("hash", sa.String(64), primary_key=True),
        _owned_by("grant_id", "grants.id"),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("expires_ms", _MS, nullable=False),
        sa.Column("used_ms", _MS),
    )
    op.create_table(
        "sessions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        _owned_by("grant_id", "grants.id"),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("expires_ms", _MS, nullable=False),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("first_id", _ID, nullable=False),
        sa.Column("pseudonym", _PSEUDONYM, nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("level", _WHOLE, nullable=False),
        sa.Column("state", _WORD, nullable=False, index=True),
        sa.Column("started_ms", _MS, nullable=False),
        sa.Column("raised_ms", _MS, nullable=False),
        sa.Column("updated_ms", _MS, nullable=False),
        sa.Column("resolved_ms", _MS),
        sa.Column("snoozed_until_ms", _MS),
        sa.Column("evidence", sa.JSON(), nullable=False),
    )
    op.create_index("ix_alerts_pseudonym_raised_ms", "alerts", ["pseudonym", "raised_ms"])
    op.create_table(
        "alert_aliases",
        sa.Column("alias", _ID, primary_key=True),
        sa.Column("alert_id", _ID, nullable=False, index=True),
    )
    op.create_table(
        "alert_changes",
        sa.Column("number", _COUNTED, primary_key=True),
        sa.Column("change_id", _ID, nullable=False, unique=True),
        sa.Column("alert_id", _ID, nullable=False, index=True),
        sa.Column("pseudonym", _PSEUDONYM, nullable=False, index=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("level", _WHOLE, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("at_ms", _MS, nullable=False),
        sa.Column("arrived_ms", _MS, nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("idempotency_key", sa.String(200), primary_key=True),
        sa.Column("alert_id", _ID, nullable=False, index=True),
        sa.Column("pseudonym", _PSEUDONYM, nullable=False, index=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", _WORD, nullable=False),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("next_attempt_ms", _MS, nullable=False),
        sa.Column("created_ms", _MS, nullable=False),
        sa.Column("updated_ms", _MS, nullable=False),
    )
    op.create_index("ix_deliveries_status_next_attempt_ms", "deliveries", ["status", "next_attempt_ms"])
    op.create_table(
        "receipts",
        sa.Column("number", _COUNTED, primary_key=True),
        sa.Column(
            "idempotency_key",
            sa.String(200),
            sa.ForeignKey("deliveries.idempotency_key", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("attempt", _WHOLE, nullable=False),
        sa.Column("at_ms", _MS, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.UniqueConstraint("idempotency_key", "attempt"),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        _owned_by("person_id", "people.id", nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_ms", _MS, nullable=False),
    )
