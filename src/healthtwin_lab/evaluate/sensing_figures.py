"""Errors of several methods on the same recordings, so that none can win by not answering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin_lab.evaluate.sensing_rivals import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES: Final = 2000
DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric on the same pieces.

    Attributes:
        group: shape (pieces,), recording or person: what is drawn as a whole in the bootstrap.
        reference: shape (pieces,).
        answers: method → shape (pieces,), NaN where it did not answer.
        trivial: shape (pieces,), what is answered without looking, in place of an answer that is missing.
    """

    group: NDArray[np.str_]
    reference: Floats
    answers: Mapping[str, Floats]
    trivial: Floats


def compared(given: Compared, seed: int) -> dict[str, Any]:
    """Per method: mean absolute error where it answered, where ours answered, and with no gaps left.

    `mae` is over a method's own answers; `mae_where_ours_answered` and `mae_answering_everything` are over
    the same pieces for everybody, the latter with the trivial answer in place of missing ones. Intervals
    are 95 %, by bootstrap over groups; `against_ours` is a rival's error less ours on what both answered.
    """
    known = np.isfinite(given.reference)
    ours = known & np.isfinite(given.answers[OURS])
    rng = np.random.default_rng(seed)
    groups = np.unique(given.group)
    draws = rng.integers(0, len(groups), (RESAMPLES, len(groups)))
    rows = {}
    for name, answer in {**given.answers, "trivial": given.trivial}.items():
        error = np.abs(answer - given.reference)
        answered = known & np.isfinite(answer)
        filled = np.where(np.isfinite(error), error, np.abs(given.trivial - given.reference))
        both = answered & ours
        row = {
            "answered": int(answered.sum()),
            "of": int(known.sum()),
            "mae": _mean_with_interval(error, answered, given.group, groups, draws),
            "mae_where_ours_answered": _rounded(error[both].mean()) if both.any() else None,
            "answered_where_ours_did": int(both.sum()),
            "mae_answering_everything": _mean_with_interval(filled, known, given.group, groups, draws),
            "worst": _rounded(error[answered].max()) if answered.any() else None,
        }
        if name != OURS:
            difference = error - np.abs(given.answers[OURS] - given.reference)
            row["against_ours"] = _mean_with_interval(difference, both, given.group, groups, draws)
        rows[name] = row
    return rows


def best_rival(rows: Mapping[str, Mapping[str, Any]]) -> tuple[str, float] | None:
    """The rival with the smallest error with no gaps left, and that error; None when none was there."""
    rivals = {
        name: row["mae_answering_everything"]["value"]
        for name, row in rows.items()
        if name not in (OURS, "trivial")
    }
    if not rivals:
        return None
    best = min(rivals, key=lambda name: rivals[name])
    return best, rivals[best]


def goal(measure: str, wanted: str, reached: float | None, most: float | None) -> dict[str, Any]:
    """A row of the table of goals; `most` is the largest value that still meets it."""
    met = None if reached is None or most is None else bool(reached <= most)
    return {"goal": measure, "wanted": wanted, "reached": reached, "met": met}


def times(took_ms: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """Milliseconds of processor time per 30 s of signal, by method."""
    return {
        name: {"median": _rounded(np.median(values)), "worst": _rounded(np.max(values))}
        for name, values in took_ms.items()
    }


def others_mean(values: Floats, group: NDArray[np.str_]) -> Floats:
    """For each piece the mean over the other groups, which has seen nothing of its own."""
    found = np.empty(len(values))
    for name in np.unique(group):
        found[group == name] = np.nanmean(values[group != name])
    return found


def _mean_with_interval(
    values: Floats,
    chosen: NDArray[np.bool_],
    group: NDArray[np.str_],
    groups: NDArray[np.str_],
    draws: Any,  # noqa: ANN401
) -> dict[str, float | None]:
    if not chosen.any():
        return {"value": None, "low": None, "high": None}
    total = np.array([values[chosen & (group == name)].sum() for name in groups])
    count = np.array([(chosen & (group == name)).sum() for name in groups])
    drawn = count[draws].sum(axis=1)
    means = total[draws].sum(axis=1)[drawn > 0] / drawn[drawn > 0]
    low, high = np.quantile(means, [0.025, 0.975])
    return {"value": _rounded(total.sum() / count.sum()), "low": _rounded(low), "high": _rounded(high)}


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
