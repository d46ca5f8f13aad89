"""Nobody waits for somebody else's import: who sends much at once waits in a lane of their own.

What becomes of a person follows from their own records in the order of the log, from the ticks between them
and from the log's clock at each. So the records of one person may wait while those of others are taken, if
these three are kept; nothing else changes. What waits is not held in memory: it lies in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.log import TICK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from healthtwin.domain.log import LogRecord
    from healthtwin.stream.fold import Fold
    from healthtwin.stream.step import Caused

AT_ONCE: Final = 4
"""Records of one person taken together without waiting: a phone that missed a few turns, or two devices at
once a second behind a slow take. Every further one would cost all others a round of its own."""

LANES_AT_ONCE: Final = 256
"""People who wait are taken together, since a step over many costs hardly more than over one."""

RECORDS_AT_ONCE: Final = 4_096
"""Of all lanes together, so that many short ones make no long slice."""

_TICKS_KEPT: Final = 1_000
"""Ticks that somebody may still need, before those that nobody does are dropped."""


@dataclass(slots=True)
class _Lane:
    """What waits of one person.

    Attributes:
        number: the person's in the fold.
        through: everything about them up to this record is taken, ticks included; clock_ms: the log's there.
        offsets, clocks: of the records that wait, in the order of the log.
    """

    number: int
    through: int
    clock_ms: int
    offsets: deque[int] = field(default_factory=deque)
    clocks: deque[int] = field(default_factory=deque)


class Lanes:
    """Takes the log's records into a fold: everybody's few at once, one person's many little by little.

    Call `admit` with the records in the order of the log, and `work` while there is something `waiting`.

    Args:
        fold: takes them.
        at: records of the log by their offsets, ascending.
    """

    def __init__(self, fold: Fold, at: Callable[[Sequence[int]], list[LogRecord]]) -> None:
        self._fold = fold
        self._at = at
        self._lanes: dict[str, _Lane] = {}
        self._ticks: list[tuple[int, int]] = []  # offset and clock of those that a lane may still need
        self.waiting = 0

    def admit(self, records: Sequence[LogRecord]) -> list[Caused]:
        """Take what need not wait; of each person at most `AT_ONCE` records."""
        told: list[Caused] = []
        now: list[tuple[LogRecord, int]] = []
        counts: dict[str, int] = {}
        before = (0, self._fold.clock_ms)
        for record, clock_ms in self._fold.stamped(records):
            person = record.person
            if record.kind == TICK:
                told += self._fold.take_rows(now)
                now = []
                told += self._fold.tick(record, clock_ms)
                if self._lanes:
                    self._ticks.append((record.offset, clock_ms))
            elif (lane := self._lanes.get(person)) is not None:
                self._wait(lane, record, clock_ms)
            elif (count := counts.get(person, 0)) < AT_ONCE:
                counts[person] = count + 1
                now.append((record, clock_ms))
            else:
                lane = _Lane(self._fold.defer(person), record.offset - 1, before[1])
                self._lanes[person] = lane
                self._wait(lane, record, clock_ms)
            before = (record.offset, clock_ms)
        return told + self._fold.take_rows(now)

    def work(self, rounds: int) -> list[Caused]:
        """Take some of what waits: at most `rounds` records of one person, whoever waited longest first."""
        told: list[Caused] = self._fold.compute_due(rounds) if self._fold.has_due else []
        chosen = list(islice(self._lanes.items(), LANES_AT_ONCE))
        most = max(1, min(rounds, RECORDS_AT_ONCE // max(len(chosen), 1)))
        clocks: dict[int, int] = {}
        past: dict[int, list[_Lane]] = {}  # lanes by the tick that is next for them
        for person, lane in chosen:
            self._lanes[person] = self._lanes.pop(person)
            tick = bisect_right(self._ticks, (lane.through, lane.clock_ms))
            ends = self._ticks[tick][0] if tick < len(self._ticks) else None
            if ends is not None and (not lane.offsets or lane.offsets[0] > ends):
                past.setdefault(tick, []).append(lane)
                continue
            for _ in range(most):
                if not lane.offsets or (ends is not None and lane.offsets[0] > ends):
                    break
                lane.through, lane.clock_ms = lane.offsets.popleft(), lane.clocks.popleft()
                clocks[lane.through] = lane.clock_ms
        for tick, lanes in sorted(past.items()):
            offset, clock_ms = self._ticks[tick]
            numbers = np.fromiter((lane.number for lane in lanes), np.intp, len(lanes))
            told += self._fold.tick_those(numbers, self._at([offset])[0], clock_ms)
            for lane in lanes:
                lane.through, lane.clock_ms = offset, clock_ms
        if clocks:
            told += self._fold.take_rows(
                [(record, clocks[record.offset]) for record in self._at(sorted(clocks))]
            )
        self.waiting -= len(clocks)
        self._end_lanes([person for person, lane in chosen if not lane.offsets])
        return told

    @property
    def busy(self) -> bool:
        """Whether there is something to `work` at."""
        return bool(self._lanes) or self._fold.has_due

    def held(self) -> Mapping[int, int]:
        """Of those who wait, by number: the record up to which everything about them is taken."""
        return {lane.number: lane.through for lane in self._lanes.values()}

    def taken(self) -> dict[str, int]:
        """Of those who wait, by pseudonym: the record up to which everything about them is taken."""
        return {person: lane.through for person, lane in self._lanes.items()}

    def taken_of_all(self, admitted: int) -> tuple[int, int]:
        """The record up to which everything about everybody is taken, and the log's clock there.

        Args:
            admitted: the last record that `admit` was given.
        """
        behind = min(self._lanes.values(), key=lambda lane: lane.through, default=None)
        if behind is None:
            return admitted, self._fold.clock_ms
        return behind.through, behind.clock_ms

    def forget(self, person: str) -> None:
        """Nothing of this person shall be taken any more; the fold forgets them too."""
        lane = self._lanes.pop(person, None)
        if lane is not None:
            self.waiting -= len(lane.offsets)

    def _wait(self, lane: _Lane, record: LogRecord, clock_ms: int) -> None:
        lane.offsets.append(record.offset)
        lane.clocks.append(clock_ms)
        self.waiting += 1

    def _end_lanes(self, empty: Sequence[str]) -> None:
        newest = self._ticks[-1][0] if self._ticks else 0
        for person in empty:
            lane = self._lanes[person]
            if lane.through >= newest:
                del self._lanes[person]
                self._fold.resume(lane.number)
        if not self._lanes:
            self._ticks.clear()
        elif len(self._ticks) > _TICKS_KEPT:
            through = self.taken_of_all(newest)[0]
            self._ticks = [tick for tick in self._ticks if tick[0] > through]
