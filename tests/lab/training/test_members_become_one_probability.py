"""Stacking and calibration: what out-of-fold scores teach, and that the card gives back what was learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.forecast.shipped import Calibration, Stack
from healthtwin.forecast.targets import TRAINED
from healthtwin_lab.measures import Ranked, auroc
from healthtwin_lab.training.stacking import fit_ensemble, isotonic, platt

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

TARGETS = len(TRAINED)


def opinions(rows: int = 6000, seed: int = 0) -> tuple[Floats, Flags, Flags, NDArray[np.intp]]:
    """Three members: a good one, another good one, and noise; two out of a hundred rows are events."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(0, 1, (rows, TARGETS))
    came = rng.random((rows, TARGETS)) < 1 / (1 + np.exp(-(2.0 * hidden - 4.0)))
    member = np.stack(
        [
            hidden + rng.normal(0, 1, hidden.shape),
            3.0 * hidden + rng.normal(0, 3, hidden.shape) + 50.0,
            rng.normal(0, 1, hidden.shape),
        ],
        axis=1,
    )
    fold = (np.arange(rows) // 10) % 5
    eligible = rng.random((rows, TARGETS)) < 0.9
    return member, came, eligible, fold.astype(np.intp)


def test_two_opinions_together_are_better_than_either() -> None:
    member, came, eligible, fold = opinions()
    fitted = fit_ensemble(member, came, eligible, fold)
    later, truth, judged, _ = opinions(seed=1)
    together = fitted.stack.of(later)
    rows = judged[:, 0]

    def of(score: Floats) -> float:
        return auroc(*Ranked.of(truth[rows, 0], score[rows]).counts())

    assert of(together[:, 0]) > max(of(later[:, 0, 0]), of(later[:, 1, 0])) + 0.02
    probability = fitted.calibration.of(together)[:, 0]
    assert probability[rows].mean() == pytest.approx(truth[rows, 0].mean(), rel=0.2)


def test_a_member_that_says_nothing_changes_nothing() -> None:
    member, came, eligible, fold = opinions(2000)
    fitted = fit_ensemble(member, came, eligible, fold)
    member[:, 2] = np.nan
    silent = fitted.stack.of(member)
    assert np.isfinite(silent).all()


def test_one_row_alone_is_scored_as_among_many() -> None:
    member, came, eligible, fold = opinions(500)
    fitted = fit_ensemble(member, came, eligible, fold)
    whole = fitted.stack.of(member)
    alone = np.concatenate([fitted.stack.of(member[i : i + 1]) for i in range(50)])
    assert alone.tobytes() == whole[:50].tobytes()


def test_the_card_gives_back_what_was_learned() -> None:
    member, came, eligible, fold = opinions(500)
    fitted = fit_ensemble(member, came, eligible, fold)
    stack = Stack.from_card(fitted.stack.as_card())
    assert np.allclose(stack.of(member), fitted.stack.of(member), atol=1e-4)
    card = [
        {"knots": knots.tolist(), "probability": height.tolist()}
        for knots, height in zip(fitted.calibration.knots, fitted.calibration.probability, strict=True)
    ]
    again = Calibration.from_card(card)
    assert np.array_equal(again.of(stack.of(member)), fitted.calibration.of(stack.of(member)))


@pytest.mark.parametrize("fit", [platt, isotonic])
def test_a_calibration_rises_and_finds_the_true_chances(
    fit: Callable[[Floats, Floats, Floats], tuple[Floats, Floats]],
) -> None:
    rng = np.random.default_rng(3)
    score = rng.normal(-2, 1.5, 40_000)
    came = (rng.random(40_000) < 1 / (1 + np.exp(-(0.5 * score - 1.0)))).astype(float)
    knots, height = fit(score, came, np.ones(40_000))
    assert (np.diff(knots) > 0).all()
    assert (np.diff(height) >= 0).all()
    for at in (-3.0, -2.0, 0.0):
        true = 1 / (1 + np.exp(-(0.5 * at - 1.0)))
        assert np.interp(at, knots, height) == pytest.approx(true, abs=0.015)


def test_a_target_that_nobody_could_be_judged_on_is_never_forecast() -> None:
    member, came, eligible, fold = opinions(500)
    eligible[:, 3] = False
    fitted = fit_ensemble(member, came, eligible, fold)
    assert (fitted.calibration.of(fitted.stack.of(member))[:, 3] == 0.0).all()
    assert fitted.chosen[3]["calibration"] is None
