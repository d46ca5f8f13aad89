"""A small, honest step for the runner's tests: counts, an order-dependent mean, and threshold episodes.

Rows carry one number. Above `HIGH` an episode opens, below `LOW` it closes; a tick raises silence. The state
keeps its newest episodes, so that `reconcile` can say exactly what a late arrival changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from healthtwin.stream import Caused, Change, LogRecord, NewRecord, OutboxRow

StructuredArray = NDArray[np.void]

HIGH: Final = 100.0
LOW: Final = 90.0
PACE: Final = 0.1
MOST_EPISODES: Final = 24
SILENT_AFTER_MS: Final = 60 * 60_000

STATE: Final = np.dtype(
    [
        ("person", "S24"),
        ("rows", "i8"),
        ("late", "i8"),
        ("mean", "f8"),
        ("last_ms", "i8"),
        ("silent", "?"),
        ("started", "i8", (MOST_EPISODES,)),  # 0: no episode
        ("ended", "i8", (MOST_EPISODES,)),  # 0: still open
        ("episodes", "i8"),
    ]
)
ROW: Final = np.dtype(
    [
        ("time_ms", "i8"),
        ("arrived_ms", "i8"),
        ("sequence", "i8"),
        ("device", "i8"),
        ("sensor", "i8"),
        ("live", "?"),
        ("person", "S24"),
        ("value", "f8"),
    ]
)


def reading(
    person: str,
    time_ms: int,
    value: float,
    *,
    device: str = "phone",
    sequence: int | None = None,
    arrived_ms: int | None = None,
) -> NewRecord:
    payload = msgspec.msgpack.encode(value)
    arrived = time_ms if arrived_ms is None else arrived_ms
    return NewRecord(person, "vitals", time_ms, arrived, device, sequence, 0, payload)


def tick(now_ms: int) -> NewRecord:
    return NewRecord("", "tick", now_ms, now_ms, "", None, 0, b"")


class HeartStep:
    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.state_dtype: np.dtype[np.void] = STATE
        self.row_dtype: np.dtype[np.void] = ROW
        self.tick_fields = ("silent",)
        self.tells_on_the_way = True

    def blank(self, count: int) -> StructuredArray:
        return np.zeros(count, STATE)

    def rows(self, records: Sequence[LogRecord]) -> StructuredArray:
        rows = np.zeros(len(records), ROW)
        rows["person"] = [r.person.encode() for r in records]
        rows["value"] = [msgspec.msgpack.decode(r.payload, type=float) for r in records]
        rows["live"] = [r.arrived_ms - r.time_ms < 15 * 60_000 for r in records]
        return rows

    def advance(
        self, state: StructuredArray, rows: StructuredArray, *, late: bool
    ) -> list[tuple[int, Change]]:
        state["person"] = rows["person"]
        state["mean"] += PACE * (rows["value"] - state["mean"])
        if late:
            state["late"] += 1
            return []
        state["rows"] += 1
        state["last_ms"] = rows["time_ms"]
        state["silent"] = False
        changes = []
        newest = (state["episodes"] - 1) % MOST_EPISODES
        everybody = np.arange(len(state))
        is_open = (state["episodes"] > 0) & (state["ended"][everybody, newest] == 0)
        for i in np.flatnonzero(~is_open & (rows["value"] > HIGH)).tolist():
            place = state["episodes"][i] % MOST_EPISODES
            state["started"][i, place] = rows["time_ms"][i]
            state["ended"][i, place] = 0
            state["episodes"][i] += 1
            changes.append((i, _change(state[i], "opened", int(rows["time_ms"][i]))))
        for i in np.flatnonzero(is_open & (rows["value"] < LOW)).tolist():
            state["ended"][i, newest[i]] = rows["time_ms"][i]
            started = int(state["started"][i, newest[i]])
            changes.append((i, _change(state[i], "closed", started, int(rows["time_ms"][i]))))
        return changes

    def tick(
        self,
        head: StructuredArray,
        committed: StructuredArray,
        now_ms: int,
        payload: bytes,  # noqa: ARG002 - the port has it
    ) -> list[tuple[int, Change]]:
        falls = ~head["silent"] & (head["rows"] > 0) & (now_ms - head["last_ms"] > SILENT_AFTER_MS)
        head["silent"] |= falls
        committed["silent"] |= falls
        return [
            (i, _change(head[i], "silent", int(head["last_ms"][i]))) for i in np.flatnonzero(falls).tolist()
        ]

    def come_back(
        self,
        state: StructuredArray,
        now_ms: NDArray[np.int64],
        from_ms: NDArray[np.int64],  # noqa: ARG002 - the port has it
    ) -> None:
        state["last_ms"] = np.minimum(state["last_ms"], now_ms)

    def reconcile(self, before: np.void, after: np.void, at_ms: int) -> list[Change]:  # noqa: ARG002 - the port has it
        told, true = episodes_in(before), episodes_in(after)
        changes = [_change(after, "withdrawn", started, ended) for started, ended in sorted(told - true)]
        return changes + [
            _change(after, "restored", started, ended) for started, ended in sorted(true - told)
        ]


def episodes_in(state: np.void) -> set[tuple[int, int]]:
    count = min(int(state["episodes"]), MOST_EPISODES)
    return set(zip(state["started"][:count].tolist(), state["ended"][:count].tolist(), strict=True))


def _change(state: np.void, verb: str, started: int, ended: int = 0) -> Change:
    person = bytes(state["person"]).decode()
    return Change(
        f"{person}/{verb}/{started}/{ended}",
        person,
        "heart",
        msgspec.msgpack.encode([person, verb, started, ended]),
    )


def episodes_told(told: Iterable[Caused | OutboxRow]) -> dict[str, set[tuple[int, int]]]:
    """What somebody who only ever reads the outbox believes: per person the episodes (started, ended)."""
    believed: dict[str, set[tuple[int, int]]] = {}
    seen: set[str] = set()
    for each in told:
        change = each.change if isinstance(each, OutboxRow) else each[1]
        if change.id in seen:
            continue
        seen.add(change.id)
        row: Any = msgspec.msgpack.decode(change.payload)
        person, verb, started, ended = row
        episodes = believed.setdefault(person, set())
        if verb in {"opened", "restored"}:
            episodes.add((started, ended))
        elif verb == "closed":
            episodes.discard((started, 0))
            episodes.add((started, ended))
        elif verb == "withdrawn":
            episodes.discard((started, ended))
    return believed
