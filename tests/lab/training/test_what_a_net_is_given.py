"""From feature rows to a net's inputs, and what is taught beside the targets. Needs no torch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput
from healthtwin_lab.cohorts.folds import FOLDS, fold_of
from healthtwin_lab.training.net_inputs import CLIPPED_AT_SD, Layout, Scaling, later_steps
from tests.lab.training.made_up_stays import LAYOUT, made_up


def test_inputs_are_standardised_and_what_is_missing_stays_missing() -> None:
    data = made_up()
    scaling = Scaling.of(data.x, LAYOUT)
    inputs = scaling(data.x)
    assert scaling.columns.tolist() == [0, 1, 2]  # hours and what never varies are left out
    assert inputs.shape[1] == scaling.width == 3
    assert np.array_equal(np.isnan(inputs[:, 2]), np.isnan(data.x[:, 2]))
    assert abs(float(inputs[:, 0].mean())) < 1e-3
    assert abs(float(inputs[:, 0].std()) - 1) < 1e-3


def test_an_absurd_value_is_no_more_than_extreme() -> None:
    data = made_up()
    scaling = Scaling.of(data.x, LAYOUT)
    x = data.x[:1].copy()
    x[0, :2] = (1e9, -np.inf)
    assert scaling(x)[0, :2].tolist() == [CLIPPED_AT_SD, -CLIPPED_AT_SD]


def test_what_is_said_of_used_columns_can_be_said_of_all() -> None:
    scaling = Scaling(5, np.array([1, 4]), np.zeros(2, np.float32), np.ones(2, np.float32))
    assert scaling.of_every_column(np.array([2, 3, 9], np.float32)).tolist() == [0, 2, 0, 0, 3, 9]


def test_nothing_to_learn_from_is_said_so() -> None:
    with pytest.raises(InvalidInput, match="at least one feature that is known and varies"):
        Scaling.of(np.full((9, 6), np.nan, np.float32), LAYOUT)


def test_next_values_are_taught_only_where_the_next_hour_was_measured() -> None:
    hours = np.array([0, 1, 3, 0, 1], np.float32)
    value = np.array([1, 2, 3, 4, 5], np.float32)
    age = np.array([0, 0, 0, 0, 0.5], np.float32)
    above, told = later_steps(
        np.stack([hours, value, age], axis=1), np.array([0, 0, 0, 1, 1]), Layout(0, ((1, 2),))
    )
    assert told.any(axis=1).tolist() == [True, False, False, False, False]
    assert above[0].any()
    assert not above[0].all()


def test_without_measured_values_no_next_value_is_taught() -> None:
    x = np.full((4, 3), np.nan, np.float32)
    x[:, 0] = np.arange(4)
    above, told = later_steps(x, np.zeros(4, np.intp), Layout(0, ((1, 2),)))
    assert above.shape == told.shape == (4, 0)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=20, unique=True))
def test_a_persons_fold_depends_on_nobody_else(people: list[str]) -> None:
    together = fold_of(np.array(people))
    assert ((together >= 0) & (together < FOLDS)).all()
    assert [int(fold_of(np.array([person]))[0]) for person in people] == together.tolist()
