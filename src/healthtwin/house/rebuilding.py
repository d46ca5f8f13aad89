"""Making one projection of a home anew from its log, while nobody serves the home."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.domain.log import EPISODE_CHANGE
from healthtwin.house.quarantine import has_damaged_records, without_damage
from healthtwin.house.rooms import ROOMS
from healthtwin.notify import AlertRows
from healthtwin.people import Directory
from healthtwin.pipeline import Codec
from healthtwin.room import Ground
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.keys import open_keys
from healthtwin.stream import Follower, LogSource, OutboxSource, SqliteLog, StateFile

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.store import Home

_SERIES: Final = "series"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was done.

    Attributes:
        name: of the projection.
        heard: records (for alerts: changes) that it was made from.
        log_begins_after: the log forgot the records up to this one; what stems from them was kept. 0: none.
        set_aside: where the damaged file lies that was there before; None when it could be used.
        seconds: how long it took.
    """

    name: str
    heard: int
    log_begins_after: int
    set_aside: Path | None
    seconds: float


def rebuild(home: Home, name: str) -> Rebuilt:
    """Make a projection anew, as far as the log reaches; what outlived the log is kept.

    May be cut off and repeated at any point, and goes on by itself when the home is served.

    Raises:
        ConfigurationError: no such projection.
        StorageBusy: the home is being served.
        CorruptStorage: what it is made from is damaged.
    """
    began = time.monotonic()
    with ExitStack() as undo:
        undo.enter_context(home.lock())
        keys = open_keys(home)
        undo.callback(keys.close)
        codec = Codec(keys)
        log = SqliteLog(home.log_path, decode=codec.read)
        undo.callback(log.close)
        state = StateFile(home.state_path, keys=keys)
        undo.callback(state.close)
        set_aside = without_damage(home, home.series_path) if name == _SERIES else None
        if name == _SERIES and set_aside is None and has_damaged_records(log):
            raise CorruptStorage(
                f"{home.log_path}: {len(log.damage)} records are damaged, and {home.series_path} may still "
                "hold what they said; restore a backup, or put that file away yourself first"
            )
        followers = _followers(home, log, codec, state, undo)
        if name not in followers:
            raise ConfigurationError(f"there is no projection {name!r}; there are {', '.join(followers)}")
        heard = followers[name].rebuild()
        trimmed = log.trimmed_through()
    return Rebuilt(name, heard, trimmed, set_aside, round(time.monotonic() - began, 3))


def _followers(
    home: Home, log: SqliteLog, codec: Codec, state: StateFile, undo: ExitStack
) -> dict[str, Follower[Any]]:
    """Everything that a house keeps of its log and outbox, by name."""
    storage = home.storage_settings()
    tables = undo.enter_context(Tables.of(home))
    series = SeriesStore(
        home.series_path, raw_days=storage.raw_days, daily_days=storage.daily_days, keys=tables.keys
    )
    undo.callback(series.close)

    def last_arrival_ms() -> int:
        """The log's own clock: a replayed home lives in another time than ours."""
        newest = log.read(log.head() - 1, 1)
        return newest[0].arrived_ms if newest else 0

    ground = Ground(tables, series, Directory(tables), codec, last_arrival_ms, storage.raw_days * DAY_MS)
    source = LogSource(log)
    kept = [projection for room in ROOMS for projection in room.projections(ground)]
    followers: dict[str, Follower[Any]] = {each.name: Follower(source, each, state) for each in kept}
    alerts = AlertRows(tables, state)
    # What nobody was told of yet is left to whoever tells.
    told = OutboxSource(state.outbox, EPISODE_CHANGE, alerts.told)
    followers[alerts.name] = Follower(told, alerts, state)
    return followers
