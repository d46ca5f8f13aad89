"""Log, twin, series and tables of a home, recovered: what every room stands on."""

from __future__ import annotations

import logging
import secrets
from contextlib import closing
from typing import TYPE_CHECKING, Final

from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import CorruptStorage
from healthtwin.house import rekeying
from healthtwin.house.erasure import erase_again, finish_on_disk
from healthtwin.house.live import LiveFeed
from healthtwin.house.live_readings import LiveReadings
from healthtwin.house.quarantine import (
    DamagedLog,
    Verifier,
    clear_suspicion,
    has_damaged_blocks,
    has_damaged_records,
    is_suspect,
    opened_or_anew,
    suspect,
)
from healthtwin.house.rooms import ROOMS
from healthtwin.people import Directory
from healthtwin.pipeline import Codec, HouseStep
from healthtwin.room import Ground
from healthtwin.store import SeriesStore, Tables
from healthtwin.store.keys import KeyStore, open_keys
from healthtwin.stream import GroupCommit, Journal, Runner, SqliteLog, StateFile
from healthtwin.stream.state_file import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import ExitStack

    from healthtwin.domain.errors import HealthTwinError
    from healthtwin.forecast import Forecast
    from healthtwin.house.settings import HouseSettings
    from healthtwin.store import Home
    from healthtwin.store.erasure import Leaving

READY_WITHIN_S: Final = 2.0
"""How long a start may take for what the twin has not seen yet; the rest follows while readings come in."""

SEAL_AT_MOST_S: Final = 1.0
"""How long sealing may hold up the thread that also notes the time."""

VERIFY_AT_MOST_S: Final = 0.5
"""Of each half-hour for looking through what is kept: ten million records in a day."""

_SERIES: Final = "series"
_ANEW: Final = -1
"""No version of a projection: whoever noted it hears everything again."""

_TRIM_RECORDS: Final = 1_000
_LOG: Final = logging.getLogger(__name__)


class Engine:
    """Opened and recovered when it is made; begins to judge with `run`, once the rooms can hear of it.

    Args:
        home: whose files are opened; somebody else holds its lock.
        settings: how it treats time.
        forecast: members and models that judge.
        now_ms: the house's clock.
        undo: closes every file.

    Raises:
        CorruptStorage: log and state do not belong together.
    """

    def __init__(
        self,
        home: Home,
        settings: HouseSettings,
        forecast: Forecast,
        now_ms: Callable[[], int],
        undo: ExitStack,
    ) -> None:
        self._now_ms = now_ms
        self._keys_looked_at = False
        storage = home.storage_settings()
        self.keys = open_keys(home)
        undo.callback(self.keys.close)
        self.tables = undo.enter_context(Tables(home.records_url, keys=self.keys))
        erase_again(self.tables, self.keys, now_ms())
        finish_on_disk(home, self.tables)
        self.directory = Directory(self.tables)
        self.directory.everybody()  # read now, so that the first reading need not wait for it
        self._home = home
        self.series = opened_or_anew(
            home,
            home.series_path,
            lambda: SeriesStore(
                home.series_path,
                raw_days=storage.raw_days,
                daily_days=storage.daily_days,
                keys=self.keys,
            ),
        )
        undo.callback(self.series.close)
        self._raw_ms = storage.raw_days * DAY_MS
        self.codec = Codec(self.keys)
        step = HouseStep(settings.allowed_lateness_ms, forecast=forecast, codec=self.codec)
        self.log = self._opened_log(step)
        undo.callback(self.log.close)
        self._verifier = Verifier(self.log, self.series)
        self.feed = LiveFeed(secrets.token_hex(4))
        ground = Ground(self.tables, self.series, self.directory, self.codec, now_ms, self._raw_ms)
        self._listeners: list[Callable[[], None]] = []
        self.runner = opened_or_anew(
            home,
            home.state_path,
            lambda: Runner(
                self.log,
                step,
                home.state_path,
                allowed_lateness_ms=settings.allowed_lateness_ms,
                idle_after_ms=settings.idle_after_ms,
                projections=(
                    *(projection for room in ROOMS for projection in room.projections(ground)),
                    LiveReadings(self.feed, self.codec, self.directory, self.log.head()),
                ),
                on_outbox=self._wake,
                keys=self.keys,
            ),
        )
        self._make_series_anew_where_it_must_be()
        self.runner.recover(within_s=READY_WITHIN_S)
        undo.callback(self.runner.stop)
        if isinstance(self.log, DamagedLog):
            self.log.settle(min(self.runner.offset, self.runner.projections.through()))
        self._commits = GroupCommit(self.log, self.runner.feed, guard=home.space_guard().require)
        undo.callback(self._commits.close)
        self.journal = Journal(self.log, self._commits, self.runner, now_ms)

    def _opened_log(self, step: HouseStep) -> SqliteLog | DamagedLog:
        """The log; what stands for it where it is damaged and everybody's state is known without it.

        Raises:
            CorruptStorage: it is damaged, and nothing could be shown without it.
        """
        try:
            return SqliteLog(self._home.log_path, decode=self.codec.read)
        except CorruptStorage as error:
            state = StateFile(self._home.state_path)
            known = state.progress()
            state.close()
            if known is None or known.version != version_of(step):
                raise
            _LOG.critical("The log cannot be used, so nothing is taken in: %s", error)
            return DamagedLog(error)

    def _make_series_anew_where_it_must_be(self) -> None:
        """Damage was seen in its blocks: what the log reaches is heard again, what is older stays."""
        path = self._home.series_path
        if not is_suspect(path) or isinstance(self.log, DamagedLog):
            return
        if has_damaged_blocks(self.series):
            if has_damaged_records(self.log):
                _LOG.error("%s is damaged and so is the log: what both hold is left as it is", path)
                return
            self.runner.note_read_through(_SERIES, _ANEW, 0)
            self.series.damage.clear()
        clear_suspicion(path)

    @property
    def damage(self) -> Mapping[str, CorruptStorage]:
        """What was found damaged, by part of the house, in words for the operator."""
        found = {}
        records = len(self.log.damage)
        if records:
            first, why = next(iter(self.log.damage.items()))
            found["records"] = CorruptStorage(
                f"{self._home.log_path}: {records} damaged, passed over; first {first}: {why}. Restore a "
                "backup to have them; `healthtwin doctor --verify` names them all"
            )
        if self.series.damage:
            suspect(self._home.series_path)
            found["series"] = CorruptStorage(
                f"{self._home.series_path}: {next(iter(self.series.damage.values()))}. The next start, or "
                "`healthtwin rebuild series`, makes it anew from the log"
            )
        if self.tables.sealer.damage:
            kinds = ", ".join(self.tables.sealer.damage)
            found["rows"] = CorruptStorage(
                f"{self.tables.shown}: rows of {kinds} do not open and are passed over: they were changed, "
                "or their keys are missing; restore a backup, or the keys from theirs"
            )
        aside = self._home.set_aside()
        if aside:
            found["quarantine"] = CorruptStorage(
                f"{', '.join(path.name for path in aside)}: damaged, put aside and made anew from the log; "
                "remove it once you no longer need it"
            )
        return found

    @property
    def failure(self) -> HealthTwinError | None:
        """Why the log takes no records right now."""
        return self.log.error if isinstance(self.log, DamagedLog) else self.journal.failure

    def listen(self, wake: Callable[[], None]) -> None:
        """Call this, from any thread, whenever the outbox holds something new."""
        self._listeners.append(wake)

    def run(self, undo: ExitStack) -> None:
        """Begin to judge what comes in, and to show it to browsers."""
        self.runner.start()
        undo.callback(self.runner.pause)  # before the rooms end: what it raises last is still told
        undo.callback(self._commits.close)
        undo.callback(self.feed.close)

    def erase(self, leaving: Leaving) -> None:
        """Forget somebody in log and series; the runner forgot them before (`Runner.forget`).

        Raises:
            StorageError: some of it still stands; to be called again.
        """
        self.codec.forget()
        self.log.erase(leaving.pseudonym, leaving.devices)
        self.runner.projections.reread()
        self.series.erase(leaving.pseudonym)

    def look_at_keys(self) -> None:
        """A command in another process may have changed somebody's key: seal anew what is theirs."""
        if not isinstance(self.keys, KeyStore) or isinstance(self.log, DamagedLog):
            return
        if self.keys.refresh() or not self._keys_looked_at:
            if self.keys.former_owners():
                with closing(StateFile(self._home.state_path, keys=self.keys)) as state:
                    rekeying.finish(self.tables, self.keys, self.log, self.codec, state, self.series)
            self._keys_looked_at = True

    def tidy(self) -> bool:
        """Seal what is old, forget what outlived its days; False when unfinished."""
        now_ms = self._now_ms()
        if not self.series.seal(now_ms, at_most_s=SEAL_AT_MOST_S).finished:
            return False
        self.series.retain(now_ms)
        self._trim_log(now_ms - self._raw_ms)
        self._verifier.go_on(VERIFY_AT_MOST_S)
        return True

    def _trim_log(self, before_ms: int) -> None:
        """Forget log records that outlived the raw readings, as far as everybody else has them."""
        kept_elsewhere = self.runner.forgettable()
        through, at = 0, self.log.trimmed_through()
        while records := self.log.read(at, _TRIM_RECORDS):
            for record in records:
                if record.offset > kept_elsewhere or record.arrived_ms >= before_ms:
                    break
                through = record.offset
            else:
                at = records[-1].offset
                continue
            break
        if through:
            self.log.trim(through)

    def _wake(self) -> None:
        for wake in self._listeners:
            wake()
