"""What rows say about somebody, under the key that they have now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from healthtwin.store.erasure import Leaving, whose
from healthtwin.store.keys import HOUSE_KEY, key_id_of
from healthtwin.store.migration import all_tables
from healthtwin.store.sealed import SEALED, Sealer, kind_of

if TYPE_CHECKING:
    from healthtwin.store.people import Person
    from healthtwin.store.tables import Tables


def reseal_rows(tables: Tables, person: Person) -> int:
    """Seal every row about a person under their present key, in one transaction; how many were under another.

    Raises:
        CorruptStorage: a row is damaged; nothing was changed.
    """
    sealer, key_id = Sealer(tables.keys), tables.keys.key_of(person.pseudonym)
    leaving, count = Leaving(person.id, person.pseudonym), 0
    with tables.writing_connection() as connection:
        for table in all_tables().sorted_tables:
            about = whose(table, leaving) if SEALED in table.c else None
            if about is None:
                continue
            kind, changed = kind_of(table), []
            for row in connection.execute(select(table).where(about)).mappings().all():
                if key_id_of(row[SEALED].stored) in (key_id, HOUSE_KEY):
                    continue
                body = sealer.body(kind, row, sealer.facts(kind, row), key_id)
                named = {f"of_{column.name}": row[column.name] for column in table.primary_key.columns}
                changed.append({**named, "body": body})
            if changed:
                is_it = [column == bindparam(f"of_{column.name}") for column in table.primary_key.columns]
                statement = update(table).where(*is_it).values({SEALED: bindparam("body")})
                connection.execute(statement, changed)
            count += len(changed)
    return count
