from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS, LEARNED, MINUTE_MS
from healthtwin.domain.arrays import COLUMNS, blank_observations
from healthtwin.twin import TWIN, TWIN_VERSION, blank_twins, expect, learn, note_departures
from tests.twin.people import START_MS


def household(people: int, rounds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Irregular, partly missing, partly absurd readings of several people, `(rounds, people)`, and a pace."""
    rng = np.random.default_rng(seed)
    rows = blank_observations(rounds * people).reshape(rounds, people)
    gaps = rng.choice([0, 1_000, 5 * MINUTE_MS, HOUR_MS, DAY_MS, -3 * HOUR_MS, 40 * DAY_MS], (rounds, people))
    rows["time_ms"] = START_MS + np.cumsum(gaps, axis=0)
    rows["hour"] = rows["time_ms"] // HOUR_MS % 24
    rows["day"] = rows["time_ms"] // DAY_MS
    low = np.array([metric.low for metric in LEARNED])
    high = np.array([metric.high for metric in LEARNED])
    values = low + (high - low) * rng.beta(2, 5, (rounds, people, COLUMNS))
    rows["value"] = np.where(rng.random(values.shape) < 0.4, np.nan, values)
    rows["quality"] = rng.choice([0.0, 0.3, 1.0], (rounds, people))
    rows["activity"] = np.where(
        rng.random((rounds, people)) < 0.3, np.nan, rng.uniform(0, 3, (rounds, people))
    )
    return rows, rng.choice([0.0, 0.1, 1.0], (rounds, people))


def live(rows: np.ndarray, pace: np.ndarray, cuts: list[int]) -> tuple[bytes, bytes]:
    twins = blank_twins(rows.shape[1])
    said = []
    edges = sorted({0, rows.shape[1], *cuts})
    for row, speed in zip(rows, pace, strict=True):
        for start, end in pairwise(edges):
            part = twins[start:end]
            expectation = expect(part, row[start:end])
            note_departures(part, row[start:end], expectation)
            learn(part, row[start:end], speed[start:end])
            said.append((expectation.center, expectation.spread, expectation.z, expectation.low))
    whole = [np.concatenate([turn[i] for turn in said]).tobytes() for i in range(4)]
    return twins.tobytes(), b"".join(whole)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 70), st.lists(st.integers(1, 69), max_size=6))
def test_a_household_cut_into_any_batches_learns_the_same_bits(
    seed: int, people: int, cuts: list[int]
) -> None:
    rows, pace = household(people, 12, seed)
    inside = [cut for cut in cuts if cut < people]
    assert live(rows, pace, inside) == live(rows, pace, [])


def test_a_crowd_learns_the_same_bits_as_each_of_it_alone() -> None:
    rows, pace = household(2_500, 6, seed=7)  # more than one internal chunk
    twins = blank_twins(2_500)
    for row, speed in zip(rows, pace, strict=True):
        learn(twins, row, speed)
    crowd = expect(twins, rows[-1])
    for person in range(0, 2_500, 97):
        alone = blank_twins(1)
        for row, speed in zip(rows, pace, strict=True):
            learn(alone, row[person : person + 1], speed[person : person + 1])
        assert alone.tobytes() == twins[person : person + 1].tobytes()
        assert expect(alone, rows[-1, person : person + 1]).spread.tobytes() == crowd.spread[person].tobytes()


def test_nobody_is_a_batch_too() -> None:
    rows, pace = household(1, 1, seed=0)
    assert expect(blank_twins(0), rows[0, :0]).center.shape == (0, COLUMNS)
    learn(blank_twins(0), rows[0, :0], pace[0, :0])


def test_memory_layout_does_not_change_a_bit() -> None:
    rows, pace = household(64, 8, seed=3)
    dense, spaced = blank_twins(64), blank_twins(192)[::3]
    for row, speed in zip(rows, pace, strict=True):
        learn(dense, row, speed)
        learn(spaced, np.repeat(row, 2)[::2], np.repeat(speed, 2)[::2])
    assert dense.tobytes() == spaced.tobytes()


def test_a_person_fits_into_200_bytes_a_metric_and_says_which_version() -> None:
    assert TWIN.itemsize <= 200 * len(LEARNED)
    assert sum(TWIN[name].itemsize for name in TWIN.names or ()) == TWIN.itemsize  # no bytes without a name
    assert (blank_twins(2)["version"] == TWIN_VERSION).all()
