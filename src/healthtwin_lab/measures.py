"""How good scores are: ranking, rare-event precision, cost of a warning, calibration; with a bootstrap.

All take rows that can be judged. `weight` counts a row several times, as a bootstrap over people does; ties
are handled as ties. The formulas are the usual ones: area under the ROC curve as the chance that a positive
outranks a negative, average precision as the step-wise area under precision and recall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

HOURS_PER_DAY: Final = 24.0
FALSE_ALARMS_PER_DAY: Final = (0.5, 1.0, 2.0)
"""What a warning may cost, in false alarms per person-day; at most one alarm an hour is counted."""

CALIBRATION_BINS: Final = 20
"""Bins of equally many rows: bins of equal width would hold nearly everybody in the first one."""

RESAMPLES: Final = 200
INTERVAL: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Scores in falling order, ties together: made once, then weighed as often as a bootstrap wants.

    Attributes:
        order: rows by falling score. came: 1.0 where positive, in that order.
        ends: last position of each group of equal scores.
    """

    order: NDArray[np.intp]
    came: Floats
    ends: NDArray[np.intp]

    @classmethod
    def of(cls, came: Flags, score: Floats) -> Ranked:
        """Rank the rows; NaN ranks last."""
        safe = np.where(np.isnan(score), -np.inf, score)
        order = np.argsort(-safe, kind="stable")
        falling = safe[order]
        ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
        return cls(order, came[order].astype(np.float64), ends)

    def counts(self, weight: Floats | None = None) -> tuple[Floats, Floats]:
        """Positives and negatives at or above each distinct score."""
        of_row = np.ones(len(self.order)) if weight is None else weight[self.order]
        positive = np.cumsum(of_row * self.came)[self.ends]
        return positive, np.cumsum(of_row)[self.ends] - positive


def auroc(positive: Floats, negative: Floats) -> float:
    """Area under the ROC curve from `Ranked.counts`; NaN without both kinds.

    >>> auroc(*Ranked.of(np.array([True, False, False]), np.array([2.0, 1.0, 2.0])).counts())
    0.75
    """
    if not len(positive) or positive[-1] == 0 or negative[-1] == 0:
        return float("nan")
    middle = positive - 0.5 * np.diff(positive, prepend=0.0)
    return float((np.diff(negative, prepend=0.0) * middle).sum() / (positive[-1] * negative[-1]))


def auprc(positive: Floats, negative: Floats) -> float:
    """Average precision from `Ranked.counts`; NaN without positives."""
    if not len(positive) or positive[-1] == 0:
        return float("nan")
    precision = positive / np.maximum(positive + negative, 1e-12)
    return float((np.diff(positive, prepend=0.0) * precision).sum() / positive[-1])


def threshold_at(negatives: Floats, false_alarms_per_day: float) -> float:
    """The (1 − k/24) quantile of the scores of negatives: k false alarms a day where hours are looked at."""
    return float(np.quantile(negatives, 1.0 - false_alarms_per_day / HOURS_PER_DAY))


def sensitivity(came: Flags, alarms: Flags, weight: Floats | None = None) -> float:
    """Share of the positives that had an alarm; NaN without positives."""
    chosen = came.astype(np.float64) if weight is None else weight * came
    total = float(chosen.sum())
    return float((chosen * alarms).sum()) / total if total else float("nan")


def false_alarms_per_day(came: Flags, alarms: Flags) -> float:
    """Alarms in 24 hours that were judged and stayed quiet."""
    quiet = ~came
    return HOURS_PER_DAY * float(alarms[quiet].mean()) if quiet.any() else float("nan")


def reliability(came: Flags, probability: Floats, bins: int = CALIBRATION_BINS) -> list[dict[str, float]]:
    """Mean forecast and observed share in bins of equally many rows, from the lowest forecast up."""
    order = np.argsort(probability, kind="stable")
    return [
        {
            "forecast": float(probability[part].mean()),
            "observed": float(came[part].mean()),
            "rows": len(part),
        }
        for part in np.array_split(order, bins)
        if len(part)
    ]


def expected_calibration_error(bins: list[dict[str, float]]) -> float:
    """Mean distance of forecast and observed share, weighted by rows."""
    rows = sum(part["rows"] for part in bins)
    return sum(part["rows"] * abs(part["forecast"] - part["observed"]) for part in bins) / max(rows, 1)


def brier_skill(came: Flags, probability: Floats) -> float:
    """One minus the Brier score by that of always saying the share of these very rows; NaN if that is 0."""
    share = came.mean()
    trivial = float(np.mean((came - share) ** 2))
    return 1.0 - float(np.mean((came - probability) ** 2)) / trivial if trivial else float("nan")


def draws(person: NDArray[np.intp], seed: int, resamples: int = RESAMPLES) -> list[Floats]:
    """How often each row counts in each bootstrap sample of people."""
    people, number = np.unique(person, return_inverse=True)
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(0, len(people), len(people)) for _ in range(resamples))
    return [np.bincount(one, minlength=len(people)).astype(np.float64)[number] for one in drawn]


def measured(
    came: Flags,
    score: Floats,
    alarms: dict[float, Flags],
    weights: list[Floats],
    probability: Floats | None = None,
) -> dict[str, Any]:
    """All figures of one scorer on one target; each `…_interval` is a 95 % bootstrap interval over people.

    Args:
        came: shape (rows,). score: shape (rows,).
        alarms: false alarms per day asked for → where the threshold of the training side was reached.
        weights: from `draws`; empty for no intervals.
        probability: calibrated, where there is one.
    """
    ranked = Ranked.of(came, score)
    counts = ranked.counts()
    figures: dict[str, Any] = {"auroc": auroc(*counts), "auprc": auprc(*counts)}
    for asked, raised in alarms.items():
        figures[f"sensitivity_at_{asked:g}_false_alarm{'' if asked == 1 else 's'}"] = sensitivity(
            came, raised
        )
        figures[f"false_alarms_per_day_at_{asked:g}"] = false_alarms_per_day(came, raised)
    if probability is not None:
        figures["ece"] = expected_calibration_error(reliability(came, probability))
        figures["brier_skill"] = brier_skill(came, probability)
    if weights:
        drawn = [ranked.counts(weight) for weight in weights]
        figures["auroc_interval"] = _interval([auroc(*one) for one in drawn])
        figures["auprc_interval"] = _interval([auprc(*one) for one in drawn])
        for asked, raised in alarms.items():
            name = f"sensitivity_at_{asked:g}_false_alarm{'' if asked == 1 else 's'}"
            figures[f"{name}_interval"] = _interval([sensitivity(came, raised, one) for one in weights])
    return figures


def _interval(values: list[float]) -> list[float] | None:
    known = [value for value in values if not np.isnan(value)]
    return [float(edge) for edge in np.quantile(known, INTERVAL)] if known else None


def without_nan(value: Any) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    """The same figures with null for what could not be computed: JSON knows no NaN.

    >>> without_nan({"auroc": float("nan"), "events": [1, 0.5]})
    {'auroc': None, 'events': [1, 0.5]}
    """
    if isinstance(value, dict):
        return {name: without_nan(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def curves(came: Flags, score: Floats, points: int = 50) -> dict[str, list[list[float]]]:
    """ROC as (false-positive rate, sensitivity) and PR as (recall, precision), thinned to some points."""
    positive, negative = Ranked.of(came, score).counts()
    if not len(positive) or positive[-1] == 0 or negative[-1] == 0:
        return {"roc": [], "pr": []}
    recall, false_rate = positive / positive[-1], negative / negative[-1]
    precision = positive / np.maximum(positive + negative, 1e-12)
    by_rate = np.unique(np.searchsorted(false_rate, np.linspace(0, 1, points)).clip(0, len(recall) - 1))
    by_recall = np.unique(np.searchsorted(recall, np.linspace(0, 1, points)).clip(0, len(recall) - 1))
    return {
        "roc": [[round(float(false_rate[i]), 5), round(float(recall[i]), 5)] for i in by_rate],
        "pr": [[round(float(recall[i]), 5), round(float(precision[i]), 5)] for i in by_recall],
    }
