"""How good a personal baseline is on real recordings, with the trivial predictors beside it in the same run.

Each reading is predicted before it is learned. Compared are the twin, the mean of other people, the
person's last value, and the person's running mean, each with a band that should hold 95.45 of 100 readings
(two spreads to either side of a normal variable).

People are split once by a hash of their id. Settings of the twin were chosen on the design half; it also
serves as "other people". Every figure comes from the report half, each person counting the same, with a
bootstrap over people.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import LEARNED
from healthtwin.domain.arrays import COLUMNS
from healthtwin.twin import DEFAULT_TUNING, TWIN_VERSION, Tuning, blank_twins, expect, learn
from healthtwin_lab.bootstrap import mean_by, ratio_of_means, with_interval
from healthtwin_lab.evaluate.recordings import (
    LIFESNAPS_FILE,
    WELLTORY_HRV_FILE,
    WELLTORY_PRESSURE_FILE,
    Recording,
    lockstep,
    read_lifesnaps,
    read_welltory,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TWO_SPREADS: Final = 2.0
NOMINAL_COVERAGE: Final = 0.9545
"""Share of a normal variable within two standard deviations."""

MISS_PRICE: Final = 2.0 / (1.0 - NOMINAL_COVERAGE)
"""Interval score (Gneiting and Raftery 2007): width plus this times the distance of a reading outside."""

GOAL_NARROWER: Final = 2.0
"""The band of a person should be at least this many times narrower than that of the population."""

LEAST_READINGS: Final = 5
"""A person with fewer judged readings of a metric says too little about its coverage."""

LEAST_PEOPLE: Final = 8
"""A metric with fewer such people is not reported: its bootstrap would mean nothing."""

RESAMPLES: Final = 1000
DAYS_KNOWN: Final = ((3, 7), (8, 14), (15, 30), (31, 60), (61, 10_000))
"""Days with data behind the twin, both ends included, by which the calibration of z is shown."""

PREDICTORS: Final = ("twin", "population_mean", "last_value", "running_mean")


@dataclass(frozen=True, slots=True)
class _Judged:
    """Every reading that was predicted, one entry each; bands by predictor."""

    person: NDArray[np.intp]
    column: NDArray[np.intp]
    days: NDArray[np.intp]
    value: Floats
    z: Floats
    center: dict[str, Floats]
    low: dict[str, Floats]
    high: dict[str, Floats]


def is_design(person: str) -> bool:
    """Whether a person belongs to the half on which settings may be chosen.

    >>> is_design("621e2e8e67b776a24055b564"), is_design("007b8190cf")
    (False, False)
    """
    return hashlib.blake2b(person.encode(), digest_size=1).digest()[0] % 2 == 0


def evaluate_baseline(data_dir: Path, tuning: Tuning = DEFAULT_TUNING, seed: int = 0) -> dict[str, Any]:
    """Width, coverage and calibration of personal baselines on two public recordings.

    Args:
        data_dir: folder that holds `lifesnaps_daily` and `welltory_hrv_covid19`.
        tuning: how the twins learn; another one than the product's measures what a setting brings.
        seed: of the bootstrap.

    Returns:
        JSON-ready: `data` (files with sha256), `method`, and `datasets` → metric → figures. Widths and errors
        are in the metric's unit; intervals are 95 % bootstrap intervals over people.

    Raises:
        InvalidInput: when a file or a column is missing.
    """
    files = (LIFESNAPS_FILE, WELLTORY_HRV_FILE, WELLTORY_PRESSURE_FILE)
    recordings = {
        "lifesnaps_daily": read_lifesnaps(data_dir),
        "welltory_hrv_covid19": read_welltory(data_dir),
    }
    return {
        "data": {
            name: {"sha256": hashlib.sha256((data_dir / name).read_bytes()).hexdigest()} for name in files
        },
        "method": {
            "twin_version": TWIN_VERSION,
            "nominal_coverage": NOMINAL_COVERAGE,
            "people": "half by a hash of their id; settings were chosen on the other half",
            "least_readings_per_person": LEAST_READINGS,
            "bootstrap_resamples": RESAMPLES,
            "seed": seed,
        },
        "datasets": {name: _evaluate(found, tuning, seed) for name, found in recordings.items()},
    }


def _evaluate(recordings: list[Recording], tuning: Tuning, seed: int) -> dict[str, Any]:
    others = [recording for recording in recordings if is_design(recording.person)]
    reported = [recording for recording in recordings if not is_design(recording.person)]
    population = np.concatenate([recording.observations["value"] for recording in others])
    judged = _predict_and_learn(reported, population, tuning)
    metrics = {}
    for column, metric in enumerate(LEARNED):
        chosen = judged.column == column
        people, counts = np.unique(judged.person[chosen], return_counts=True)
        enough = people[counts >= LEAST_READINGS]
        if len(enough) < LEAST_PEOPLE:
            continue
        chosen &= np.isin(judged.person, enough)
        series = [recording.observations["value"][:, column] for recording in reported]
        metrics[metric.name] = {
            "unit": metric.unit,
            "people": len(enough),
            "readings": int(chosen.sum()),
            "spread": _spread_between_and_within([series[person] for person in enough]),
            **_compare(judged, chosen, np.random.default_rng(seed)),
            "calibration_by_days_known": _calibration(judged, chosen),
        }
    return metrics


def _predict_and_learn(recordings: list[Recording], population: Floats, tuning: Tuning) -> _Judged:
    tuning = replace(tuning, by_meter=False)  # the range as it was learned, not as it is shown to people
    twins = blank_twins(len(recordings), tuning)  # in the order of `lockstep`, so that a round is a slice
    running = _Running(len(recordings))
    of_others = [_of_others(population[:, column]) for column in range(COLUMNS)]
    rounds: list[tuple[NDArray[np.generic], ...]] = []
    for who, rows in lockstep(recordings):
        count = len(who)
        part, value = twins[:count], rows["value"]
        expectation = expect(part, rows, tuning)
        bands = {
            "twin": (expectation.center, expectation.low, expectation.high),
            "population_mean": tuple(
                np.broadcast_to([found[i] for found in of_others], value.shape) for i in range(3)
            ),
            **running.bands(count),
        }
        row, column = np.nonzero(np.isfinite(expectation.z))
        flat = [bands[name][i][row, column] for name in PREDICTORS for i in range(3)]
        rounds.append(
            (who[row], column, part["days"][row], value[row, column], expectation.z[row, column], *flat)
        )
        learn(part, rows, 1.0, tuning)
        running.update(count, value)
    person, column, days, value, z, *flat = (np.concatenate(parts) for parts in zip(*rounds, strict=True))
    named = {name: flat[3 * i : 3 * i + 3] for i, name in enumerate(PREDICTORS)}
    return _Judged(
        person=person,
        column=column,
        days=days.astype(np.intp),
        value=value,
        z=z,
        center={name: found[0] for name, found in named.items()},
        low={name: found[1] for name, found in named.items()},
        high={name: found[2] for name, found in named.items()},
    )


def _of_others(values: Floats) -> tuple[float, float, float]:
    """Mean of all readings of other people, and the range that holds the nominal share of them."""
    known = values[np.isfinite(values)]
    if not len(known):
        return (np.nan, np.nan, np.nan)
    tail = (1.0 - NOMINAL_COVERAGE) / 2.0
    low, high = np.quantile(known, [tail, 1.0 - tail])
    return (float(known.mean()), float(low), float(high))


class _Running:
    """The two personal predictors that need no model: last value and running mean, `(people, metrics)`."""

    def __init__(self, people: int) -> None:
        self._count = np.zeros((people, COLUMNS))
        self._mean = np.zeros((people, COLUMNS))
        self._squares = np.zeros((people, COLUMNS))
        self._last = np.full((people, COLUMNS), np.nan)
        self._steps = np.zeros((people, COLUMNS))

    def bands(self, people: int) -> dict[str, tuple[Floats, Floats, Floats]]:
        """Center, low and high of both, of the first `people`."""
        count = np.maximum(self._count[:people], 2.0)
        step = TWO_SPREADS * np.sqrt(self._steps[:people] / (count - 1.0))
        apart = TWO_SPREADS * np.sqrt(self._squares[:people] / (count - 1.0) * (1.0 + 1.0 / count))
        last, mean = self._last[:people], self._mean[:people]
        return {
            "last_value": (last, last - step, last + step),
            "running_mean": (mean.copy(), mean - apart, mean + apart),
        }

    def update(self, people: int, value: Floats) -> None:
        """Learn one observation of each of the first `people`; NaN teaches nothing."""
        known = np.isfinite(value)
        again = known & (self._count[:people] > 0)
        self._count[:people] += known
        apart = np.where(known, value - self._mean[:people], 0.0)
        self._mean[:people] += apart / np.maximum(self._count[:people], 1.0)
        self._squares[:people] += apart * np.where(known, value - self._mean[:people], 0.0)
        self._steps[:people] += np.where(again, value - self._last[:people], 0.0) ** 2
        self._last[:people] = np.where(known, value, self._last[:people])


def _spread_between_and_within(series: list[Floats]) -> dict[str, float]:
    """Standard deviations of people's own means and of readings around them (one-way random effects).

    `narrower_at_best` is how many times narrower than the population's the band of somebody could be whose
    own mean is known exactly: what no baseline without further context can exceed, were everything normal.
    """
    known = [values[np.isfinite(values)] for values in series]
    within = float(np.mean([values.var(ddof=1) for values in known]))
    sampling = float(np.mean([values.var(ddof=1) / len(values) for values in known]))
    between = max(float(np.var([values.mean() for values in known], ddof=1)) - sampling, 0.0)
    return {
        "between_people": between**0.5,
        "within_person": within**0.5,
        "share_between": between / (between + within),
        "narrower_at_best": ((between + within) / within) ** 0.5,
    }


def _compare(judged: _Judged, chosen: NDArray[np.bool_], rng: np.random.Generator) -> dict[str, Any]:
    value = judged.value[chosen]
    _, person = np.unique(judged.person[chosen], return_inverse=True)
    per_person: dict[str, dict[str, Floats]] = {}
    for name in PREDICTORS:
        center, low, high = judged.center[name][chosen], judged.low[name][chosen], judged.high[name][chosen]
        missed = np.maximum(low - value, 0.0) + np.maximum(value - high, 0.0)
        per_person[name] = {
            "mean_absolute_error": mean_by(person, np.abs(value - center)),
            "coverage": mean_by(person, missed == 0.0),
            "width": mean_by(person, high - low),
            "interval_score": mean_by(person, high - low + MISS_PRICE * missed),
        }
    people = len(per_person["twin"]["width"])
    draws = rng.integers(0, people, (RESAMPLES, people))
    predictors = {
        name: {figure: with_interval(values, draws) for figure, values in figures.items()}
        for name, figures in per_person.items()
    }
    narrower = ratio_of_means(per_person["population_mean"]["width"], per_person["twin"]["width"], draws)
    return {
        "predictors": predictors,
        "narrower_than_population": {
            **narrower,
            "goal": GOAL_NARROWER,
            "met": narrower["value"] >= GOAL_NARROWER,
        },
        "error_against": {
            name: ratio_of_means(
                per_person["twin"]["mean_absolute_error"], per_person[name]["mean_absolute_error"], draws
            )
            for name in PREDICTORS[1:]
        },
        "interval_score_against": {
            name: ratio_of_means(
                per_person["twin"]["interval_score"], per_person[name]["interval_score"], draws
            )
            for name in PREDICTORS[1:]
        },
    }


def _calibration(judged: _Judged, chosen: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Mean, standard deviation and coverage of z by how long the person was known: 0, 1, nominal if true."""
    rows: list[dict[str, Any]] = []
    for first, last in DAYS_KNOWN:
        found = chosen & (judged.days >= first) & (judged.days <= last)
        if found.sum() < LEAST_READINGS:
            continue
        z = judged.z[found]
        rows.append(
            {
                "days": [first, last],
                "readings": int(found.sum()),
                "people": len(np.unique(judged.person[found])),
                "mean_z": float(z.mean()),
                "standard_deviation_z": float(z.std()),
                "coverage": float((np.abs(z) <= TWO_SPREADS).mean()),
            }
        )
    return rows
