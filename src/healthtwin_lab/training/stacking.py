"""From members to one calibrated probability: weights, steps or a line, learned out of fold by person.

The members' scores that come in were made by models that never saw the person (`out_of_fold`). Per target, a
ridge logistic regression over all members' scores of all targets: a net's opinion of six hours ahead helps to
say what comes in one. The ridge pulls towards the plain mean of the members' own scores of that target, so
that where the data cannot tell, all have the same say. Its strength and the kind of calibration are chosen on
inner halves of the people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.forecast.shipped import Calibration, Stack, standardised
from healthtwin_lab.training.logistic import fit_logistic
from healthtwin_lab.training.trees import shown_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    People = NDArray[np.intp]

RIDGES: Final = (300.0, 3000.0)
"""Rows that the pull towards the plain mean is worth; chosen per target on inner halves of the people."""

OWN_WEIGHT: Final = 0.6
"""Log odds per spread of the plain mean of the members, before anything is learned."""

PLATT_KNOTS: Final = np.linspace(-14.0, 6.0, 161)
"""Where the line is written down: every eighth of a log odd."""

LEAST_PER_STEP: Final = 50
"""Events per step of the isotonic calibration, or it would follow the noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was learned: `stack` and `calibration`, and per target the choices that inner folds made."""

    stack: Stack
    calibration: Calibration
    chosen: list[dict[str, Any]]


def fit_ensemble(member: Floats, came: Flags, eligible: Flags, fold: People) -> Fitted:
    """Learn stack and calibration from out-of-fold scores.

    Args:
        member: shape (rows, members, targets). came, eligible: shape (rows, targets).
        fold: inner fold of the person of each row, shape (rows,).
    """
    center, scale = np.nanmean(member, axis=0), np.nanstd(member, axis=0) + 1e-9
    z = standardised(member, center, scale).reshape(len(member), -1)
    members, targets = member.shape[1:]
    weight, constant = np.zeros((members, targets, targets)), np.zeros(targets)
    knots: list[Floats] = []
    heights: list[Floats] = []
    chosen: list[dict[str, Any]] = []
    halves = np.searchsorted(np.unique(fold), fold) % 2
    for target in range(targets):
        rng = np.random.default_rng(target)
        rows, counted = shown_rows(came[:, target], eligible[:, target], rng)
        if not len(rows):
            knots.append(PLATT_KNOTS)
            heights.append(np.zeros(len(PLATT_KNOTS)))
            chosen.append({"ridge": None, "calibration": None, "log_loss": {}})
            continue
        part = z[rows].astype(np.float32)
        truth = Truth(came[rows, target].astype(np.float64), counted.astype(np.float64), halves[rows])
        toward = np.zeros((members, targets))
        toward[:, target] = OWN_WEIGHT / members
        ridge, scores = _best_ridge(part, truth, toward.ravel())
        learned, constant[target] = fit_logistic(part, truth.came, truth.weight, ridge, toward.ravel())
        weight[:, :, target] = learned.reshape(members, targets)
        kind, losses = _best_calibration(scores, truth)
        at, height = _CALIBRATIONS[kind](scores, truth.came, truth.weight)
        knots.append(at)
        heights.append(height)
        chosen.append({"ridge": ridge, "calibration": kind, "log_loss": losses})
    return Fitted(Stack(center, scale, weight, constant), Calibration(tuple(knots), tuple(heights)), chosen)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What came, how many rows each row stands for, and the half its person belongs to; all (rows,)."""

    came: Floats
    weight: Floats
    half: People


def _best_ridge(part: NDArray[np.float32], truth: Truth, toward: Floats) -> tuple[float, Floats]:
    """The ridge of least log loss over the halves, and the scores that each half got from the other."""
    found: dict[float, tuple[float, Floats]] = {}
    for ridge in RIDGES:
        scores = np.zeros(len(part))
        for held in (0, 1):
            inside = truth.half != held
            learned, constant = fit_logistic(
                part[inside], truth.came[inside], truth.weight[inside], ridge, toward
            )
            scores[~inside] = part[~inside] @ learned + constant
        loss = float(np.average(np.logaddexp(0.0, scores) - truth.came * scores, weights=truth.weight))
        found[ridge] = (loss, scores)
    best = min(found, key=lambda ridge: found[ridge][0])
    return best, found[best][1]


def _best_calibration(scores: Floats, truth: Truth) -> tuple[str, dict[str, float]]:
    losses = {}
    for kind, fit in _CALIBRATIONS.items():
        probability = np.zeros(len(scores))
        for held in (0, 1):
            inside = truth.half != held
            at, height = fit(scores[inside], truth.came[inside], truth.weight[inside])
            probability[~inside] = np.interp(scores[~inside], at, height)
        safe = np.clip(probability, 1e-6, 1.0 - 1e-6)
        loss = truth.came * np.log(safe) + (1.0 - truth.came) * np.log(1.0 - safe)
        losses[kind] = float(-np.average(loss, weights=truth.weight))
    return min(losses, key=lambda kind: losses[kind]), losses


NEWTON_STEPS: Final = 12
"""Newton's method for two numbers has converged long before."""


def platt(scores: Floats, came: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """A straight line in log odds (Platt 1999), written down at `PLATT_KNOTS`."""
    line = np.array([0.0, 1.0])
    columns = np.stack([np.ones(len(scores)), scores], axis=1)
    for _ in range(NEWTON_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(columns @ line, -500.0, 500.0)))
        slope = columns.T @ (weight * (chance - came)) + (line - [0.0, 1.0])
        curve = (columns.T * (weight * chance * (1.0 - chance))) @ columns + np.eye(2)
        line = line - np.linalg.solve(curve, slope)
    return PLATT_KNOTS, 1.0 / (1.0 + np.exp(-(line[0] + line[1] * PLATT_KNOTS)))


def isotonic(scores: Floats, came: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Rising steps (pool adjacent violators, Ayer et al. 1955), joined by straight lines.

    Rows are first put into groups of `LEAST_PER_STEP` events each.
    """
    order = np.argsort(scores, kind="stable")
    x, y, w = scores[order], came[order] * weight[order], weight[order]
    events = np.cumsum(came[order])
    parts = max(int(events[-1] // LEAST_PER_STEP), 1)
    edges = np.searchsorted(events, np.arange(1, parts) * LEAST_PER_STEP) + 1
    pooled: list[list[float]] = []  # rows, events, sum of scores
    for part in np.split(np.arange(len(x)), edges):
        if not len(part):
            continue
        pooled.append([float(w[part].sum()), float(y[part].sum()), float((w[part] * x[part]).sum())])
        while len(pooled) > 1 and pooled[-2][1] * pooled[-1][0] >= pooled[-1][1] * pooled[-2][0]:
            last = pooled.pop()
            pooled[-1] = [a + b for a, b in zip(pooled[-1], last, strict=True)]
    at = np.array([scored / rows for rows, _, scored in pooled])
    height = np.array([happened / rows for rows, happened, _ in pooled])
    return at, height


_CALIBRATIONS: Final = {"platt": platt, "isotonic": isotonic}
