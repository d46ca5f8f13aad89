"""The rows of a home that was not encrypted, sealed in one transaction and read again before it ends."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, tuple_, update

from healthtwin.domain.errors import CorruptStorage
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.store.base import PersonRow
from healthtwin.store.keys import HOUSE_KEY, NoKeys, key_id_of
from healthtwin.store.migration import all_tables
from healthtwin.store.sealed import SEALED, Sealer, kind_of, owner_of, written
from healthtwin.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Table

    from healthtwin.store.keys import KeyStore

_AT_A_TIME: Final = 2_000


def seal_rows(url: str, keys: KeyStore) -> dict[str, int]:
    """Seal what every row says about somebody, and leave nothing of how it stood before in the file.

    Nobody else has the database open. It is one transaction: killed at any moment, all rows are as they were
    or all are sealed, and it may be called again.

    Args:
        url: of the records.
        keys: of the home.

    Returns:
        How many rows of each table are sealed.

    Raises:
        CorruptStorage: what was read again is not what was there; nothing was changed.
    """
    with Tables(url, keys=NoKeys()) as tables:
        with tables.writing_connection() as connection:
            key_ids = _keys_of_people(connection, keys)
            counts = {}
            for table in all_tables().sorted_tables:
                if SEALED in table.c:
                    counts[table.name] = _seal_table(connection, table, Sealer(keys), key_ids)
        tables.compact()
    return counts


def _keys_of_people(connection: Connection, keys: KeyStore) -> Mapping[str, int]:
    """The key of everybody, by id and by pseudonym; noted beside them."""
    people = connection.execute(select(PersonRow.id, PersonRow.pseudonym)).all()
    minted = keys.mint_many([person.pseudonym for person in people])
    noted = update(PersonRow.__table__).where(PersonRow.__table__.c.id == bindparam("of"))  # type: ignore[arg-type]
    if people:
        connection.execute(
            noted.values(key_id=bindparam("key")),
            [{"of": person.id, "key": key_id} for person, key_id in zip(people, minted, strict=True)],
        )
    by_id = {person.id: key_id for person, key_id in zip(people, minted, strict=True)}
    return by_id | {person.pseudonym: key_id for person, key_id in zip(people, minted, strict=True)}


def _seal_table(connection: Connection, table: Table, sealer: Sealer, key_ids: Mapping[str, int]) -> int:
    kind = kind_of(table)
    before, count = hashlib.sha256(), 0
    plain = Sealer(NoKeys())
    for rows in _pages(connection, table):
        count += len(rows)
        changed = []
        for row in rows:
            if key_id_of(row[SEALED].stored) != PLAINTEXT_KEY:
                before.update(written(sealer.facts(kind, row)))
                continue
            facts = plain.facts(kind, row)
            before.update(written(facts))
            owner = owner_of(kind, row)
            key_id = HOUSE_KEY if owner is None else key_ids.get(owner)
            if key_id is None:  # about nobody who is there: a trace of somebody who was erased
                key_id = HOUSE_KEY
            changed.append({**_named(table, row), "body": sealer.body(kind, row, facts, key_id)})
        _write(connection, table, changed)
    after, again = hashlib.sha256(), 0
    for rows in _pages(connection, table):
        again += len(rows)
        for row in rows:
            after.update(written(sealer.facts(kind, row)))
    if (count, before.digest()) != (again, after.digest()):
        raise CorruptStorage(f"{table.name}: what was sealed is not what was there; nothing was changed")
    return count


def _write(connection: Connection, table: Table, changed: Sequence[Mapping[str, Any]]) -> None:
    if changed:
        keys = table.primary_key.columns
        statement = update(table).where(*(column == bindparam(f"of_{column.name}") for column in keys))
        connection.execute(statement.values({SEALED: bindparam("body")}), list(changed))


def _named(table: Table, row: RowMapping) -> dict[str, Any]:
    return {f"of_{column.name}": row[column.name] for column in table.primary_key.columns}


def _pages(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """All rows, in the order of their keys, some at a time: none is read while another is written."""
    keys = list(table.primary_key.columns)
    after: Sequence[Any] | None = None
    while True:
        query = select(table).order_by(*keys).limit(_AT_A_TIME)
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*after))
        rows = connection.execute(query).mappings().all()
        if not rows:
            return
        yield rows
        after = [rows[-1][column.name] for column in keys]
