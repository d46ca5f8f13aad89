"""All records from one database into another, whichever kinds they are: for backups, and for moving house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select, text

from healthtwin.domain.errors import Conflict
from healthtwin.store.base import RevisionRow
from healthtwin.store.migration import all_tables
from healthtwin.store.tables import Tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_ROWS_AT_A_TIME: Final = 1_000


def transfer(source_url: str, target_url: str) -> None:
    """Copy every record, as one snapshot, into a database that holds none; all of them or nothing.

    Raises:
        Conflict: when the target holds records already.
        StorageError, ConfigurationError: as `Tables`.
    """
    with (
        Tables(source_url) as source,
        Tables(target_url) as target,
        source.snapshot() as old,
        target.writing_connection() as new,
    ):
        _require_empty(new, target.shown)
        for table in all_tables().sorted_tables:
            _copy(table, old, new)


def _require_empty(connection: Connection, shown: str) -> None:
    for table in all_tables().sorted_tables:
        if table.name != RevisionRow.__tablename__:
            count = connection.execute(select(func.count()).select_from(table)).scalar_one()
            if count:
                raise Conflict(
                    f"{shown}: holds records already ({count} in {table.name}); name an empty database"
                )


def _copy(table: Table, old: Connection, new: Connection) -> None:
    if table.name == RevisionRow.__tablename__:
        new.execute(table.delete())
    found = old.execution_options(yield_per=_ROWS_AT_A_TIME).execute(select(table)).mappings()
    for rows in found.partitions():
        new.execute(insert(table), [dict(row) for row in rows])
    if new.dialect.name == "postgresql" and "number" in table.c:
        # Rows came with their numbers, so the sequence behind them has not moved.
        sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'number'), :last)")
        last = new.execute(select(func.max(table.c.number))).scalar_one()
        if last is not None:
            new.execute(sequence, {"name": table.name, "last": last})
