"""Which rows a net keeps, and how rows become batches. Needs no torch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from healthtwin_lab.training.sequences import KEEP_AFTER_H, first_rows, hours_since_kept, kept_rows, pieces

GAPS = st.sampled_from([0.0, 0.083333, 0.25, 0.5, 0.75, 1.0, 2.0, 400.0, float("nan")])
STAYS = st.lists(st.lists(GAPS, min_size=1, max_size=12), min_size=1, max_size=6)


def rows_of(stays: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Hours of each stay's rows; NaN gaps stand for rows before the first reading."""
    hours: list[float] = []
    for stay in stays:
        begun = [gap for gap in stay if not np.isnan(gap)]
        hours.extend([float("nan")] * (len(stay) - len(begun)))
        hours.extend(np.cumsum([0.0, *begun[1:]])[: len(begun)] if begun else [])
    person = np.repeat(np.arange(len(stays)), [len(stay) for stay in stays])
    return np.array(hours, np.float32), person


@given(STAYS)
def test_a_row_is_kept_when_enough_time_has_passed_since_the_last_that_was(stays: list[list[float]]) -> None:
    hours, person = rows_of(stays)
    keep, since = kept_rows(hours, person), None
    since = hours_since_kept(hours, person, keep)
    last: np.float32 | None = None
    for row in range(len(hours)):
        if first_rows(person)[row]:
            last = None
        waited = np.float32(0) if last is None or np.isnan(hours[row]) else hours[row] - last
        assert since[row] == min(waited, np.float32(168.0))
        due = not np.isnan(hours[row]) and (last is None or waited >= KEEP_AFTER_H)
        assert keep[row] == due
        if due:
            last = hours[row]


def test_a_phone_every_five_minutes_walks_about_as_many_states_as_an_hourly_chart() -> None:
    hours = np.arange(0, 24, 1 / 12, dtype=np.float32)
    assert 24 <= kept_rows(hours, np.zeros(len(hours), np.intp)).sum() <= 33


@given(STAYS, st.integers(1, 4), st.integers(1, 5), st.none() | st.integers(0, 99))
def test_pieces_show_every_row_once_and_carry_each_person_on(
    stays: list[list[float]], together: int, steps: int, seed: int | None
) -> None:
    _, person = rows_of(stays)
    rng = None if seed is None else np.random.default_rng(seed)
    shown: list[int] = []
    before = np.empty(0, np.intp)
    for piece in pieces(person, together, steps, rng):
        assert piece.rows.shape == piece.real.shape
        assert piece.rows.shape[0] <= together
        assert piece.rows.shape[1] <= steps
        assert (np.diff(piece.rows, axis=1)[piece.real[:, 1:]] == 1).all()
        if piece.carried is not None:
            assert (piece.rows[:, 0] == before[piece.carried] + 1).all()
        before = piece.rows[:, -1]
        shown.extend(piece.rows[piece.real].tolist())
    assert sorted(shown) == list(range(len(person)))
