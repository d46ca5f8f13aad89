"""The forecast by cross-validation over people: each member alone, the ensemble, and it without each.

Folds are those of training. Nets are fitted with several seeds; every figure of theirs, and of ensembles that
contain them, is the mean over seeds with its standard deviation. Stack, calibration and thresholds of a fold
come from the other folds. Nothing is chosen by what is reported here.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.forecast.shipped import FILELESS, fileless
from healthtwin.forecast.targets import COMPARED, TARGET, TRAINED
from healthtwin.words import say
from healthtwin_lab.cohorts.folds import FOLDS, fold_of
from healthtwin_lab.cohorts.tables import feature_table, load_stays
from healthtwin_lab.evaluate.warning_times import alarms_per_day, lead_times, placebo
from healthtwin_lab.measures import RESAMPLES, curves, draws, reliability
from healthtwin_lab.training.ensemble import CrossFitted, alarms_by_fold, cross_fit, figures
from healthtwin_lab.training.forecast import USED, recording_in, versions
from healthtwin_lab.training.out_of_fold import FITTED, NETS, out_of_fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.tables import FeatureTable
    from healthtwin_lab.training.member import TrainedMember

    Tick = Callable[[str], None]
    Makers = Mapping[str, Callable[[], TrainedMember]]
    Floats = NDArray[np.float64]
    People = NDArray[np.intp]

GOALS: Final[dict[str, dict[str, float]]] = {
    "hypoxia": {"auroc": 0.785, "auprc": 0.050, "sensitivity_at_1_false_alarm": 0.30},
    "news_red": {"auroc": 0.775, "sensitivity_at_1_false_alarm": 0.26},
}
"""To be reached or exceeded (the project's goals)."""

MOST_ECE: Final = 0.005
LEAST_BRIER_SKILL: Final = 0.08


def steps_of(seeds: int, members: Makers = FITTED, used: tuple[str, ...] = USED) -> int:
    """How many times `evaluate_forecast` ticks."""
    return 1 + sum(FOLDS * (seeds if name in NETS else 1) for name in members) + _stacks(seeds, used)


def _stacks(seeds: int, used: tuple[str, ...]) -> int:
    """How many ensembles differ by the seed of a net."""
    return seeds if any(name in NETS for name in used) else 1


def evaluate_forecast(
    data: Path,
    seeds: int = 5,
    tick: Tick = lambda _: None,
    members: Makers = FITTED,
    used: tuple[str, ...] = USED,
    kept: Path | None = None,
) -> dict[str, Any]:
    """Cross-validate members and ensemble.

    Args:
        data: folder with the recording, or the file. seeds: fits of each net and fold.
        tick: told after each step. kept: see `training.out_of_fold.out_of_fold`.

    Returns:
        JSON-ready, in the form of `evaluate early-warning`, with `ablation` and `goals` beside.

    Raises:
        ConfigurationError: no recording, or the extra `train` is missing.
    """
    file = recording_in(data)
    stays = load_stays(file)
    table = feature_table(stays)
    fold = fold_of(table.people)[table.person]
    tick("features")
    scores = {
        name: [out_of_fold(table, fold, make, k, tick, kept) for k in range(seeds if name in NETS else 1)]
        for name, make in members.items()
    }
    scores |= {name: [fileless(name, table.x)] for name in FILELESS}
    stacked = []
    for k in range(_stacks(seeds, used)):
        stacked.append(cross_fit(_of_seed(scores, used, k), table, fold))
        tick(f"ensemble, seed {k}")
    targets = {target.name: _target(i, table, fold, scores, stacked) for i, target in enumerate(TRAINED)}
    return {
        "data": {
            "file": file.name,
            "sha256": stays.sha256,
            "people": len(table.people),
            "rows": len(table.person),
        },
        "method": {
            "command": f"healthtwin evaluate forecast --seeds {seeds} --json",
            "versions": versions(),
            "folds": FOLDS,
            "seeds_of_nets": seeds,
            "ensemble_of": list(used),
            "thresholds": "(1 - k/24) quantile of the negatives of the other folds",
            "bootstrap": f"{RESAMPLES} resamples of people, 95 % intervals, first seed",
        },
        "targets": targets,
        "ablation": _ablation(table, fold, scores, used, stacked[0]),
        "goals": _goals(targets),
    }


def _of_seed(scores: dict[str, list[NDArray[np.float32]]], used: tuple[str, ...], k: int) -> Floats:
    """Scores of the members used, nets of seed k, shape (rows, members, targets)."""
    return np.stack([scores[name][min(k, len(scores[name]) - 1)] for name in used], axis=1).astype(np.float64)


def _target(
    target: int,
    table: FeatureTable,
    fold: People,
    scores: dict[str, list[NDArray[np.float32]]],
    stacked: list[CrossFitted],
) -> dict[str, Any]:
    rows = table.eligible[:, target]
    compared = TRAINED[target].name in COMPARED
    weights = draws(table.person[rows], 0) if compared else []
    of_ensemble = [
        figures(
            one.score[:, target], table, fold, target, weights if k == 0 else [], one.probability[:, target]
        )
        for k, one in enumerate(stacked)
    ]
    of_members = {
        name: _over_seeds(
            [
                figures(one[:, target].astype(np.float64), table, fold, target, weights if k == 0 else [])
                for k, one in enumerate(found)
            ]
        )
        for name, found in scores.items()
    }
    first = stacked[0]
    came = table.targets[rows, target] == 1
    raised = np.zeros(len(rows), np.bool_)
    raised[rows] = alarms_by_fold(first.score[rows, target], came, fold[rows])[1.0]
    found: dict[str, Any] = {
        "words": say(TRAINED[target].said),
        "eligible": int(rows.sum()),
        "positives": int(came.sum()),
        "ensemble": _over_seeds(of_ensemble),
        "members": of_members,
        "placebo": placebo(table, target, np.nan_to_num(first.score[:, target]), raised, 0),
        "curves": {
            "reliability": reliability(came, first.probability[rows, target]),
            **curves(came, first.score[rows, target]),
            "false_alarms_per_person_day": alarms_per_day(table, target, raised),
        },
    }
    if TRAINED[target].horizon_h == 1.0:
        found["lead_times"] = lead_times(table, target, raised)
    return found


def _over_seeds(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over seeds; where there are several, `…_sd` beside, and the intervals of the first."""
    mean: dict[str, Any] = dict(found[0])
    if len(found) == 1:
        return mean
    for name, value in found[0].items():
        if isinstance(value, float):
            values = [one[name] for one in found]
            mean[name] = statistics.fmean(values)
            mean[f"{name}_sd"] = statistics.stdev(values)
    mean["seeds"] = len(found)
    return mean


def _ablation(
    table: FeatureTable,
    fold: People,
    scores: dict[str, list[NDArray[np.float32]]],
    used: tuple[str, ...],
    whole: CrossFitted,
) -> dict[str, Any]:
    """Without each member, and with those that stand beside; on the compared targets, first seed."""
    columns = [TARGET[name] for name in COMPARED]
    variants: dict[str, CrossFitted] = {"all": whole}
    for name in used:
        rest = tuple(other for other in used if other != name)
        if rest:
            variants[f"without {name}"] = cross_fit(_of_seed(scores, rest, 0), table, fold, columns)
    for name in (*(other for other in scores if other not in used and other not in FILELESS), *FILELESS):
        variants[f"with {name}"] = cross_fit(_of_seed(scores, (*used, name), 0), table, fold, columns)
    return {
        target: {
            variant: figures(
                one.score[:, TARGET[target]],
                table,
                fold,
                TARGET[target],
                [],
                one.probability[:, TARGET[target]],
            )
            for variant, one in variants.items()
        }
        for target in COMPARED
    }


def _goals(targets: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for target, goals in GOALS.items():
        got = targets[target]["ensemble"]
        rows += [
            {
                "target": target,
                "measure": name,
                "wanted": f">= {wanted}",
                "reached": got[name],
                "met": got[name] >= wanted,
            }
            for name, wanted in goals.items()
        ]
        rows += [
            {
                "target": target,
                "measure": "ece",
                "wanted": f"<= {MOST_ECE}",
                "reached": got["ece"],
                "met": got["ece"] <= MOST_ECE,
            },
            {
                "target": target,
                "measure": "brier_skill",
                "wanted": f">= {LEAST_BRIER_SKILL}",
                "reached": got["brier_skill"],
                "met": got["brier_skill"] >= LEAST_BRIER_SKILL,
            },
        ]
    return rows
