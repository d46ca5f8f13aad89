"""Exports that lie ready: whose, for whom, until when; in `HOME/exports`, sealed under the person's key."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from sqlalchemy import delete, func, select

from healthtwin.domain import HOUR_MS, SECOND_MS
from healthtwin.domain.errors import NotFound, RateLimited, StorageError
from healthtwin.house.export.kept_file import SealedReader
from healthtwin.house.tables import ExportRow
from healthtwin.store.base import PersonRow
from healthtwin.store.secrets import new_id

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.house.export.wanted import Wanted
    from healthtwin.store import Home, Tables
    from healthtwin.store.people import Person

FOLDER: Final = "exports"

LIFETIME_MS: Final = 6 * HOUR_MS
"""A slow line brings it within an evening, and what nobody fetches does not lie about over night."""

MOST_READY: Final = 3
"""For one person at a time: each is a copy of everything, and costs the house half a minute."""

MAKING: Final = "making"
READY: Final = "ready"
FAILED: Final = "failed"

GONE: Final = "this export is not here, or its time is over; ask for a new one"
"""Said of one that never was, of somebody else's, and of one that has ended: the three are not told apart."""

_OWNER_ONLY: Final = 0o700
_OWNER_FILE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Kept:
    """An export somebody asked for.

    Attributes:
        grant_id: the only asker who may fetch it. key_id: under which it is sealed.
        state: `making`, `ready` or `failed`.
        size, digest: bytes and SHA-256 of the file, once it is ready.
        asked_ms, expires_ms: on the wall clock.
    """

    id: str
    person_id: str
    grant_id: str
    key_id: int
    state: str
    size: int
    digest: str
    from_ms: int
    to_ms: int
    language: str
    asked_ms: int
    expires_ms: int


class KeptExports:
    """The rows and the files. What has ended is not there, whether it was swept away or not."""

    def __init__(self, home: Home, tables: Tables) -> None:
        self._home = home
        self._tables = tables

    def begin(self, person: Person, grant_id: str, wanted: Wanted) -> tuple[Kept, BinaryIO]:
        """A new one, and the file that it goes into.

        Raises:
            NotFound: no such person any more.
            RateLimited: too many lie ready.
            StorageError: the file cannot be made.
        """
        now_ms = wanted.made_ms
        row = ExportRow(
            id=new_id("x-"),
            person_id=person.id,
            grant_id=grant_id,
            key_id=self._tables.keys.key_of(person.pseudonym),
            state=MAKING,
            size=0,
            digest="",
            from_ms=wanted.from_ms,
            to_ms=wanted.to_ms,
            language=wanted.language,
            asked_ms=now_ms,
            expires_ms=now_ms + LIFETIME_MS,
        )
        path = self._path(person.pseudonym, row.id)
        file = _new_file(path)
        try:
            # The file first: an erasure that begins before the row is there finds the file, one that begins
            # after it takes the row, and then nobody can.
            with self._tables.write() as session:
                if session.get(PersonRow, person.id) is None:
                    raise NotFound(f"no person {person.id!r}")
                live = (
                    ExportRow.person_id == person.id,
                    ExportRow.expires_ms > now_ms,
                    ExportRow.state != FAILED,
                )
                count, first_ms = session.execute(
                    select(func.count(), func.min(ExportRow.expires_ms)).where(*live)
                ).one()
                if count >= MOST_READY:
                    raise RateLimited(
                        f"{count} exports lie ready or are being made; fetch one, or delete one",
                        (first_ms - now_ms) / SECOND_MS,
                    )
                session.add(row)
                session.flush()
                return _kept(row), file
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise

    def find(self, person_id: str, export_id: str, grant_id: str, now_ms: int) -> Kept:
        """One that is there, for the one who asked for it.

        Raises:
            NotFound: it is not, it has ended, or it is somebody else's.
        """
        with self._tables.read() as session:
            row = session.get(ExportRow, export_id)
            if (
                row is None
                or row.person_id != person_id
                or row.grant_id != grant_id
                or row.expires_ms <= now_ms
            ):
                raise NotFound(GONE)
            return _kept(row)

    def list(self, person_id: str, grant_id: str, now_ms: int) -> list[Kept]:
        """Those that one asker may fetch, or will be able to, the oldest first."""
        query = select(ExportRow).where(
            ExportRow.person_id == person_id, ExportRow.grant_id == grant_id, ExportRow.expires_ms > now_ms
        )
        with self._tables.read() as session:
            return [_kept(row) for row in session.scalars(query.order_by(ExportRow.asked_ms, ExportRow.id))]

    def done(self, kept: Kept, size: int, digest: str) -> bool:
        """It is ready; False when nobody wants it any more."""
        return self._set(kept, state=READY, size=size, digest=digest)

    def failed(self, kept: Kept, person: Person) -> None:
        """It could not be made: that stands there until it ends, the file does not."""
        self._set(kept, state=FAILED)
        self._path(person.pseudonym, kept.id).unlink(missing_ok=True)

    def open(self, kept: Kept, person: Person) -> SealedReader:
        """Its bytes.

        Raises:
            NotFound: the file is gone.
        """
        try:
            file = self._path(person.pseudonym, kept.id).open("rb")
        except FileNotFoundError:
            raise NotFound(GONE) from None
        return SealedReader(file, self._tables.keys, kept.key_id, kept.id, kept.size)

    def drop(self, kept: Kept, person: Person) -> None:
        """Delete one before its time."""
        with self._tables.write() as session:
            session.execute(delete(ExportRow).where(ExportRow.id == kept.id))
        self._path(person.pseudonym, kept.id).unlink(missing_ok=True)

    def sweep(self, now_ms: int, *, unfinished: bool = False) -> None:
        """Delete what has ended, and every file that no row speaks of.

        Args:
            unfinished: what is being made, too: whoever made it is gone.
        """
        with self._tables.write() as session:
            session.execute(delete(ExportRow).where(ExportRow.expires_ms <= now_ms))
            if unfinished:
                session.execute(delete(ExportRow).where(ExportRow.state == MAKING))
            wanted = set(session.scalars(select(ExportRow.id).where(ExportRow.state != FAILED)))
        for path in self._folder.glob("*/x-*"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)
        for folder in self._folder.glob("*"):
            with suppress(OSError):  # not empty
                folder.rmdir()

    @property
    def _folder(self) -> Path:
        return self._home.path / FOLDER

    def _path(self, pseudonym: str, export_id: str) -> Path:
        return self._folder / pseudonym / export_id

    def _set(self, kept: Kept, **values: str | int) -> bool:
        with self._tables.write() as session:
            row = session.get(ExportRow, kept.id)
            if row is None:
                return False
            for name, value in values.items():
                setattr(row, name, value)
            return True


def drop_exports(home: Home, pseudonym: str) -> None:
    """Delete every file that was made to be taken away by somebody who is erased; may be called again.

    Raises:
        StorageError: one could not be deleted.
    """
    folder = home.path / FOLDER / pseudonym
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"{folder}: cannot be deleted ({error})") from error


def _new_file(path: Path) -> BinaryIO:
    try:
        path.parent.parent.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        path.parent.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_FILE)
    except OSError as error:
        raise StorageError(f"{path}: cannot be made ({error})") from error
    return os.fdopen(handle, "wb")


def _kept(row: ExportRow) -> Kept:
    return Kept(
        row.id,
        row.person_id,
        row.grant_id,
        row.key_id,
        row.state,
        row.size,
        row.digest,
        row.from_ms,
        row.to_ms,
        row.language,
        row.asked_ms,
        row.expires_ms,
    )
