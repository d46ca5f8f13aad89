"""The shipped models on a file that they have never seen: no fitting, thresholds and budget as shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

import healthtwin
from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast.shipped import MODELS, Scores, Shipped
from healthtwin.forecast.site_budget import TailReference
from healthtwin.forecast.targets import COMPARED, TRAINED
from healthtwin.words import say
from healthtwin_lab.cohorts.tables import feature_table, load_stays
from healthtwin_lab.evaluate.ward import BEDS, budgeted_alarms
from healthtwin_lab.evaluate.warning_times import alarms_per_day, lead_times, placebo
from healthtwin_lab.measures import (
    FALSE_ALARMS_PER_DAY,
    RESAMPLES,
    curves,
    draws,
    false_alarms_per_day,
    measured,
    reliability,
    without_nan,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.cohorts.tables import FeatureTable, Stays

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

ASKED_PER_DAY: Final = 1.0
"""False alarms per person-day that the budget is asked for in this measurement."""

ONE_HOUR: Final = 1.0
NEAR_ENOUGH: Final = 0.2
"""How far from what was asked the false alarms may be: the goal for any site."""

LEAST_EXPECTED_ALARMS: Final = 100.0
"""Below this many expected false alarms the budget is not judged: chance alone moves them by a tenth."""


def evaluate_early_warning(
    file: Path, predictions: Path | None = None, models: Path = MODELS, seed: int = 0
) -> dict[str, Any]:
    """Score a file with cinc2019 columns by the shipped models.

    Args:
        file: Parquet. predictions: where to write one row per stay-hour and target, if anywhere.
        models: folder of the models. seed: of bootstrap and placebo.

    Returns:
        JSON-ready, by the contract: `data`, `method`, and per target the ensemble, the members, the budget,
        the placebo, lead times and the points of the curves.

    Raises:
        ConfigurationError, InvalidInput: no such file, or nothing in it that can be read.
    """
    stays = load_stays(file)
    table = feature_table(stays)
    shipped = Shipped(models, everyone=True)
    scores = walk(shipped, table)
    tails = [TailReference.from_json(shipped.card["tails"][target.name]) for target in TRAINED]
    horizons = [target.horizon_h for target in TRAINED]
    alarms = budgeted_alarms(table, scores.ensemble.astype(np.float64), tails, horizons, ASKED_PER_DAY)
    if predictions is not None:
        write_predictions(predictions, stays, table, shipped, scores, alarms)
    found: dict[str, Any] = {
        "data": {
            "file": file.name,
            "sha256": stays.sha256,
            "people": len(stays.people),
            "rows": len(stays.hours),
            "time_unit": stays.time_unit,
            "missing_columns": list(stays.missing),
            "impossible_values_dropped": stays.impossible,
            "values_missing": _missing(stays),
        },
        "method": {
            "models": shipped.version,
            "healthtwin": healthtwin.__version__,
            "command": f"healthtwin evaluate early-warning --data {file.name} --json",
            "thresholds": "(1 - k/24) quantile of negatives, training side, out of fold; from the model card",
            "bootstrap": f"{RESAMPLES} resamples of people, 95 % intervals",
            "budget": f"{ASKED_PER_DAY:g} false alarm per person-day; stays pass through {BEDS} beds",
            "seed": seed,
        },
        "targets": {
            target.name: _judged(i, table, shipped, scores, alarms[:, i], seed)
            for i, target in enumerate(TRAINED)
        },
    }
    return {name: without_nan(part) for name, part in found.items()}


def walk(shipped: Shipped, table: FeatureTable) -> Scores:
    """Scores of every row, each person's rows in order, as the running house would have given them."""
    starts = np.flatnonzero(np.diff(table.person, prepend=-1))
    lengths = np.diff(np.append(starts, len(table.person)))
    longest_first = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[longest_first], lengths[longest_first]
    state = shipped.blank(len(starts))
    count = (len(table.person), len(shipped.members), len(TRAINED))
    found = Scores(np.empty(count, np.float32), np.empty(count[::2], np.float32))
    for k in range(int(lengths[0])):
        people = int((lengths > k).sum())
        rows = starts[:people] + k
        scored = shipped.score(state[:people], table.x[rows])
        found.member[rows] = scored.member
        found.ensemble[rows] = scored.ensemble
    return found


def _missing(stays: Stays) -> dict[str, float]:
    from healthtwin.domain import LEARNED
    from healthtwin_lab.cohorts.stays import VITALS

    share = np.isnan(stays.value).mean(axis=0)
    return {
        metric.name: round(float(share[i]), 4)
        for i, metric in enumerate(LEARNED)
        if metric.name in VITALS.values()
    }


def _judged(
    target: int, table: FeatureTable, shipped: Shipped, scores: Scores, alarms: Flags, seed: int
) -> dict[str, Any]:
    name = TRAINED[target].name
    rows = table.eligible[:, target]
    came = table.targets[rows, target] == 1
    found: dict[str, Any] = {
        "words": say(TRAINED[target].said),
        "horizon_h": TRAINED[target].horizon_h,
        "eligible": int(rows.sum()),
        "positives": int(came.sum()),
        "people_with_event": len(np.unique(table.person[rows][came])),
    }
    if not came.any() or came.all():
        found["not_judged"] = "no row with and without the event to tell apart"
        return found
    weights = draws(table.person[rows], seed)
    ensemble = scores.ensemble[:, target].astype(np.float64)
    probability = shipped.calibrated(scores.ensemble[rows])[:, target].astype(np.float64)
    thresholds = shipped.card["thresholds"][name]
    raised = {k: ensemble > thresholds[f"{k:g}"] for k in FALSE_ALARMS_PER_DAY}
    of_rows = {k: flags[rows] for k, flags in raised.items()}
    found["ensemble"] = measured(came, ensemble[rows], of_rows, weights, probability)
    found["members"] = {
        member: _of_member(name, member, scores.member[rows, place, target], came, shipped, weights)
        for place, member in enumerate(shipped.members)
    }
    found["budget"] = _budget(came, alarms[rows], table.person[rows], weights)
    found["placebo"] = placebo(table, target, ensemble, raised[1.0], seed)
    if TRAINED[target].horizon_h == ONE_HOUR:
        found["lead_times"] = lead_times(table, target, raised[1.0])
    found["curves"] = {
        "reliability": reliability(came, probability),
        **curves(came, ensemble[rows]),
        "false_alarms_per_person_day": alarms_per_day(table, target, alarms),
    }
    return found


def _of_member(
    target: str,
    member: str,
    score: NDArray[np.float32],
    came: Flags,
    shipped: Shipped,
    weights: list[Floats],
) -> dict[str, Any]:
    thresholds = shipped.card["member_thresholds"][target][member]
    values = score.astype(np.float64)
    raised = {k: values > thresholds[f"{k:g}"] for k in FALSE_ALARMS_PER_DAY}
    return measured(came, values, raised, weights if target in COMPARED else [])


def _budget(came: Flags, alarms: Flags, person: NDArray[np.intp], weights: list[Floats]) -> dict[str, Any]:
    got = false_alarms_per_day(came, alarms)
    quiet = ~came
    expected = ASKED_PER_DAY * float(quiet.sum()) / 24.0
    drawn = [24.0 * float((w * alarms * quiet).sum() / max((w * quiet).sum(), 1.0)) for w in weights]
    return {
        "asked": ASKED_PER_DAY,
        "got": got,
        "got_interval": [float(edge) for edge in np.quantile(drawn, [0.025, 0.975])],
        "expected_alarms": expected,
        "false_alarms": int((alarms & quiet).sum()),
        "people": len(np.unique(person)),
        "sensitivity": float(alarms[came].mean()),
        "within_20_percent": bool(abs(got / ASKED_PER_DAY - 1.0) <= NEAR_ENOUGH)
        if expected >= LEAST_EXPECTED_ALARMS
        else None,
    }


def write_predictions(
    path: Path, stays: Stays, table: FeatureTable, shipped: Shipped, scores: Scores, alarms: Flags
) -> None:
    """One row per stay-hour and target, with the columns of the contract and `score_MEMBER` of every member.

    `label` is null where the hour cannot be judged. ICULOS is the file's own, in its own unit.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise ConfigurationError("writing Parquet needs pyarrow: install the extra `parquet`") from None

    targets, rows = len(TRAINED), len(table.person)
    names = pa.array([target.name for target in TRAINED])
    which = pa.array(np.tile(np.arange(targets, dtype=np.int32), rows))
    eligible = table.eligible.ravel()
    columns = {
        "pid": pa.DictionaryArray.from_arrays(
            pa.array(np.repeat(table.person.astype(np.int32), targets)), pa.array(table.people.tolist())
        ),
        "ICULOS": pa.array(np.repeat(stays.time, targets)),
        "target": pa.DictionaryArray.from_arrays(which, names),
        "eligible": pa.array(eligible),
        "label": pa.array(table.targets.ravel(), mask=~eligible),
        "score": pa.array(scores.ensemble.ravel()),
        "probability": pa.array(shipped.calibrated(scores.ensemble).ravel()),
        "alarm": pa.array(alarms.ravel()),
    }
    for place, member in enumerate(shipped.members):
        columns[f"score_{member}"] = pa.array(scores.member[:, place].ravel())
    parquet.write_table(pa.table(columns), path)
