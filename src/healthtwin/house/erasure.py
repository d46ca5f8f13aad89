"""Forgetting a person, whether or not the home is being served: who begins it, and who carries it out."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import StorageBusy
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.erasure import Erasures
from healthtwin.stream import SqliteLog, StateFile

if TYPE_CHECKING:
    from healthtwin.store import Home

SERVED_WITHIN_S: Final = 60.0
"""How long a command waits for the process that serves the home; that one notices within a second."""

_LOOK_AGAIN_S: Final = 0.1


def erase_person(home: Home, person_id: str, now_ms: int, within_s: float = SERVED_WITHIN_S) -> bool:
    """Forget a person for good; False when whoever serves the home has not finished within `within_s`.

    They are gone for every question and every token at once. Should this process or the other die, the rest
    is carried out when the home is next served, or somebody else is erased.

    Raises:
        NotFound: no such person.
    """
    with Tables.of(home) as tables, ExitStack() as owned:
        erasures = Erasures(tables)
        leaving = erasures.begin(person_id, now_ms)
        try:
            owned.enter_context(home.lock())
        except StorageBusy:
            ends = time.monotonic() + within_s
            while leaving in erasures.pending():
                if time.monotonic() >= ends:
                    return False
                time.sleep(_LOOK_AGAIN_S)
            return True
        finish_on_disk(home, tables)
        return True


def finish_on_disk(home: Home, tables: Tables) -> None:
    """Carry out every erasure that was begun, for whoever holds the home's lock and has opened nothing yet.

    Raises:
        StorageError: a file could not be written; what is left is tried again at the next start.
    """
    erasures = Erasures(tables)
    pending = erasures.pending()
    if not pending:
        return
    from healthtwin.house.rooms import ROOMS

    with ExitStack() as files:
        log = SqliteLog(home.log_path)
        files.callback(log.close)
        state = StateFile(home.state_path)
        files.callback(state.close)
        series = files.enter_context(SeriesStore(home.series_path))
        for leaving in pending:
            log.erase(leaving.pseudonym, leaving.devices)
            state.erase(leaving.pseudonym)
            series.erase(leaving.pseudonym)
            for room in ROOMS:
                room.erase(home, leaving)
            home.drop_what_was_set_aside()
            erasures.erase_rows(leaving)
            erasures.done(leaving)
