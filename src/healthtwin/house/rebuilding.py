"""Making one projection of a home anew from its log, while nobody serves the home."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.domain.log import EPISODE_CHANGE
from healthtwin.engines.sqlite import require_whole
from healthtwin.notify import AlertRows
from healthtwin.people import Directory, Events, SeriesOfReadings, Timeline
from healthtwin.pipeline import Codec
from healthtwin.store import SeriesStore, Tables
from healthtwin.stream import Follower, LogSource, OutboxSource, SqliteLog, StateFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from healthtwin.store import Home

_SIDE_FILES: Final = ("", "-wal", "-shm")


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
    maker = _MAKERS.get(name)
    if maker is None:
        raise ConfigurationError(f"there is no projection {name!r}; there are {', '.join(_MAKERS)}")
    began = time.monotonic()
    with ExitStack() as undo:
        undo.enter_context(home.lock())
        parts = _Parts(home, undo)
        follower = maker(parts)
        heard = follower.rebuild()
        return Rebuilt(
            name, heard, parts.log.trimmed_through(), parts.set_aside, round(time.monotonic() - began, 3)
        )


def projection_names() -> tuple[str, ...]:
    """Every projection that can be made anew."""
    return tuple(_MAKERS)


class _Parts:
    """The files of a home, opened."""

    def __init__(self, home: Home, undo: ExitStack) -> None:
        self.home = home
        self.undo = undo
        self.log = SqliteLog(home.log_path)
        undo.callback(self.log.close)
        self.state = StateFile(home.state_path)
        undo.callback(self.state.close)
        self.set_aside: Path | None = None

    def tables(self) -> Tables:
        return self.undo.enter_context(Tables(self.home.records_url))

    def last_arrival_ms(self) -> int:
        """The log's own clock: a replayed home lives in another time than ours."""
        newest = self.log.read(self.log.head() - 1, 1)
        return newest[0].arrived_ms if newest else 0


def _series(parts: _Parts) -> Follower[Any]:
    path, storage = parts.home.series_path, parts.home.storage_settings()
    try:
        require_whole(path)
    except CorruptStorage:
        aside = path.with_name(f"{path.name}.damaged-{time.time_ns() // 1_000_000}")
        for ending in _SIDE_FILES:
            if path.with_name(path.name + ending).exists():
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
        parts.set_aside = aside
    series = SeriesStore(path, raw_days=storage.raw_days, daily_days=storage.daily_days)
    parts.undo.callback(series.close)
    kept = SeriesOfReadings(series, Codec(), parts.last_arrival_ms, storage.raw_days * DAY_MS)
    return Follower(LogSource(parts.log), kept, parts.state)


def _timeline(parts: _Parts) -> Follower[Any]:
    tables = parts.tables()
    kept = Timeline(Events(tables), Codec(), Directory(tables))
    return Follower(LogSource(parts.log), kept, parts.state)


def _alerts(parts: _Parts) -> Follower[Any]:
    kept = AlertRows(parts.tables(), parts.state)
    # What nobody was told of yet is left to whoever tells.
    return Follower(OutboxSource(parts.state.outbox, EPISODE_CHANGE, kept.told), kept, parts.state)


_MAKERS: Final[Mapping[str, Callable[[_Parts], Follower[Any]]]] = {
    "series": _series,
    "timeline": _timeline,
    "alerts": _alerts,
}
