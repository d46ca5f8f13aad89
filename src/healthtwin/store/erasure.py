"""Forgetting a person for good, and telling all that is kept about them: what holds for every room's tables.

A table that holds something about a person says whom by a column `person_id` or `pseudonym`, or hangs by a
foreign key on a row that does; so a new table is erased and exported without another word. What no column
says, a room's `tables.py` erases in a function `erase(session, leaving)` of its own.

An erasure is begun by one transaction that takes the person away and leaves a tombstone; whoever finds the
tombstone carries the erasure out, as often as it takes: what works for them ends, their key is destroyed,
what is about them is deleted. The tombstone goes last, so that a crash only delays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, or_, select

from healthtwin.domain.errors import NotFound
from healthtwin.store.base import ErasureRow, PersonRow, RevisionRow
from healthtwin.store.migration import all_tables, rooms_tables
from healthtwin.store.sealed import SEALED, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, RowMapping, Table
    from sqlalchemy.orm import Session

    from healthtwin.store.sealed import Sealer
    from healthtwin.store.tables import Tables

_OF_NOBODY: Final = frozenset({RevisionRow.__tablename__, ErasureRow.__tablename__})

SECRET_COLUMNS: Final = frozenset(
    {"hash", "former_hash", "secret", "salt", "password", "former_password", "totp", "former_totp"}
    | {"totp_pending", "handle", "client", "shift_weeks"}
)
"""What opens a door or links a pseudonym is no data about the person, and leaves by no export."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody whose erasure has begun: the person themselves can no longer be found.

    Attributes:
        id, pseudonym: as they were.
        devices: ids of what sent readings for them alone.
        proofs: hashes of tokens and sessions that led to them alone: who comes with one hears why it is void.
        rows: how many rows of each table were about them; only known to who began it.
    """

    id: str
    pseudonym: str
    devices: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict, compare=False)


class Erasures:
    """Erasures that were begun and are not done. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def begin(self, person_id: str, now_ms: int) -> Leaving:
        """Take a person away, with all that can act or be read in their name; what is left follows.

        Raises:
            NotFound: no such person.
        """
        tables = all_tables().tables
        devices, grants = tables["devices"], tables["grants"]
        with self._tables.write(changes_access=True) as session:
            person = session.get(PersonRow, person_id)
            if person is None:
                raise NotFound(f"no person {person_id!r}")
            theirs = session.scalars(select(devices.c.id).where(devices.c.person_id == person_id)).all()
            alone = or_(grants.c.device_id.in_(theirs), grants.c.person_id == person_id)
            leading = select(grants.c.id).where(alone)
            proofs = [
                proof
                for table in (tables["tokens"], tables["sessions"])
                for proof in session.scalars(select(table.c.hash).where(table.c.grant_id.in_(leading)))
            ]
            leaving = Leaving(person_id, person.pseudonym, tuple(theirs), tuple(proofs))
            leaving = replace(leaving, rows=_counted(session, leaving))
            session.add(
                ErasureRow(
                    person_id=person_id,
                    pseudonym=person.pseudonym,
                    devices=list(leaving.devices),
                    proofs=proofs,
                    begun_ms=now_ms,
                )
            )
            _erase_rows(session, leaving)
            session.execute(delete(PersonRow).where(PersonRow.id == person_id))
            return leaving

    def pending(self) -> Sequence[Leaving]:
        """Those that are begun and not done, oldest first."""
        with self._tables.read() as session:
            rows = session.scalars(select(ErasureRow).order_by(ErasureRow.begun_ms, ErasureRow.person_id))
            return [
                Leaving(row.person_id, row.pseudonym, tuple(row.devices), tuple(row.proofs)) for row in rows
            ]

    def destroy_key(self, leaving: Leaving) -> None:
        """Destroy their key: what is encrypted with it, here and in every backup, is noise from now on.

        What is about them elsewhere in the home may be read by nobody any more, so it is called when nothing
        works for them any more, and before anything is deleted. It may be called again.
        """
        self._tables.keys.forget_person(leaving.pseudonym, leaving.id, leaving.proofs)

    def was_erased(self, name: str) -> bool:
        """Whether an id or pseudonym is of somebody who was erased, or a hash of what their phone shows."""
        if self._tables.keys.is_erased(name):
            return True
        return any(name in (each.id, each.pseudonym, *each.proofs) for each in self.pending())

    def erase_rows(self, leaving: Leaving) -> None:
        """Delete every row of every room about somebody; what came in since the erasure began, too."""
        with self._tables.write(changes_access=True) as session:
            _erase_rows(session, leaving)

    def done(self, leaving: Leaving) -> None:
        """Nothing is left: forget that they were ever there, in the file's free space too."""
        self._tables.compact()  # what cannot be cleared now is tried again while the tombstone stands
        with self._tables.write(changes_access=True) as session:
            session.execute(delete(ErasureRow).where(ErasureRow.person_id == leaving.id))
        self._tables.compact()


def _counted(session: Session, leaving: Leaving) -> dict[str, int]:
    counts = {}
    for table in all_tables().sorted_tables:
        about = whose(table, leaving)
        if about is not None:
            found = session.scalar(select(func.count()).select_from(table).where(about))
            if found:
                counts[table.name] = found
    return counts


def rows_about(tables: Tables, person_id: str) -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    """Name of each table and what it holds about a person, as of one moment; secrets are left out.

    Raises:
        NotFound: no such person.
    """
    metadata = all_tables()
    with tables.snapshot() as connection:
        people = metadata.tables[PersonRow.__tablename__]
        pseudonym = connection.execute(select(people.c.pseudonym).where(people.c.id == person_id)).scalar()
        if pseudonym is None:
            raise NotFound(f"no person {person_id!r}")
        leaving = Leaving(person_id, pseudonym)
        for table in metadata.sorted_tables:
            about = whose(table, leaving)
            if about is None:
                continue
            found = connection.execute(select(table).where(about)).mappings().all()
            yield table.name, [_shown(table, row, tables.sealer) for row in found]


def _shown(table: Table, row: RowMapping, sealer: Sealer) -> dict[str, object]:
    """A row with its facts in the place of their envelope, without what opens a door."""
    told = dict(row)
    if SEALED in told:
        del told[SEALED]
        told.update(sealer.facts(kind_of(table), row))
    return {name: value for name, value in told.items() if name not in SECRET_COLUMNS}


def whose(table: Table, leaving: Leaving) -> ColumnElement[bool] | None:
    """Which rows of a table are about somebody; None for a table that is about nobody."""
    if table.name in _OF_NOBODY:
        return None
    if table.name == PersonRow.__tablename__:
        return table.c.id == leaving.id
    if "person_id" in table.c:
        return table.c.person_id == leaving.id
    if "pseudonym" in table.c:
        return table.c.pseudonym == leaving.pseudonym
    for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
        owner = key.column.table
        about = whose(owner, leaving)
        if about is not None:
            return key.parent.in_(select(key.column).where(about))
    return None


def _erase_rows(session: Session, leaving: Leaving) -> None:
    metadata = all_tables()
    for room in rooms_tables():
        erase = getattr(room, "erase", None)
        if erase is not None:
            erase(session, leaving)
    for table in reversed(metadata.sorted_tables):
        about = whose(table, leaving)
        if about is not None and table.name != PersonRow.__tablename__:
            session.execute(delete(table).where(about))
