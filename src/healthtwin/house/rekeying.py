"""Another key for one person: all that is kept about them is sealed anew, while it is read and written.

The new key is durable before anything is sealed with it; what was sealed before opens with the former one,
until a sweep through log, state, series and rows finds nothing left under it. Then the former is destroyed.
Whoever finds a person with a former key carries this on, so that a crash only delays it.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError, NotFound, StorageBusy
from healthtwin.engines.sqlite import count_where
from healthtwin.pipeline import Codec
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.keys import KeyStore
from healthtwin.store.people import People
from healthtwin.store.resealing import reseal_rows
from healthtwin.stream import SqliteLog, StateFile

if TYPE_CHECKING:
    from healthtwin.store import Home

SERVED_WITHIN_S: Final = 300.0
"""How long a command waits for the process that serves the home."""

MOST_SWEEPS: Final = 10
_LOOK_AGAIN_S: Final = 0.1
_LOG: Final = logging.getLogger(__name__)


def rekey_person(home: Home, person_id: str, within_s: float = SERVED_WITHIN_S) -> bool:
    """A new key for a person; False when whoever serves the home has not finished within `within_s`.

    Raises:
        NotFound: no such person. ConfigurationError: the home is not encrypted.
    """
    with Tables.of(home) as tables, ExitStack() as owned:
        person, keys = People(tables).get(person_id), tables.keys
        if not isinstance(keys, KeyStore):
            raise ConfigurationError(
                f"{home.path}: is not encrypted; run: healthtwin migrate --home {home.path}"
            )
        if person.pseudonym not in keys.former_owners():
            keys.rekey(person.pseudonym)
        try:
            owned.enter_context(home.lock())
        except StorageBusy:
            ends = time.monotonic() + within_s
            while person.pseudonym in keys.former_owners():
                if time.monotonic() >= ends:
                    return False
                time.sleep(_LOOK_AGAIN_S)
            return True
        finish_on_disk(home, tables, keys)
    return True


def finish_on_disk(home: Home, tables: Tables, keys: KeyStore) -> None:
    """Carry out every change of a key that was begun; nobody else has the files open."""
    with ExitStack() as files:
        codec = Codec(keys)
        log = SqliteLog(home.log_path)
        files.callback(log.close)
        state = StateFile(home.state_path, keys=keys)
        files.callback(state.close)
        series = files.enter_context(SeriesStore(home.series_path, keys=keys))
        finish(tables, keys, log, codec, state, series)


def finish(
    tables: Tables, keys: KeyStore, log: SqliteLog, codec: Codec, state: StateFile, series: SeriesStore
) -> None:
    """Carry out every change of a key that was begun: sweep until nothing is left, destroy the former."""
    for pseudonym in keys.former_owners():
        for _ in range(MOST_SWEEPS):
            try:
                person = People(tables).by_pseudonym(pseudonym)
            except NotFound:  # erased meanwhile: that takes all of their keys
                break
            left = log.reseal(pseudonym, codec.sealed_anew) + state.reseal(pseudonym)
            left += series.reseal(pseudonym) + reseal_rows(tables, person)
            if not left:
                keys.retire(pseudonym)
                break
        else:
            _LOG.warning("Somebody's key could not be changed yet: more was written under the former one")


def plain_rests(home: Home) -> dict[str, int]:
    """How much stands unencrypted in log, state and series about people who are there."""
    return {
        "log": count_where(home.log_path, "records", "key_id = 0 AND person <> '' AND kind <> 'erased'"),
        "snapshots": count_where(home.state_path, "people", "key_id = 0 AND length(committed) > 0"),
        "changes": count_where(home.state_path, "outbox", "key_id = 0 AND person <> '' AND kind <> 'erased'"),
        "series": count_where(home.series_path, "person", "key_id = 0")
        + count_where(home.series_path, "block", "key_id = 0"),
    }
