"""Windows and joins find what a patient reader would, in both forms and however a stream is cut."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput
from healthtwin.stream import (
    LEFT,
    RIGHT,
    HoppingWindows,
    HoppingWindowsInArrays,
    IntervalJoin,
    IntervalJoinInArrays,
    Match,
    Window,
)

SIZE, HOP = 6, 2
Reading = tuple[int, int, float]
Happening = tuple[int, int, int]

readings = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-20, 60), st.floats(-1e6, 1e6, allow_nan=False)), max_size=60
)
happenings = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-20, 60), st.sampled_from([LEFT, RIGHT])), max_size=60
)
latenesses = st.integers(0, 12)
cuts = st.lists(st.integers(0, 60), max_size=6)


def windows_by_hand(events: list[Reading], lateness: int) -> tuple[list[Window], int]:
    """Ask of every window, each time somebody speaks, whether it is over now."""
    told: list[Window] = []
    late = 0
    watermark: int | None = None
    members: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for key, time, value in events:
        before, watermark = watermark, max(time - lateness, watermark if watermark is not None else -999)
        over = sorted(w for w in members if w[0] <= watermark and (before is None or w[0] > before))
        told += [_window(end, key_, members[end, key_]) for end, key_ in over]
        ends = [end for end in range(-100, 200, HOP) if end - SIZE <= time < end and end > watermark]
        late += not ends
        for end in ends:
            members.setdefault((end, key), []).append((time, value))
    return told, late


def _window(end: int, key: int, members: list[tuple[int, float]]) -> Window:
    values = [value for _, value in members]
    total = 0.0
    for pane in range(end - SIZE, end, HOP):
        total += sum((value for time, value in members if pane <= time < pane + HOP), 0.0)
    return Window(key, end - SIZE, end, len(values), total, min(values), max(values))


def pairs_by_hand(events: list[Happening], within: int, lateness: int) -> tuple[list[Match], int]:
    """Compare every event with every earlier one."""
    told: list[Match] = []
    late = 0
    watermark = -999
    taken: list[tuple[int, int, int, int]] = []
    for number, (key, time, side) in enumerate(events):
        watermark = max(watermark, time - lateness)
        if time < watermark:
            late += 1
            continue
        for other_ms, other, other_key, other_side in sorted(taken):
            if other_key == key and other_side != side:
                left, right = ((time, number), (other_ms, other))[:: 1 if side == LEFT else -1]
                if 0 <= right[0] - left[0] <= within:
                    told.append(Match(key, left[0], right[0], left[1], right[1]))
        taken.append((time, number, key, side))
    return told, late


def parts_of(count: int, places: list[int]) -> list[slice]:
    """The stream cut at these places."""
    edges = sorted({0, count, *(place for place in places if place < count)})
    return [slice(*edge) for edge in pairwise(edges)]


@given(readings, latenesses)
def test_windows_one_event_at_a_time_are_those_found_by_hand(events: list[Reading], lateness: int) -> None:
    windows = HoppingWindows(SIZE, HOP, lateness)
    told = [window for event in events for window in windows.add(*event)]

    expected, late = windows_by_hand(events, lateness)

    assert [w[:4] + w[5:] for w in told] == [w[:4] + w[5:] for w in expected]
    assert [w.total for w in told] == pytest.approx([w.total for w in expected], rel=1e-9, abs=1e-6)
    assert windows.late == late


@given(readings, latenesses, cuts)
def test_windows_in_arrays_are_the_same_to_the_last_bit_however_they_are_cut(
    events: list[Reading], lateness: int, places: list[int]
) -> None:
    one_by_one = HoppingWindows(SIZE, HOP, lateness)
    told = [window for event in events for window in one_by_one.add(*event)]

    in_arrays = HoppingWindowsInArrays(SIZE, HOP, lateness)
    keys, times, values = (
        np.array([event[i] for event in events], kind) for i, kind in enumerate(("i8", "i8", "f8"))
    )
    together = [
        Window(*row)
        for part in parts_of(len(events), places)
        for row in in_arrays.add(keys[part], times[part], values[part]).tolist()
    ]

    assert together == told
    assert in_arrays.late == one_by_one.late


@given(happenings, st.integers(0, 20), latenesses)
def test_pairs_one_event_at_a_time_are_those_found_by_hand(
    events: list[Happening], within: int, lateness: int
) -> None:
    join = IntervalJoin(within, lateness)
    told = [pair for number, event in enumerate(events) for pair in join.add(*event, number)]

    assert (told, join.late) == pairs_by_hand(events, within, lateness)


@given(happenings, st.integers(0, 20), latenesses, cuts)
def test_pairs_in_arrays_are_the_same_however_they_are_cut(
    events: list[Happening], within: int, lateness: int, places: list[int]
) -> None:
    one_by_one = IntervalJoin(within, lateness)
    told = [pair for number, event in enumerate(events) for pair in one_by_one.add(*event, number)]

    in_arrays = IntervalJoinInArrays(within, lateness)
    keys, times, sides = (np.array([event[i] for event in events], np.int64) for i in range(3))
    numbers = np.arange(len(events))
    together = [
        Match(*row)
        for part in parts_of(len(events), places)
        for row in in_arrays.add(keys[part], times[part], sides[part], numbers[part]).tolist()
    ]

    assert together == told
    assert in_arrays.late == one_by_one.late


def test_a_symptom_before_the_activity_is_no_match_but_arrival_order_does_not_matter() -> None:
    join = IntervalJoin(within_ms=120, allowed_lateness_ms=60)

    assert join.add(1, 1000, RIGHT, 1) == []
    assert join.add(1, 1010, LEFT, 2) == []
    assert join.add(1, 990, LEFT, 3) == [Match(1, 990, 1000, 3, 1)]
    assert join.add(2, 1000, RIGHT, 4) == []


@pytest.mark.parametrize(
    ("size", "hop", "lateness", "field"),
    [(5, 2, 0, "size_ms"), (0, 2, 0, "size_ms"), (4, 0, 0, "hop_ms"), (4, 2, -1, "allowed_lateness_ms")],
)
def test_a_shape_that_cannot_be_is_refused(size: int, hop: int, lateness: int, field: str) -> None:
    for kind in (HoppingWindows, HoppingWindowsInArrays):
        with pytest.raises(InvalidInput, match=field):
            kind(size, hop, lateness)


def test_a_reach_that_cannot_be_is_refused() -> None:
    for kind in (IntervalJoin, IntervalJoinInArrays):
        with pytest.raises(InvalidInput, match="within_ms"):
            kind(-1, 0)
        with pytest.raises(InvalidInput, match="allowed_lateness_ms"):
            kind(1, -1)
