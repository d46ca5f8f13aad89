"""The nets as they are shipped, asked through ONNX Runtime alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from healthtwin.forecast.feature_names import FEATURE, FEATURES
from healthtwin.forecast.onnx_session import open_session
from healthtwin.forecast.shipped import MODELS
from healthtwin.forecast.targets import TRAINED

NETS = ("lstm", "snn")
HOURS = FEATURE["known_hours"]
Table = NDArray[np.float32]


@cache
def session_of(name: str) -> Any:  # noqa: ANN401
    path = MODELS / f"{name}.onnx"
    if not path.is_file():
        pytest.skip(f"no shipped model {name}.onnx")
    return open_session(path)


def asked(name: str, x: Table, state: Table | None = None) -> tuple[Table, Table]:
    session = session_of(name)
    width = session.get_inputs()[1].shape[1]
    blank = np.zeros((len(x), width), np.float32)
    scores, new_state = session.run(
        ["scores", "new_state"], {"x": x, "state": blank if state is None else state}
    )
    return scores, new_state


def rows(count: int, hours: float, seed: int = 0) -> Table:
    """Feature rows of about the size that features have, a third of them unknown."""
    rng = np.random.default_rng(seed)
    x = rng.normal(20.0, 30.0, (count, len(FEATURES))).astype(np.float32)
    x[rng.random(x.shape) < 1 / 3] = np.nan
    x[:, HOURS] = hours
    return x


@pytest.mark.parametrize("name", NETS)
def test_somebody_of_whom_nothing_is_known_gets_a_score_and_leaves_no_trace(name: str) -> None:
    scores, state = asked(name, np.full((3, len(FEATURES)), np.nan, np.float32))
    assert scores.shape == (3, len(TRAINED))
    assert np.isfinite(scores).all()
    assert not state.any()


@pytest.mark.parametrize("name", NETS)
def test_a_persons_scores_do_not_hang_on_the_batch(name: str) -> None:
    first, later = rows(64, 1.0), rows(64, 2.0, seed=1)
    _, state = asked(name, first)
    together, _ = asked(name, later, state)
    for person in (0, 17, 63):
        _, own = asked(name, first[person : person + 1])
        alone, _ = asked(name, later[person : person + 1], own)
        assert np.abs(alone - together[person]).max() < 1e-4


@pytest.mark.parametrize("name", NETS)
def test_within_the_hour_nothing_is_kept(name: str) -> None:
    _, state = asked(name, rows(5, 3.0))
    _, soon = asked(name, rows(5, 3.5, seed=1), state)
    _, later = asked(name, rows(5, 3.75, seed=1), state)
    assert np.array_equal(soon, state)
    assert (later[:, -2] == 3.75).all()


@pytest.mark.parametrize("name", NETS)
def test_ninety_days_every_hour_leave_everything_within_bounds(name: str) -> None:
    state, most = None, 0.0
    for hour in range(90 * 24):
        scores, state = asked(name, rows(2, float(hour), seed=hour % 50), state)
        most = max(most, float(np.abs(scores).max()))
    assert state is not None
    assert np.isfinite(state).all()
    assert most < 60.0  # log odds; e^-60 is nothing


@pytest.mark.parametrize("name", NETS)
def test_absurd_values_give_a_finite_score(name: str) -> None:
    x = rows(4, 1.0)
    x[0, 0], x[1, 3], x[2, :HOURS] = np.inf, -np.inf, 3e38
    scores, state = asked(name, x)
    assert np.isfinite(scores).all()
    assert np.isfinite(state).all()
