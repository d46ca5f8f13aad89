"""Making exports while the house is open: one after the other, so that nobody else waits for them."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from healthtwin.domain import METRICS
from healthtwin.domain.errors import HealthTwinError, NotFound
from healthtwin.house.export.file import LOOK_EVERY_BYTES, write_export
from healthtwin.house.export.kept import KeptExports
from healthtwin.house.export.kept_file import SealedWriter
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from healthtwin.house.export.kept import Kept
    from healthtwin.house.export.kept_file import SealedReader
    from healthtwin.house.export.wanted import Wanted
    from healthtwin.store import Home, Series, Tables
    from healthtwin.store.people import Person

_LOG = logging.getLogger(__name__)


class ExportDesk:
    """Where everything about a person is asked for and fetched.

    Args:
        home, tables, series: of the house. wall_ms: the wall clock, by which an export ends.
    """

    def __init__(self, home: Home, tables: Tables, series: Series, wall_ms: Callable[[], int]) -> None:
        self._home = home
        self._series = series
        self._tables = tables
        self._wall_ms = wall_ms
        self._kept = KeptExports(home, tables)
        self._under_way: dict[str, Future[None]] = {}
        self._beginning = threading.Lock()
        self._closing = threading.Event()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="healthtwin-exports")
        self._kept.sweep(wall_ms(), unfinished=True)

    def ask(self, person_id: str, grant_id: str, wanted: Wanted) -> Kept:
        """Begin to make one.

        Raises:
            NotFound: no such person.
            RateLimited: too many lie ready.
            StorageFull: the disk has no room for it.
        """
        person = People(self._tables).get(person_id)
        self._home.space_guard().require(LOOK_EVERY_BYTES)
        self.tidy()
        with self._beginning:
            kept, file = self._kept.begin(person, grant_id, wanted)
        try:
            work = self._worker.submit(self._make, kept, person, file, wanted)
        except RuntimeError:  # the house is closing
            file.close()
            self._kept.drop(kept, person)
            raise NotFound("the house is closing; ask again in a moment") from None
        self._under_way[kept.id] = work
        work.add_done_callback(lambda _: self._under_way.pop(kept.id, None))
        return kept

    def find(self, person_id: str, export_id: str, grant_id: str) -> Kept:
        """As `KeptExports.find`, at present."""
        return self._kept.find(person_id, export_id, grant_id, self._wall_ms())

    def list(self, person_id: str, grant_id: str) -> list[Kept]:
        """As `KeptExports.list`, at present."""
        return self._kept.list(person_id, grant_id, self._wall_ms())

    def being_made(self, export_id: str) -> Future[None] | None:
        """Done once it is ready or has failed; None where it is not being made."""
        return self._under_way.get(export_id)

    def open(self, kept: Kept) -> SealedReader:
        """The bytes of one that is ready; as `KeptExports.open`."""
        return self._kept.open(kept, People(self._tables).get(kept.person_id))

    def whose(self, kept: Kept) -> str | None:
        """The pseudonym of whom it is about; None once they are erased."""
        try:
            return People(self._tables).get(kept.person_id).pseudonym
        except NotFound:
            return None

    def count(self, kept: Kept) -> int:
        """How many readings one holds, about: days that it cuts through are counted whole."""
        pseudonym = People(self._tables).get(kept.person_id).pseudonym
        days = (
            self._series.daily(pseudonym, metric.code, kept.from_ms, kept.to_ms).count
            for metric in METRICS.values()
        )
        return sum(int(counts.sum()) for counts in days)

    def drop(self, kept: Kept) -> None:
        """Delete one before its time; if it is being made, that ends."""
        self._kept.drop(kept, People(self._tables).get(kept.person_id))

    def tidy(self) -> None:
        """Delete what has ended."""
        with self._beginning:  # a file of which no row speaks yet is not one of which none speaks any more
            self._kept.sweep(self._wall_ms())

    def close(self) -> None:
        """What is being made ends, and is deleted at the next start."""
        self._closing.set()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _make(self, kept: Kept, person: Person, file: BinaryIO, wanted: Wanted) -> None:
        def still() -> None:
            if self._closing.is_set():
                raise NotFound("the house is closing")
            self._kept.find(kept.person_id, kept.id, kept.grant_id, self._wall_ms())
            self._home.space_guard().require(LOOK_EVERY_BYTES)

        try:
            with file:
                into = SealedWriter(file, self._tables.keys, kept.key_id, kept.id)
                write_export(self._home, kept.person_id, wanted, into, still, self._tables)
                into.close()
            if not self._kept.done(kept, into.bytes, into.digest):
                raise NotFound("nobody wants it any more")
        except NotFound:  # erased, deleted, or the house is closing
            self._kept.failed(kept, person)
        except (HealthTwinError, OSError) as error:
            self._kept.failed(kept, person)
            _LOG.error("An export could not be made: %s", error)
