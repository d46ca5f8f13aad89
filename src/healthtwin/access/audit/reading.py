"""Reading the audit back: who looked at somebody, and what the operator should hear of."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from healthtwin.access.audit.entry import ALARM_SUBJECT, erased_subject
from healthtwin.access.audit.file import AUDIT_FILE
from healthtwin.access.audit.keys import address_key, erased_mark
from healthtwin.access.tables import GrantRow
from healthtwin.engines.sqlite import open_shared, storage_errors
from healthtwin.store.erasure import Erasures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from healthtwin.engines.sqlite import Database
    from healthtwin.store import Home, Tables

_ABOUT: Final = """
SELECT entry FROM entries WHERE seq IN (
    SELECT seq FROM subjects WHERE subject = ?
    UNION SELECT s.seq FROM subjects s WHERE s.subject IN (
        SELECT t.subject FROM subjects t WHERE t.subject LIKE 'set:%' AND t.seq IN (
            SELECT seq FROM subjects WHERE subject = ?
        )
    )
) AND seq > ? ORDER BY seq
"""
"""Entries that name a person, and those that name a set of people which another spells out, them in it."""

_NEWEST: Final = _ABOUT.replace("ORDER BY seq", "ORDER BY seq DESC LIMIT ?")

_ALARMS: Final = (
    "SELECT entry FROM entries WHERE seq IN "
    "(SELECT seq FROM subjects WHERE subject = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq DESC"
)


def looks_at(home: Home, pseudonym: str, after: int = 0) -> Iterator[dict[str, Any]]:
    """Every entry about somebody, the oldest first; others may be writing.

    Args:
        home: whose audit; nothing is told where there is none.
        pseudonym: whose.
        after: only those after this number.
    """
    path = home.path / AUDIT_FILE
    if not path.exists():
        return
    with storage_errors(path), closing(open_shared(path, read_only=True)) as database:
        for (entry,) in database.execute(_ABOUT, (pseudonym, pseudonym, after)):
            yield _shown(json.loads(entry), pseudonym)


def newest_looks(home: Home, pseudonym: str, most: int) -> list[dict[str, Any]]:
    """The newest entries about somebody, the newest first."""
    path = home.path / AUDIT_FILE
    if not path.exists():
        return []
    with storage_errors(path), closing(open_shared(path, read_only=True)) as database:
        rows = database.execute(_NEWEST, (pseudonym, pseudonym, 0, most)).fetchall()
    return [_shown(json.loads(entry), pseudonym) for (entry,) in rows]


def alarms_of(path: Path, most: int) -> list[dict[str, Any]]:
    """Entries that the operator is told of, the newest first."""
    if not path.exists():
        return []
    with storage_errors(path), closing(open_shared(path, read_only=True)) as database:
        return _rows(database, most)


def grant_labels(tables: Tables) -> dict[str, str]:
    """What grants are called, by their ids; of those that are gone only the id is left."""
    with tables.read() as session:
        return {row.id: row.label for row in session.scalars(select(GrantRow)) if row.label}


def was_erased(home: Home, tables: Tables, person_id: str) -> bool:
    """Whether somebody of this id was erased here, as keys or the audit itself remember."""
    if Erasures(tables).was_erased(person_id):
        return True
    path = home.path / AUDIT_FILE
    if not path.exists():
        return False
    subject = erased_subject(erased_mark(person_id, address_key(home)))
    with storage_errors(path), closing(open_shared(path, read_only=True)) as database:
        return database.execute("SELECT 1 FROM subjects WHERE subject = ?", (subject,)).fetchone() is not None


def _rows(database: Database, most: int) -> list[dict[str, Any]]:
    found = database.execute(_ALARMS, (ALARM_SUBJECT, most)).fetchall()
    return [json.loads(entry) for (entry,) in found]


def _shown(body: dict[str, Any], pseudonym: str) -> dict[str, Any]:
    """An entry as it is told about one person: who else stood on the list is not their matter."""
    if "people" in body:
        return {**body, "people": {"count": body["people"]["count"]}, "person": pseudonym}
    return body
