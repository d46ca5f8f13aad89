"""What a row says about somebody lies together in one column, `sealed`; as JSON until the home is encrypted.

Tables that others refer to are changed where they are: SQLite would delete what hangs on a table that is
made anew.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from healthtwin.domain.errors import ConfigurationError

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.String(64)
_WHOLE = sa.BigInteger()
_TEXT, _JSON, _YES, _BYTES = sa.Text(), sa.JSON(), sa.Boolean(), sa.LargeBinary()
_REAL: sa.Double[float] = sa.Double()
_WORD = sa.String(16)

_FACTS: dict[str, dict[str, tuple[Any, bool]]] = {
    "people": {
        "name": (_TEXT, False),
        "timezone": (_TEXT, False),
        "birth_year": (_WHOLE, True),
        "sex": (_TEXT, True),
        "pregnant": (_YES, False),
        "spo2_scale_2": (_YES, False),
        "false_alarms_per_week": (_REAL, False),
        "silence_after_ms": (_WHOLE, True),
        "alarms": (_YES, False),
        "own": (_JSON, False),
        "labels": (_JSON, False),
    },
    "statements": {"content": (_JSON, False)},
    "devices": {"label": (_TEXT, False)},
    "grants": {"label": (_TEXT, False)},
    "events": {
        "kind": (_WORD, False),
        "text": (_TEXT, False),
        "severity": (_REAL, True),
        "codes": (_JSON, False),
    },
    "findings": {
        "hypothesis": (_TEXT, False),
        "confidence": (_REAL, True),
        "evidence": (_JSON, False),
        "contraindications": (_JSON, False),
    },
    "alerts": {
        "dedup_key": (_TEXT, False),
        "rule": (_TEXT, False),
        "evidence": (_JSON, False),
        "told": (_JSON, False),
        "known": (_JSON, False),
        "standing": (_JSON, False),
    },
    "alert_changes": {
        "verb": (_TEXT, False),
        "rule": (_TEXT, False),
        "evidence": (_JSON, False),
        "news": (_JSON, False),
    },
    "alert_notes": {"reason": (_TEXT, False), "note": (_TEXT, False)},
    "deliveries": {"body": (_TEXT, False)},
    "webhooks": {"url": (_TEXT, False), "secret": (_BYTES, False)},
    "break_glass": {"who": (_TEXT, False), "reason": (_TEXT, False), "verdict": (_WORD, False)},
    "notices": {"facts": (_JSON, False)},
    "countries": {"country": (_WORD, False)},
}
"""Table → fact → (its column's type, whether it may be empty)."""

_KEYS = {
    "statements": ("person_id", "subject"),
    "findings": ("number",),
    "alert_changes": ("number",),
    "alert_notes": ("number",),
    "deliveries": ("idempotency_key",),
    "countries": ("person_id",),
}
"""Primary keys of those that are not named by `id`."""

_NAMED_ANEW = {"findings": "f-", "alert_notes": "n-"}
"""Tables whose rows only had numbers, and the prefix of the names that they get."""

_AT_A_TIME = 5_000


def upgrade() -> None:
    """Put the facts together, and take their columns away."""
    for table, facts in _FACTS.items():
        op.add_column(table, sa.Column("sealed", _BYTES, nullable=False, server_default=""))
        if table in _NAMED_ANEW:
            op.add_column(table, sa.Column("id", _ID, nullable=False, server_default=""))
        _rewrite(table, facts, _together)
        for fact in facts:
            op.drop_column(table, fact)
        if table in _NAMED_ANEW:
            with op.batch_alter_table(table) as changed:
                changed.create_unique_constraint(op.f(f"uq_{table}_id"), ["id"])
    op.add_column("grants", sa.Column("person_id", _ID, nullable=True))
    op.create_index("ix_grants_person_id", "grants", ["person_id"])
    op.execute(
        "UPDATE grants SET person_id = (SELECT min(person_id) FROM grant_people WHERE grant_id = grants.id) "
        "WHERE (SELECT count(*) FROM grant_people WHERE grant_id = grants.id) = 1"
    )


def downgrade() -> None:
    """Give every fact its column again; only where they are not encrypted."""
    op.drop_index("ix_grants_person_id", "grants")
    op.drop_column("grants", "person_id")
    for table, facts in _FACTS.items():
        for fact, (kind, empty) in facts.items():
            default = None if empty else _blank(kind)
            op.add_column(table, sa.Column(fact, kind, nullable=empty, server_default=default))
        _rewrite(table, facts, _apart)
        if table in _NAMED_ANEW:
            with op.batch_alter_table(table) as changed:
                changed.drop_constraint(op.f(f"uq_{table}_id"), type_="unique")
            op.drop_column(table, "id")
        op.drop_column(table, "sealed")


def _blank(kind: Any) -> str:  # noqa: ANN401 - SQLAlchemy's types have no common name here
    """What stands in a new column until it is written a moment later."""
    if isinstance(kind, sa.JSON):
        return "{}"
    return "" if isinstance(kind, sa.Text | sa.String | sa.LargeBinary) else "0"


def _together(table: str, row: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    said = {fact: row[fact] for fact in facts}
    if table == "webhooks":
        said["secret"] = bytes(said["secret"]).hex()
    written: dict[str, Any] = {"sealed": json.dumps(said, separators=(",", ":")).encode()}
    if table in _NAMED_ANEW:
        written["id"] = _NAMED_ANEW[table] + secrets.token_hex(8)
    return written


def _apart(table: str, row: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    if not bytes(row["sealed"]).startswith(b"{"):
        raise ConfigurationError(
            f"{table}: encrypted, which no earlier version can read; restore the backup made before"
        )
    said = json.loads(row["sealed"])
    if table == "webhooks":
        said["secret"] = bytes.fromhex(said["secret"])
    return {fact: said.get(fact) for fact in facts}


def _rewrite(
    name: str,
    facts: dict[str, Any],
    change: Callable[[str, dict[str, Any], dict[str, Any]], dict[str, Any]],
) -> None:
    """Set columns of every row by what stands in others."""
    keys = _KEYS.get(name, ("id",))
    extra = [sa.column("id", _ID)] if name in _NAMED_ANEW else []
    columns = [sa.column(fact, kind) for fact, (kind, _) in facts.items()]
    table = sa.table(name, *(sa.column(key) for key in keys), sa.column("sealed", _BYTES), *columns, *extra)
    read = [table.c[key] for key in keys]
    read += [table.c[fact] for fact in facts] if change is _together else [table.c.sealed]
    connection = op.get_bind()
    for rows in _pages(connection, sa.select(*read), [table.c[key] for key in keys]):
        written = [change(name, row, facts) for row in rows]
        update = table.update().values({each: sa.bindparam(each) for each in written[0]})
        for key in keys:
            update = update.where(table.c[key] == sa.bindparam(f"of_{key}"))
        named = [{f"of_{key}": row[key] for key in keys} for row in rows]
        connection.execute(update, [{**of, **into} for of, into in zip(named, written, strict=True)])


def _pages(
    connection: sa.Connection, query: sa.Select[Any], keys: list[Any]
) -> Iterator[list[dict[str, Any]]]:
    """All rows, some at a time: none is read while another is written."""
    query, after = query.order_by(*keys).limit(_AT_A_TIME), None
    while True:
        asked = query if after is None else query.where(sa.tuple_(*keys) > after)
        rows = [dict(row) for row in connection.execute(asked).mappings()]
        if not rows:
            return
        yield rows
        after = sa.tuple_(*(sa.literal(rows[-1][key.name]) for key in keys))
