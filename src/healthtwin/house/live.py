"""The live feed: what just changed, to every open browser, with replay of what a broken connection missed."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

KEPT_EVENTS: Final = 20_000
"""How far back a reconnecting browser can be served: over an hour at 5 events a second."""

READER_BACKLOG: Final = 2_000
"""A reader that is further behind than this is told to load afresh instead of being fed history."""

RESET: Final = "reset"


class LiveEvent(msgspec.Struct, frozen=True):
    """Something that changed, for `GET /api/live`.

    Attributes:
        id: opaque to everybody but the house; what a client sends back as `Last-Event-ID`.
        event: ``reading`` {person, t, values: {metric: value},
            levels: {metric: level of a value beyond a limit}}, ``alert`` (an `AlertView`), ``person``
            (a `PersonView`), ``findings`` (a `FindingsView`), ``event`` (an `EventView`),
            ``deleted`` {person}, or ``reset`` {} when the id a client gave is older than what is kept (or
            unknown), so that it must load everything again.
        data: JSON text in UTF-8 without line breaks.
        person: id of whom it is about; empty where it is about nobody.
    """

    id: str
    event: str
    data: bytes
    person: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An event that somebody may still ask for; what it says is written down only when it is told."""

    number: int
    id: str
    person_id: str
    name: str
    render: Callable[[], bytes]

    def event(self) -> LiveEvent | None:
        """None when what it was about is gone."""
        try:
            return LiveEvent(self.id, self.name, self.render(), self.person_id)
        except NotFound:
            return None


class _Reader:
    """One open stream: a queue that lives on its event loop and is filled from any thread."""

    def __init__(self, people: frozenset[str] | None) -> None:
        self.people = people
        self.loop = asyncio.get_running_loop()
        self.queue: asyncio.Queue[LiveEvent | None] = asyncio.Queue()
        self.behind = False

    def wants(self, person_id: str) -> bool:
        return self.people is None or person_id in self.people

    def put(self, event: LiveEvent | None) -> None:
        """Called on the loop."""
        if event is not None and self.queue.qsize() >= READER_BACKLOG:
            self.behind = True
            return
        self.queue.put_nowait(event)


class LiveFeed:
    """Keeps the latest events and hands them to readers.

    Event ids are ``<run>-<number>``: `run` is drawn anew at every start of the process, so that an id from
    before a restart is recognised as unknown and answered with ``reset`` rather than with the wrong events.

    Args:
        run: distinguishes this process's ids from any other's.

    >>> feed = LiveFeed("r1")
    >>> feed.publish("p-ada", "reading", lambda: b"{}")
    'r1-1'
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._number = 0
        self._kept: deque[_Kept] = deque(maxlen=KEPT_EVENTS)
        self._readers: set[_Reader] = set()
        self._lock = threading.Lock()
        self._closed = False

    @property
    def readers(self) -> int:
        """Open streams."""
        return len(self._readers)

    @property
    def newest(self) -> str:
        """Id of the latest event: who follows after it misses nothing that comes from now on."""
        with self._lock:
            return f"{self._run}-{self._number}"

    def publish(self, person_id: str, name: str, render: Callable[[], bytes]) -> str:
        """Tell every reader who may see this person; from any thread. Returns the event's id.

        Args:
            name: of the event. render: makes its data, JSON; called when somebody is there to be told, which
                may be later: whoever was away is told how things stand then.
        """
        with self._lock:
            self._number += 1
            kept = _Kept(self._number, f"{self._run}-{self._number}", person_id, name, render)
            self._kept.append(kept)
            readers = [reader for reader in self._readers if reader.wants(person_id)]
        event = kept.event() if readers else None
        if event is not None:
            for reader in readers:
                _call_on_loop(reader, event)
        return kept.id

    def forget(self, person_id: str) -> None:
        """Nobody is told any more what happened to this person, but that they are gone: ``deleted``."""
        with self._lock:
            for index, event in enumerate(self._kept):
                if event.person_id == person_id:
                    self._kept[index] = replace(event, render=_forgotten)
        self.publish(person_id, "deleted", lambda: msgspec.json.encode({"person": person_id}))

    def close(self) -> None:
        """End every stream."""
        with self._lock:
            self._closed = True
            readers = list(self._readers)
        for reader in readers:
            _call_on_loop(reader, None)

    async def follow(self, after: str | None, people: frozenset[str] | None) -> AsyncIterator[LiveEvent]:
        """Events about `people` (None: all) after the one with id `after` (None: from now on)."""
        reader = _Reader(people)
        with self._lock:
            missed = self._missed(after, reader)
            newest = f"{self._run}-{self._number}"
            self._readers.add(reader)
            closed = self._closed
        try:
            if missed is None:
                yield LiveEvent(newest, RESET, b"{}")
            else:
                for kept in missed:
                    event = await asyncio.to_thread(kept.event)
                    if event is not None:
                        yield event
            while not closed:
                next_event = await reader.queue.get()
                if next_event is None:
                    return
                yield next_event
                if reader.behind and reader.queue.empty():
                    reader.behind = False
                    yield LiveEvent(f"{self._run}-{self._number}", RESET, b"{}")
        finally:
            with self._lock:
                self._readers.discard(reader)

    def _missed(self, after: str | None, reader: _Reader) -> list[_Kept] | None:
        """What came after `after`; None when that can no longer be known."""
        if after is None:
            return []
        run, _, number = after.rpartition("-")
        if run != self._run or not number.isdecimal() or int(number) > self._number:
            return None
        seen = int(number)
        oldest_kept = self._kept[0].number if self._kept else self._number + 1
        if seen < oldest_kept - 1:
            return None
        return [kept for kept in self._kept if kept.number > seen and reader.wants(kept.person_id)]


def _forgotten() -> bytes:
    raise NotFound("no such person")


def _call_on_loop(reader: _Reader, event: LiveEvent | None) -> None:
    try:
        reader.loop.call_soon_threadsafe(reader.put, event)
    except RuntimeError:
        # The reader's loop has closed; its `follow` has ended or never will be awaited again.
        return
