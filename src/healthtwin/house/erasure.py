"""Forgetting a person, whether or not the home is being served: who begins it, and who carries it out."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from healthtwin.access import HOUSE, Audit, wall_ms
from healthtwin.domain.errors import StorageBusy
from healthtwin.house.certificate import certificate_of
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.base import PersonRow
from healthtwin.store.erasure import Erasures
from healthtwin.store.people import People
from healthtwin.stream import SqliteLog, StateFile

if TYPE_CHECKING:
    from healthtwin.store import Home
    from healthtwin.store.erasure import Leaving
    from healthtwin.store.keys import Keys

SERVED_WITHIN_S: Final = 60.0
"""How long a command waits for the process that serves the home; that one notices within a second."""

_LOOK_AGAIN_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of an erasure.

    Attributes:
        done: nothing is left; False: whoever serves the home has not finished yet.
        erased_ms: when that was. certificate: signed, for the person; both None until it is done.
    """

    done: bool
    erased_ms: int | None = None
    certificate: dict[str, Any] | None = None


def erase_person(home: Home, person_id: str, now_ms: int, within_s: float = SERVED_WITHIN_S) -> Erased:
    """Forget a person for good; not done when whoever serves the home has not finished within `within_s`.

    They are gone for every question and every token at once. Should this process or the other die, the rest
    is carried out when the home is next served, or somebody else is erased.

    Raises:
        NotFound: no such person.
    """
    with Tables.of(home) as tables, ExitStack() as owned:
        erasures = Erasures(tables)
        person = People(tables).get(person_id)
        records = _log_records(home, person.pseudonym)
        key_id = tables.keys.key_of(person.pseudonym)
        leaving = erasures.begin(person_id, now_ms)
        try:
            owned.enter_context(home.lock())
        except StorageBusy:
            if not _served(erasures, leaving, within_s):
                return Erased(done=False)
        else:
            finish_on_disk(home, tables)
        done_ms = wall_ms()
        certificate = certificate_of(
            home, tables.keys, leaving, key_id=key_id, log_records=records, erased_ms=done_ms
        )
        return Erased(True, done_ms, certificate)


def _served(erasures: Erasures, leaving: Leaving, within_s: float) -> bool:
    """Wait for the process that serves the home to carry it out."""
    ends = time.monotonic() + within_s
    while leaving in erasures.pending():
        if time.monotonic() >= ends:
            return False
        time.sleep(_LOOK_AGAIN_S)
    return True


def _log_records(home: Home, pseudonym: str) -> int:
    if not home.log_path.exists():
        return 0
    log = SqliteLog(home.log_path)
    try:
        return log.count_about(pseudonym)
    finally:
        log.close()


def erase_again(tables: Tables, keys: Keys, now_ms: int) -> list[str]:
    """Begin to erase whoever stands here although their erasure is on the list; their ids.

    A backup of before an erasure brings back rows that nobody can read any more.
    """
    with tables.read() as session:
        ids = list(session.scalars(select(PersonRow.id)))
    again = keys.erased_among(ids)
    for person_id in again:
        Erasures(tables).begin(person_id, now_ms)
    return again


def finish_on_disk(home: Home, tables: Tables) -> None:
    """Carry out every erasure that was begun, for whoever holds the home's lock and has opened nothing yet.

    Raises:
        StorageError: a file could not be written; what is left is tried again at the next start.
    """
    erasures = Erasures(tables)
    pending = erasures.pending()
    if not pending:
        return
    from healthtwin.house.export import drop_exports
    from healthtwin.house.rooms import ROOMS

    with ExitStack() as files:
        log = SqliteLog(home.log_path)
        files.callback(log.close)
        state = StateFile(home.state_path)
        files.callback(state.close)
        series = files.enter_context(SeriesStore(home.series_path))
        for leaving in pending:
            erasures.destroy_key(leaving)
            log.erase(leaving.pseudonym, leaving.devices)
            state.erase(leaving.pseudonym)
            series.erase(leaving.pseudonym)
            for room in ROOMS:
                room.erase(home, leaving)
            drop_exports(home, leaving.pseudonym)
            home.drop_what_was_set_aside()
            erasures.erase_rows(leaving)
            erasures.done(leaving)
    with closing(Audit(home)) as audit:
        for leaving in pending:
            audit.note_erasure(HOUSE, leaving.id, leaving.pseudonym)
