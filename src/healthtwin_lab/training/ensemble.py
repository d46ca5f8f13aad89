"""The ensemble measured honestly: each fold's stack, calibration and thresholds come from the other folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from healthtwin.forecast.targets import TRAINED
from healthtwin_lab.measures import FALSE_ALARMS_PER_DAY, measured, threshold_at
from healthtwin_lab.training.stacking import fit_ensemble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.tables import FeatureTable

    Floats = NDArray[np.float64]
    People = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class CrossFitted:
    """Stacked scores and calibrated probabilities of every row, by what was learned on the other folds.

    Both have shape (rows, targets).
    """

    score: Floats
    probability: Floats


def cross_fit(
    member: Floats, table: FeatureTable, fold: People, columns: Sequence[int] | None = None
) -> CrossFitted:
    """Stack and calibrate each fold by the others.

    Args:
        member: out-of-fold scores, shape (rows, members, targets). fold: shape (rows,).
        columns: targets to do; all of them where None. The others stay NaN.
    """
    score = np.full(table.targets.shape, np.nan)
    probability = np.full(table.targets.shape, np.nan)
    came = table.targets == 1
    eligible = table.eligible
    if columns is not None:
        eligible = np.zeros_like(eligible)
        eligible[:, list(columns)] = table.eligible[:, list(columns)]
    for held in np.unique(fold):
        inside = fold != held
        fitted = fit_ensemble(member[inside], came[inside], eligible[inside], fold[inside])
        score[~inside] = fitted.stack.of(member[~inside])
        probability[~inside] = fitted.calibration.of(score[~inside])
    return CrossFitted(score, probability)


def alarms_by_fold(score: Floats, came: NDArray[np.bool_], fold: People) -> dict[float, NDArray[np.bool_]]:
    """Where each fold's rows reach the threshold that the other folds' negatives set."""
    raised = {asked: np.zeros(len(score), np.bool_) for asked in FALSE_ALARMS_PER_DAY}
    for held in np.unique(fold):
        inside = fold == held
        for asked, flags in raised.items():
            flags[inside] = score[inside] > threshold_at(score[~inside & ~came], asked)
    return raised


def figures(
    score: Floats,
    table: FeatureTable,
    fold: People,
    target: int,
    weights: list[Floats],
    probability: Floats | None = None,
) -> dict[str, Any]:
    """All figures of one scorer on one target by cross-validation; `weights` of the eligible rows."""
    rows = table.eligible[:, target]
    came = table.targets[rows, target] == 1
    raised = alarms_by_fold(score[rows], came, fold[rows])
    return measured(came, score[rows], raised, weights, None if probability is None else probability[rows])


def enough_people(table: FeatureTable, fold: People) -> list[str]:
    """Targets that cannot be learned because some fold's complement has too few events of them."""
    lacking = []
    for i, target in enumerate(TRAINED):
        came = table.targets[:, i] == 1
        per_fold = [int((came & (fold != held)).sum()) for held in np.unique(fold)]
        if min(per_fold, default=0) == 0:
            lacking.append(target.name)
    return lacking
