"""What each rule of learning brings: the same readings predicted again with one rule changed.

On recordings of people and, labelled so, on synthetic ones whose daily rhythm and answer to effort are
planted. Every figure is a ratio to the product's rules on the same readings of the same people, each person
counting the same, with a bootstrap over people: above 1 the variant is worse than what the product runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, LEARNED
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.simulate import draw_person, history
from healthtwin.twin import DEFAULT_TUNING, Tuning, blank_twins, expect, learn
from healthtwin.twin.tuning import DAY_S
from healthtwin_lab.bootstrap import mean_by, ratio_of_means
from healthtwin_lab.evaluate.baseline import LEAST_PEOPLE, LEAST_READINGS, MISS_PRICE
from healthtwin_lab.evaluate.recordings import Recording, lockstep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin.simulate import SyntheticMessage

    Floats = NDArray[np.float64]

PRODUCT: Final = "product"

_LEARNED: Final = replace(DEFAULT_TUNING, by_meter=False)
"""The range is judged as it was learned, without what the meter's error adds to it for people."""

VARIANTS: Final[Mapping[str, Tuning]] = {
    PRODUCT: _LEARNED,
    "no hour of day": replace(_LEARNED, by_hour=False),
    "no activity": replace(_LEARNED, by_activity=False),
    "no context at all": replace(_LEARNED, by_hour=False, by_activity=False),
    "memory 7 days, 7 readings": replace(_LEARNED, memory_s=7 * DAY_S, memory_readings=7.0),
    "memory 60 days, 60 readings": replace(_LEARNED, memory_s=60 * DAY_S, memory_readings=60.0),
    "readings 5 min apart are independent": replace(_LEARNED, independent_after_s=300.0),
    "no clipping of absurd readings": replace(_LEARNED, huber=1e6),
}
"""One rule changed at a time."""

SYNTHETIC_PEOPLE: Final = 30
SYNTHETIC_DAYS: Final = 75
SYNTHETIC_UNTIL_MS: Final = 1_772_323_200_000  # 2026-03-01T00:00Z, any fixed day


def compare_variants(recordings: Sequence[Recording], seed: int) -> dict[str, Any]:
    """Every variant against the product, by metric.

    Args:
        recordings: of the people to report on. A metric with fewer than `LEAST_PEOPLE` who have
            `LEAST_READINGS` is left out.
        seed: of the bootstrap.

    Returns:
        metric → variant → `error_ratio`, `interval_score_ratio` (value, low, high) and `coverage`.
    """
    judged = {name: _judge(recordings, tuning) for name, tuning in VARIANTS.items()}
    # Readiness does not depend on the variant but for the evidence rules; compare what all of them judged.
    common = np.logical_and.reduce([np.isfinite(error) for error, _, _, _ in judged.values()])
    person, column = judged[PRODUCT][2], judged[PRODUCT][3]
    found: dict[str, Any] = {}
    for i, metric in enumerate(LEARNED):
        chosen = common & (column == i)
        people, counts = np.unique(person[chosen], return_counts=True)
        enough = people[counts >= LEAST_READINGS]
        if len(enough) < LEAST_PEOPLE:
            continue
        chosen &= np.isin(person, enough)
        _, who = np.unique(person[chosen], return_inverse=True)
        draws = np.random.default_rng(seed).integers(0, len(enough), (1000, len(enough)))
        by_variant = {
            name: (mean_by(who, error[chosen]), mean_by(who, score[chosen, 0]), score[chosen, 1].mean())
            for name, (error, score, _, _) in judged.items()
        }
        base_error, base_score, _ = by_variant[PRODUCT]
        found[metric.name] = {
            "people": len(enough),
            "readings": int(chosen.sum()),
            "variants": {
                name: {
                    "error_ratio": ratio_of_means(error, base_error, draws),
                    "interval_score_ratio": ratio_of_means(score, base_score, draws),
                    "coverage": float(coverage),
                }
                for name, (error, score, coverage) in by_variant.items()
            },
        }
    return found


def _judge(
    recordings: Sequence[Recording], tuning: Tuning
) -> tuple[Floats, Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Absolute error (NaN: nothing expected), (interval score, inside), whose and which metric, by value."""
    twins = blank_twins(len(recordings), tuning)
    parts: list[tuple[NDArray[Any], ...]] = []
    for who, rows in lockstep(recordings):
        part, value = twins[: len(who)], rows["value"]
        expected = expect(part, rows, tuning)
        row, column = np.nonzero(np.isfinite(value))
        at = value[row, column]
        low, high = expected.low[row, column], expected.high[row, column]
        missed = np.maximum(low - at, 0.0) + np.maximum(at - high, 0.0)
        score = np.stack([high - low + MISS_PRICE * missed, np.asarray(missed == 0.0, np.float64)], axis=1)
        parts.append((np.abs(at - expected.center[row, column]), score, who[row], column))
        learn(part, rows, 1.0, tuning)
    error, score, person, column = (np.concatenate(found) for found in zip(*parts, strict=True))
    return error, score, person, column


def synthetic_recordings(
    seed: int, people: int = SYNTHETIC_PEOPLE, days: int = SYNTHETIC_DAYS
) -> list[Recording]:
    """Made-up people on ordinary days, a reading every 90 minutes or so: not evidence about people."""
    recordings = []
    for i, rng in enumerate(np.random.default_rng(seed).spawn(people)):
        person = draw_person(rng, this_year=2026, timezone="UTC")
        past = history(person, days=days, until_ms=SYNTHETIC_UNTIL_MS, rng=rng)
        recordings.append(Recording("synthetic", f"synthetic-{i}", observations_of(past)))
    return recordings


def observations_of(messages: Sequence[SyntheticMessage]) -> NDArray[np.void]:
    """Synthetic messages of somebody in UTC as observations, of shape `(messages,)`."""
    rows = blank_observations(len(messages))
    for row, message in zip(rows, messages, strict=True):
        row["time_ms"] = row["arrived_ms"] = message.time_ms
        row["activity"] = message.values["activity_level"]
        for name, value in message.values.items():
            if name in COLUMN:
                row["value"][COLUMN[name]] = value
    rows["hour"] = rows["time_ms"] // HOUR_MS % 24
    rows["day"] = rows["time_ms"] // DAY_MS
    return rows
