"""Hopping windows over readings and a temporal join of events, incremental, by event time.

Each comes in two forms with the same results to the last bit: one that takes an event at a time in plain
Python, and one that takes arrays. How a stream is cut into arrays changes nothing, since lateness and the end
of a window are decided by what had arrived before each single event.

The watermark is the latest event time seen less the allowed lateness, over all keys. A window is told once,
when the watermark reaches its end; what comes later counts in those of its windows that are still open, and
is counted as late when none is.

Keys are small whole numbers, as the runner numbers people. Do not use these for alarms about one person: the
watermark here is everybody's, and one phone with a fast clock would make the others late. `Fold` keeps one
for each person.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.stream.growing import grow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Times = NDArray[np.int64]
    Keys = NDArray[np.int64]
    Values = NDArray[np.float64]

LEFT: Final = 0
RIGHT: Final = 1

_NOT_YET: Final = -(2**62)


class Window(NamedTuple):
    """What one key had in one window; the mean is `total / values`.

    Attributes:
        key: as given.
        start_ms, end_ms: epoch ms; the start belongs to the window, the end does not.
        values: how many, at least 1.
        total, minimum, maximum: in the values' unit.
    """

    key: int
    start_ms: int
    end_ms: int
    values: int
    total: float
    minimum: float
    maximum: float


class Match(NamedTuple):
    """A left event and a right one that followed it closely enough; `left` and `right` are their numbers."""

    key: int
    left_ms: int
    right_ms: int
    left: int
    right: int


WINDOWS: Final = np.dtype(
    [
        ("key", "i8"),
        ("start_ms", "i8"),
        ("end_ms", "i8"),
        ("values", "i8"),
        ("total", "f8"),
        ("minimum", "f8"),
        ("maximum", "f8"),
    ]
)
"""`Window` as an array's element."""

MATCHES: Final = np.dtype(
    [("key", "i8"), ("left_ms", "i8"), ("right_ms", "i8"), ("left", "i8"), ("right", "i8")]
)
"""`Match` as an array's element."""


# ---------------------------------------------------------------- hopping windows


class HoppingWindows:
    """Windows of `size_ms` that begin every `hop_ms`, one event at a time.

    Each value is added to one pane of `hop_ms` only; a window is put together from its panes when it ends.

    Args:
        size_ms: length; a whole multiple of the hop.
        hop_ms: distance of two beginnings, which lie at multiples of it since the epoch.
        allowed_lateness_ms: how far behind the latest event time an event may come and still count in full.

    Raises:
        InvalidInput: the size is no multiple of the hop, or something is not above 0.

    >>> windows = HoppingWindows(size_ms=6, hop_ms=2, allowed_lateness_ms=0)
    >>> [windows.add(key=7, time_ms=time_ms, value=70.0 + time_ms) for time_ms in (0, 1)]
    [[], []]
    >>> windows.add(key=7, time_ms=5, value=60.0)
    [Window(key=7, start_ms=-4, end_ms=2, values=2, total=141.0, minimum=70.0, maximum=71.0), \
Window(key=7, start_ms=-2, end_ms=4, values=2, total=141.0, minimum=70.0, maximum=71.0)]
    """

    def __init__(self, size_ms: int, hop_ms: int, allowed_lateness_ms: int) -> None:
        _check_shape(size_ms, hop_ms, allowed_lateness_ms)
        self._hop_ms = hop_ms
        self._panes_each = size_ms // hop_ms
        self._lateness_ms = allowed_lateness_ms
        self._watermark_ms = _NOT_YET
        self._open_pane = _NOT_YET  # of the earliest window that has not been told, the last pane
        self._panes: dict[int, dict[int, list[float]]] = {}
        self.late = 0

    def add(self, key: int, time_ms: int, value: float) -> list[Window]:
        """Take one value in; returns the windows that ended with it, by end and then by key.

        `late` counts the events that came too late for any window.
        """
        told: list[Window] = []
        pane = time_ms // self._hop_ms
        if time_ms - self._lateness_ms > self._watermark_ms:
            self._watermark_ms = time_ms - self._lateness_ms
            ended = self._watermark_ms // self._hop_ms
            if ended > self._open_pane:
                told = list(self._close(ended))
        if pane + self._panes_each <= self._open_pane:
            self.late += 1
            return told
        keys = self._panes.get(pane)
        if keys is None:
            keys = self._panes[pane] = {}
        held = keys.get(key)
        if held is None:
            keys[key] = [1, 0.0 + value, value, value]
            return told
        held[0] += 1
        held[1] += value
        if value < held[2]:  # noqa: PLR1730 - two calls would cost a quarter of it all
            held[2] = value
        if value > held[3]:  # noqa: PLR1730
            held[3] = value
        return told

    def _close(self, ended: int) -> Iterator[Window]:
        """Tell every window whose last pane lies before `ended`."""
        while self._panes and self._open_pane < ended:
            oldest = min(self._panes)
            # Windows before the oldest pane are empty.
            end = max(self._open_pane + 1, oldest + 1)
            if end > ended:
                break
            yield from self._combined(end)
            self._open_pane = end
            self._panes.pop(end - self._panes_each, None)
        self._open_pane = ended

    def _combined(self, end: int) -> Iterator[Window]:
        merged: dict[int, list[float]] = {}
        for pane in range(end - self._panes_each, end):
            for key, (count, total, minimum, maximum) in self._panes.get(pane, {}).items():
                held = merged.get(key)
                if held is None:
                    merged[key] = [count, total, minimum, maximum]
                    continue
                held[0] += count
                held[1] += total
                held[2] = min(held[2], minimum)
                held[3] = max(held[3], maximum)
        start_ms, end_ms = (end - self._panes_each) * self._hop_ms, end * self._hop_ms
        for key in sorted(merged):
            count, total, minimum, maximum = merged[key]
            yield Window(key, start_ms, end_ms, int(count), total, minimum, maximum)


class HoppingWindowsInArrays:
    """`HoppingWindows` over arrays of events.

    Memory is a few dozen bytes for each key and pane that may still be asked for, from key 0 to the largest.

    >>> windows = HoppingWindowsInArrays(size_ms=6, hop_ms=2, allowed_lateness_ms=0)
    >>> told = windows.add(np.array([7, 7, 7]), np.array([0, 1, 5]), np.array([70.0, 71.0, 60.0]))
    >>> told["end_ms"].tolist(), told["total"].tolist()
    ([2, 4], [141.0, 141.0])
    """

    def __init__(self, size_ms: int, hop_ms: int, allowed_lateness_ms: int) -> None:
        _check_shape(size_ms, hop_ms, allowed_lateness_ms)
        self._hop_ms = hop_ms
        self._panes_each = size_ms // hop_ms
        self._lateness_ms = allowed_lateness_ms
        self._watermark_ms = _NOT_YET
        self._open_pane = _NOT_YET
        self._panes: dict[int, _Pane] = {}
        self.late = 0

    def add(self, keys: Keys, times_ms: Times, values: Values) -> NDArray[np.void]:
        """Take events in, in order of arrival; returns what ended, `WINDOWS` of shape `(windows,)`.

        Args:
            keys: from 0, shape (n,). times_ms: epoch ms, shape (n,). values: shape (n,).
        """
        if not len(times_ms):
            return np.empty(0, WINDOWS)
        watermarks = np.maximum(np.maximum.accumulate(times_ms) - self._lateness_ms, self._watermark_ms)
        ended = watermarks // self._hop_ms
        panes = times_ms // self._hop_ms
        told: list[NDArray[np.void]] = []
        # Between two of these places no window ends, so what lies there can be added together.
        places = np.flatnonzero(np.diff(ended, prepend=self._open_pane) > 0)
        starts = [0, *places.tolist()]
        for start, end in zip(starts, [*starts[1:], len(panes)], strict=True):
            if ended[start] > self._open_pane:
                told += self._close(int(ended[start]))
            if start < end:
                part = slice(start, end)
                self._add(keys[part], panes[part], values[part])
        self._watermark_ms = int(watermarks[-1])
        return np.concatenate(told) if told else np.empty(0, WINDOWS)

    def _add(self, keys: Keys, panes: Times, values: Values) -> None:
        for pane in np.unique(panes).tolist():
            chosen = panes == pane
            if pane + self._panes_each <= self._open_pane:
                self.late += int(chosen.sum())
                continue
            if pane not in self._panes:
                self._panes[pane] = _Pane()
            if chosen.all():
                self._panes[pane].add(keys, values)
            else:
                self._panes[pane].add(keys[chosen], values[chosen])

    def _close(self, ended: int) -> Iterator[NDArray[np.void]]:
        while self._panes and self._open_pane < ended:
            end = max(self._open_pane + 1, min(self._panes) + 1)
            if end > ended:
                break
            yield self._combined(end)
            self._open_pane = end
            self._panes.pop(end - self._panes_each, None)
        self._open_pane = ended

    def _combined(self, end: int) -> NDArray[np.void]:
        there = [self._panes[pane] for pane in range(end - self._panes_each, end) if pane in self._panes]
        merged = _Pane()
        for pane in there:
            merged.merge(pane)
        some = np.flatnonzero(merged.count)
        told = np.empty(len(some), WINDOWS)
        told["key"] = some
        told["start_ms"] = (end - self._panes_each) * self._hop_ms
        told["end_ms"] = end * self._hop_ms
        told["values"] = merged.count[some]
        told["total"] = merged.total[some]
        told["minimum"] = merged.minimum[some]
        told["maximum"] = merged.maximum[some]
        return told


class _Pane:
    """One hop of time, by key."""

    def __init__(self) -> None:
        self.count = np.zeros(0, np.int64)
        self.total = np.zeros(0, np.float64)
        self.minimum = np.zeros(0, np.float64)
        self.maximum = np.zeros(0, np.float64)

    def add(self, keys: Keys, values: Values) -> None:
        self._reserve(int(keys.max()) + 1)
        np.add.at(self.count, keys, 1)
        # One after the other, as the plain form adds them, so that not even the last bit differs.
        np.add.at(self.total, keys, values)
        np.minimum.at(self.minimum, keys, values)
        np.maximum.at(self.maximum, keys, values)

    def merge(self, other: _Pane) -> None:
        held = len(other.count)
        self._reserve(held)
        self.count[:held] += other.count
        self.total[:held] += other.total
        np.minimum(self.minimum[:held], other.minimum, out=self.minimum[:held])
        np.maximum(self.maximum[:held], other.maximum, out=self.maximum[:held])

    def _reserve(self, keys: int) -> None:
        held = len(self.count)
        if keys <= held:
            return
        grow(self.count, keys)
        grow(self.total, keys)
        grow(self.minimum, keys)
        grow(self.maximum, keys)
        self.minimum[held:] = np.inf
        self.maximum[held:] = -np.inf


def _check_shape(size_ms: int, hop_ms: int, allowed_lateness_ms: int) -> None:
    if hop_ms <= 0:
        raise InvalidInput("hop_ms", hop_ms, "above 0")
    if size_ms <= 0 or size_ms % hop_ms:
        raise InvalidInput("size_ms", size_ms, f"a whole multiple of the hop ({hop_ms} ms)")
    if allowed_lateness_ms < 0:
        raise InvalidInput("allowed_lateness_ms", allowed_lateness_ms, "at least 0")


# ---------------------------------------------------------------- temporal join


class IntervalJoin:
    """Pairs of a left event and a right one of the same key that follows it within `within_ms`.

    "Which symptoms came within two hours of an activity": activities are left, symptoms right. A pair is told
    as soon as its second half has arrived, in whichever order the two came.

    Args:
        within_ms: right time less left time may be 0 to this.
        allowed_lateness_ms: an event further than this behind the latest event time is late: it is counted
            in `late` and joins nothing.

    >>> join = IntervalJoin(within_ms=100, allowed_lateness_ms=50)
    >>> join.add(key=3, time_ms=1000, side=LEFT, number=1)
    []
    >>> join.add(key=3, time_ms=1080, side=RIGHT, number=2)
    [Match(key=3, left_ms=1000, right_ms=1080, left=1, right=2)]
    """

    def __init__(self, within_ms: int, allowed_lateness_ms: int) -> None:
        _check_reach(within_ms, allowed_lateness_ms)
        self._within_ms = within_ms
        self._lateness_ms = allowed_lateness_ms
        self._watermark_ms = _NOT_YET
        self._swept_ms = _NOT_YET
        self._held: tuple[dict[int, list[tuple[int, int]]], dict[int, list[tuple[int, int]]]] = ({}, {})
        self.late = 0

    def add(self, key: int, time_ms: int, side: int, number: int) -> list[Match]:
        """Take one event in; returns the pairs that it completes, by the other half's (time, number)."""
        if time_ms - self._lateness_ms > self._watermark_ms:
            self._watermark_ms = time_ms - self._lateness_ms
            if self._watermark_ms - self._swept_ms > self._within_ms:
                self._sweep()
        elif time_ms < self._watermark_ms:
            self.late += 1
            return []
        lefts, rights = self._held
        if side == LEFT:
            insort(lefts.setdefault(key, []), (time_ms, number))
            others = rights.get(key)
            if not others:
                return []
            low = bisect_left(others, (time_ms, _NOT_YET))
            high = bisect_left(others, (time_ms + self._within_ms + 1, _NOT_YET))
            return [Match(key, time_ms, right_ms, number, right) for right_ms, right in others[low:high]]
        insort(rights.setdefault(key, []), (time_ms, number))
        others = lefts.get(key)
        if not others:
            return []
        low = bisect_left(others, (time_ms - self._within_ms, _NOT_YET))
        high = bisect_left(others, (time_ms + 1, _NOT_YET))
        return [Match(key, left_ms, time_ms, left, number) for left_ms, left in others[low:high]]

    def _sweep(self) -> None:
        """Forget what nothing can follow any more: its partner would be late."""
        self._swept_ms = self._watermark_ms
        for held, before_ms in zip(
            self._held, (self._watermark_ms - self._within_ms, self._watermark_ms), strict=True
        ):
            for key in list(held):
                kept = held[key][bisect_left(held[key], (before_ms, _NOT_YET)) :]
                if kept:
                    held[key] = kept
                else:
                    del held[key]


_SIDE: Final = np.dtype([("key", "i8"), ("time_ms", "i8"), ("number", "i8"), ("arrival", "i8")])


class IntervalJoinInArrays:
    """`IntervalJoin` over arrays of events.

    >>> join = IntervalJoinInArrays(within_ms=100, allowed_lateness_ms=50)
    >>> both = np.array([3, 3]), np.array([1000, 1080]), np.array([LEFT, RIGHT]), np.array([1, 2])
    >>> join.add(*both).tolist()
    [(3, 1000, 1080, 1, 2)]
    """

    def __init__(self, within_ms: int, allowed_lateness_ms: int) -> None:
        _check_reach(within_ms, allowed_lateness_ms)
        self._within_ms = within_ms
        self._lateness_ms = allowed_lateness_ms
        self._watermark_ms = _NOT_YET
        self._arrived = 0
        self._lefts: NDArray[np.void] = np.empty(0, _SIDE)
        self._rights: NDArray[np.void] = np.empty(0, _SIDE)
        self.late = 0

    def add(
        self, keys: Keys, times_ms: Times, sides: NDArray[np.int64], numbers: NDArray[np.int64]
    ) -> NDArray[np.void]:
        """Take events in, in order of arrival; returns the pairs they complete, `MATCHES`, shape `(pairs,)`.

        Pairs come in the order in which their second halves arrived, then by the other's (time, number).

        Args:
            keys: from 0, shape (n,). times_ms: epoch ms, shape (n,). sides: `LEFT` or `RIGHT`, shape (n,).
            numbers: what the pairs call the events, shape (n,).
        """
        if not len(times_ms):
            return np.empty(0, MATCHES)
        watermarks = np.maximum(np.maximum.accumulate(times_ms) - self._lateness_ms, self._watermark_ms)
        on_time = times_ms >= watermarks
        self.late += int(len(times_ms) - on_time.sum())
        events = np.empty(len(times_ms), _SIDE)
        events["key"], events["time_ms"], events["number"] = keys, times_ms, numbers
        events["arrival"] = self._arrived + np.arange(len(times_ms))
        self._arrived += len(times_ms)
        lefts, rights = events[on_time & (sides == LEFT)], events[on_time & (sides == RIGHT)]
        found = [
            self._pairs(_joined(self._lefts, lefts), rights),
            self._pairs(lefts, self._rights),
        ]
        left, right = (np.concatenate(halves) for halves in zip(*found, strict=True))
        self._watermark_ms = int(watermarks[-1])
        kept = _joined(self._lefts, lefts)
        self._lefts = kept[kept["time_ms"] >= self._watermark_ms - self._within_ms]
        kept = _joined(self._rights, rights)
        self._rights = kept[kept["time_ms"] >= self._watermark_ms]
        return _in_order(left, right)

    def _pairs(self, lefts: NDArray[np.void], rights: NDArray[np.void]) -> tuple[NDArray[np.void], ...]:
        """Every left with every right that follows it closely enough: two arrays of the same length."""
        if not len(lefts) or not len(rights):
            return np.empty(0, _SIDE), np.empty(0, _SIDE)
        earliest = int(min(lefts["time_ms"].min(), rights["time_ms"].min())) - self._within_ms
        latest = int(max(lefts["time_ms"].max(), rights["time_ms"].max()))
        span = latest - earliest + 1  # key and time as one number, so that one search finds both
        line = np.sort(lefts["key"] * span + (lefts["time_ms"] - earliest))
        lefts = lefts[np.argsort(lefts["key"] * span + (lefts["time_ms"] - earliest), kind="stable")]
        at = rights["key"] * span + (rights["time_ms"] - earliest)
        low = np.searchsorted(line, at - self._within_ms, "left")
        high = np.searchsorted(line, at, "right")
        counts = high - low
        which = np.repeat(np.arange(len(rights)), counts)
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return lefts[low[which] + place], rights[which]


def _joined(held: NDArray[np.void], new: NDArray[np.void]) -> NDArray[np.void]:
    return np.concatenate([held, new]) if len(held) else new


def _in_order(left: NDArray[np.void], right: NDArray[np.void]) -> NDArray[np.void]:
    by_left = left["arrival"] > right["arrival"]
    second = np.where(by_left, left["arrival"], right["arrival"])
    other_ms = np.where(by_left, right["time_ms"], left["time_ms"])
    other = np.where(by_left, right["number"], left["number"])
    order = np.lexsort((other, other_ms, second))
    told = np.empty(len(left), MATCHES)
    told["key"] = left["key"]
    told["left_ms"], told["right_ms"] = left["time_ms"], right["time_ms"]
    told["left"], told["right"] = left["number"], right["number"]
    ordered: NDArray[np.void] = told[order]
    return ordered


def _check_reach(within_ms: int, allowed_lateness_ms: int) -> None:
    if within_ms < 0:
        raise InvalidInput("within_ms", within_ms, "at least 0")
    if allowed_lateness_ms < 0:
        raise InvalidInput("allowed_lateness_ms", allowed_lateness_ms, "at least 0")
