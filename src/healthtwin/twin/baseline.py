"""What to expect of a person at this hour and activity, and how each reading changes it.

Model, per person and metric, on the metric's learning scale (square root for HRV)::

    reading = center + rhythm[hour] + slope * (activity - usual activity) + noise of one spread

Every part has evidence behind it, counted in independent readings, and so an uncertainty in units of the
spread. A reading moves each part by its share of that uncertainty: a Kalman filter whose covariance is kept
diagonal. Hence the first readings move much and the hundredth little, an hour of day seen twice stays near
the overall level, and no parts together ever overshoot the reading. Residuals are clipped (Huber), so that a
single absurd value moves what is expected by less than ``huber`` spreads times the rate.

All arithmetic is float64 on `(people, metrics)` arrays, elementwise, with operations that IEEE 754 rounds
correctly (no exponential, no logarithm: their vector and scalar code differ in the last bit); the record
keeps float32. How a stream is cut into batches, and on which machine, therefore never changes a bit.

Sources: P. J. Huber, Robust estimation of a location parameter, 1964 (clipping); R. E. Kalman, A new approach
to linear filtering and prediction problems, 1960 (gain).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.arrays import COLUMNS
from healthtwin.domain.clock import SECOND_MS
from healthtwin.domain.shifts import USUAL, least_shift
from healthtwin.twin.state import EVIDENCE_STEPS, HOURS
from healthtwin.twin.tuning import DEFAULT_TUNING, Tuning

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.twin.state import StructuredArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

CHUNK: Final = 1024
"""People handled together: their working arrays fit the processor's second-level cache."""

RETURNED: Final = 0.75
"""A departure ends within this share of the usual range, not at its edge, so that a value there does not
flicker."""

NO_DISTANCE: Final = 1e-6
"""A z below this is too small to divide by."""

CONSISTENCY: Final = 1.0229496
"""1 / E[min(z², 2.5²)] for a standard normal z: what clipping takes from the variance is given back."""

LEAST_SCALE_EVIDENCE: Final = 3.0
"""Below this the Student t that the band is taken from has no usable variance."""

NEIGHBOUR_SHARES: Final = ((0, 1.0), (-1, 0.5), (1, 0.5))
"""(hours away, share): a day is smooth, so a reading teaches the hours beside its own half as much."""

ALL_SHARES: Final = sum(share for _, share in NEIGHBOUR_SHARES)
"""How much one reading adds to the evidence of all hours together."""

_LATEST_S: Final = float(np.iinfo(np.uint32).max)
_MASK_BITS: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What each twin expects of an observation; every array has the shape `(people, metrics)`.

    Attributes:
        center: expected value, in the metric's unit; NaN where not `ready`.
        spread: one robust standard deviation of a single reading around it, same unit, wide while little is
            known. Of a metric learned under the square root it is the spread on the value's own side.
        z: (value - center) / spread; NaN where there is no value or nothing is expected.
        ready: whether there is enough evidence to expect anything.
        low, high: the usual range: `USUAL` spreads to either side, and at least the meter's error.
    """

    center: Floats
    spread: Floats
    z: Floats
    ready: Flags
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Prediction:
    """The state at one observation on the learning scale; doubts are in units of the variance."""

    level: Floats
    spread: Floats
    evidence: Floats
    doubt: Floats
    hour_doubt: Floats
    hour_departure: Floats
    slope_doubt: Floats
    activity_offset: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """How much one observation counts, per person and metric; `kept`: what remains of earlier evidence."""

    taught: Flags
    first: Flags
    reading: Floats
    hour: Floats
    kept: Floats


def _between(value: Floats, low: Floats | float, high: Floats | float) -> Floats:
    return np.minimum(np.maximum(value, low), high)  # np.clip costs three times as much on a batch of one


def _wide(twins: StructuredArray, name: str) -> Floats:
    return np.asarray(twins[name], np.float64)


def _time_s(observations: StructuredArray) -> Floats:
    seconds = (observations["time_ms"] // SECOND_MS).astype(np.float64)
    return _between(seconds, 1.0, _LATEST_S)[:, None]


def _elsewhere(hour_evidence: Floats, total: Floats) -> Floats:
    # What all hours have in common belongs to the center: an hour that holds all the readings departs from
    # nothing. Each reading counts in its own hour and in part beside it, hence the factor.
    return _between(1.0 - ALL_SHARES * hour_evidence / np.maximum(total, 1.0), 0.0, 1.0)


def _predict(twins: StructuredArray, observations: StructuredArray, tuning: Tuning) -> _Prediction:
    evidence = _wide(twins, "evidence")
    idle_s = np.maximum(_time_s(observations) - _wide(twins, "latest_s"), 0.0)
    remembered = evidence * (tuning.stale_s / (tuning.stale_s + idle_s))

    row, hour = np.arange(len(twins)), observations["hour"].astype(np.intp)
    departure = twins["rhythm"][row, hour].astype(np.float64)
    hour_evidence = twins["rhythm_evidence"][row, hour] * (1.0 / EVIDENCE_STEPS)
    hour_doubt = _elsewhere(hour_evidence, _wide(twins, "rhythm_total")) / (hour_evidence + tuning.hour_prior)
    if not tuning.by_hour:
        hour_doubt = np.zeros_like(hour_doubt)

    activity = observations["activity"][:, None]
    activity_evidence = _wide(twins, "activity_evidence")
    moment, slope = _wide(twins, "activity_moment"), _wide(twins, "slope")
    slope_doubt = 1.0 / (moment + tuning.slope_prior)
    known = np.isfinite(activity) & tuning.by_activity
    offset = np.where(known & (activity_evidence > 0), activity - _wide(twins, "activity_mean"), 0.0)
    # Unknown activity is taken for the usual one, and the band is as much wider as activity moves the value.
    usual_variance = moment / np.maximum(activity_evidence, 1.0)
    unseen = np.where(known, 0.0, slope * slope * usual_variance)

    scale_evidence = np.maximum(_wide(twins, "scale_evidence"), LEAST_SCALE_EVIDENCE)
    variance = np.maximum(_wide(twins, "variance"), tuning.least_spread * tuning.least_spread)
    doubt = 1.0 + 1.0 / remembered + hour_doubt + offset * offset * slope_doubt + unseen / variance
    student = scale_evidence / (scale_evidence - 2.0)
    return _Prediction(
        level=_wide(twins, "center") + departure + slope * offset,
        spread=np.sqrt(variance * doubt * student),
        evidence=remembered,
        doubt=doubt,
        hour_doubt=hour_doubt,
        hour_departure=departure,
        slope_doubt=slope_doubt,
        activity_offset=offset,
    )


def _to_learning_scale(value: Floats, tuning: Tuning) -> Floats:
    return np.where(tuning.square_root, np.sqrt(value), value)


def _from_learning_scale(scaled: Floats, tuning: Tuning) -> Floats:
    positive = np.maximum(scaled, 0.0)  # nothing below 0 has a root
    return np.where(tuning.square_root, positive * positive, scaled)


def expect(
    twins: StructuredArray, observations: StructuredArray, tuning: Tuning = DEFAULT_TUNING
) -> Expectation:
    """What each twin expects at the observation's time, local hour and activity.

    The observation's own values are used only to say how far they lie from it (`Expectation.z`).

    Args:
        twins: shape `(people,)`.
        observations: shape `(people,)`, one per twin.
        tuning: how twins learn.

    >>> from healthtwin.domain.arrays import blank_observations
    >>> from healthtwin.twin import blank_twins
    >>> expect(blank_twins(1), blank_observations(1)).ready.any()
    np.False_
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        starts = range(0, max(len(twins), 1), CHUNK)
        parts = [
            _expect_chunk(twins[start : start + CHUNK], observations[start : start + CHUNK], tuning)
            for start in starts
        ]
    if len(parts) == 1:
        return parts[0]
    return Expectation(
        *(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Expectation))
    )


def _expect_chunk(twins: StructuredArray, observations: StructuredArray, tuning: Tuning) -> Expectation:
    state = _predict(twins, observations, tuning)
    enough_days = (twins["days"] >= tuning.ready_days)[:, None]
    ready = (state.evidence >= tuning.ready_evidence) & enough_days
    level = np.where(ready, state.level, np.nan)
    spread = np.where(ready, state.spread, np.nan)
    value = observations["value"]
    z = (_to_learning_scale(value, tuning) - level) / spread
    center = _from_learning_scale(level, tuning)
    # Under the root one spread up is longer than one spread down: state the one that applies.
    near = np.where(tuning.square_root, 2.0 * level * spread, spread)
    apart = tuning.square_root & (np.abs(z) > NO_DISTANCE)
    low = _from_learning_scale(level - USUAL * spread, tuning)
    high = _from_learning_scale(level + USUAL * spread, tuning)
    if tuning.by_meter:
        meter = least_shift(center)
        low, high = np.minimum(low, center - meter), np.maximum(high, center + meter)
    return Expectation(
        center=center,
        spread=np.where(apart, (value - center) / z, near),
        z=z,
        ready=ready,
        low=low,
        high=high,
    )


def learn(
    twins: StructuredArray,
    observations: StructuredArray,
    pace: NDArray[np.float64] | float = 1.0,
    tuning: Tuning = DEFAULT_TUNING,
) -> None:
    """Let each twin learn from one observation, in place.

    A reading counts by its quality, by the pace, and by how long after the previous one it came: sixty within
    a minute are hardly more than one. One that is older than the newest known still teaches, the less the
    older it is. Where the pace or the quality is 0, or nothing was measured, not a byte changes.

    Args:
        twins: shape `(people,)`; a real array or slice, since it is written to.
        observations: shape `(people,)`, one per twin.
        pace: one number, or shape `(people,)` or `(people, metrics)`: 0 frozen to 1 usual.
        tuning: how twins learn.
    """
    speed = np.asarray(pace, np.float64)
    one_each = speed[:, None] if speed.ndim == 1 else speed
    speed = np.broadcast_to(one_each, (len(twins), COLUMNS))
    for start in range(0, len(twins), CHUNK):
        part = slice(start, start + CHUNK)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            _learn_chunk(twins[part], observations[part], speed[part], tuning)


def _weigh(twins: StructuredArray, observations: StructuredArray, speed: Floats, tuning: Tuning) -> _Weights:
    time_s, latest_s = _time_s(observations), _wide(twins, "latest_s")
    passed_s = np.maximum(time_s - latest_s, 0.0)
    late_s = np.maximum(latest_s - time_s, 0.0)
    gap_s = np.minimum(passed_s + late_s, np.abs(time_s - _wide(twins, "previous_s")))
    first = twins["evidence"] == 0
    worth = _between(observations["quality"], 0.0, 1.0)[:, None] * _between(speed, 0.0, 1.0)
    trust = worth * (tuning.memory_s / (tuning.memory_s + late_s))
    reading = trust * np.where(first, 1.0, gap_s / (gap_s + tuning.independent_after_s))
    forgotten = np.minimum(
        worth * (passed_s / (passed_s + tuning.memory_s)), reading * (1.0 / tuning.memory_readings)
    )
    return _Weights(
        taught=np.isfinite(observations["value"]) & (trust > 0.0),
        first=first,
        reading=reading,
        hour=trust * np.where(first, 1.0, gap_s / (gap_s + tuning.hour_independent_after_s)),
        kept=np.where(first, 1.0, 1.0 - forgotten),
    )


def _learn_chunk(
    twins: StructuredArray, observations: StructuredArray, speed: Floats, tuning: Tuning
) -> None:
    weights = _weigh(twins, observations, speed, tuning)
    if not weights.taught.any():
        return
    state = _predict(twins, observations, tuning)
    evidence = _wide(twins, "evidence") * weights.kept
    residual = _to_learning_scale(observations["value"], tuning) - state.level
    limit = tuning.huber * state.spread
    level_share = weights.reading / evidence
    slope_share = weights.reading * state.activity_offset * state.slope_doubt
    share = level_share + weights.hour * state.hour_doubt + slope_share * state.activity_offset
    step = _between(residual, -limit, limit) / (1.0 + share)
    step = np.where(weights.first, 0.0, step)

    # The spread is learned from the residual in units of what was doubtful about the expectation.
    squared = np.minimum(residual * residual, limit * limit) / state.doubt * CONSISTENCY
    scale_evidence, variance = _wide(twins, "scale_evidence") * weights.kept, _wide(twins, "variance")
    scale_rate = weights.reading / (scale_evidence + weights.reading)
    surprise = np.where(weights.first, 0.0, squared - variance)

    drift = _learn_activity(twins, observations, slope_share * step, weights, tuning)
    center = _wide(twins, "center") + drift + np.where(weights.first, residual, level_share * step)
    _put(twins, "center", center, weights.taught)
    _put(twins, "evidence", evidence + weights.reading, weights.taught)
    _put(twins, "variance", variance + scale_rate * surprise, weights.taught)
    counted = scale_evidence + np.where(weights.first, 0.0, weights.reading)
    _put(twins, "scale_evidence", counted, weights.taught)
    time_s = np.broadcast_to(_time_s(observations), weights.taught.shape)
    _put(twins, "latest_s", np.maximum(time_s, _wide(twins, "latest_s")), weights.taught)
    _put(twins, "previous_s", time_s, weights.taught)
    if tuning.by_hour:
        _learn_hour(twins, observations, state.hour_departure + step, weights, tuning)
    _count_days(twins, observations, np.asarray(weights.taught.any(axis=1)))


def _learn_activity(
    twins: StructuredArray,
    observations: StructuredArray,
    slope_step: Floats,
    weights: _Weights,
    tuning: Tuning,
) -> Floats:
    """Slope and usual activity; returns how far the center moves because the usual activity did."""
    activity = observations["activity"][:, None]
    known = weights.taught & np.isfinite(activity) & tuning.by_activity
    if not known.any():
        return np.zeros(known.shape)
    evidence = _wide(twins, "activity_evidence") * weights.kept + weights.reading
    mean, slope = _wide(twins, "activity_mean"), _wide(twins, "slope") + slope_step
    apart = activity - mean
    shift = np.where(evidence > 0.0, weights.reading / evidence, 0.0) * apart
    moment = _wide(twins, "activity_moment") * weights.kept + weights.reading * apart * (apart - shift)
    _put(twins, "slope", slope, known)
    _put(twins, "activity_mean", mean + shift, known)
    _put(twins, "activity_moment", moment, known)
    _put(twins, "activity_evidence", evidence, known)
    return np.where(known & ~weights.first, slope * shift, 0.0)


def _put(twins: StructuredArray, name: str, value: NDArray[np.generic], where: Flags) -> None:
    field = twins[name]
    np.copyto(field, value.astype(field.dtype), where=where, casting="unsafe")


def _learn_hour(
    twins: StructuredArray, observations: StructuredArray, target: Floats, weights: _Weights, tuning: Tuning
) -> None:
    row, hour = np.arange(len(twins)), observations["hour"].astype(np.intp)
    rhythm, steps = twins["rhythm"], twins["rhythm_evidence"]
    total, added = _wide(twins, "rhythm_total"), np.zeros(weights.taught.shape)
    for neighbour, share in NEIGHBOUR_SHARES:
        at = (hour + neighbour) % HOURS
        before, steps_before = rhythm[row, at], steps[row, at]
        departure, evidence = before.astype(np.float64), steps_before * (1.0 / EVIDENCE_STEPS)
        weight = weights.hour * share
        rate = weight * _elsewhere(evidence, total) / (evidence + tuning.hour_prior + weight)
        learned = departure + np.where(weights.first, 0.0, rate * (target - departure))
        most = np.maximum(evidence, tuning.hour_memory_readings * share)
        counted = np.rint(np.minimum(evidence + weight, most) * EVIDENCE_STEPS)
        added += np.where(weights.taught, counted - steps_before, 0.0)
        rhythm[row, at] = np.where(weights.taught, learned.astype(np.float32), before)
        steps[row, at] = np.where(weights.taught, counted, steps_before).astype(np.uint16)
    _put(twins, "rhythm_total", total + added * (1.0 / EVIDENCE_STEPS), weights.taught)


def _count_days(twins: StructuredArray, observations: StructuredArray, taught: Flags) -> None:
    day, last = observations["day"].astype(np.int64), twins["last_day"].astype(np.int64)
    days, mask = twins["days"], twins["day_mask"]
    first = days == 0
    ahead = np.where(first, 0, day - last)
    shift = np.minimum(np.abs(ahead), _MASK_BITS - 1).astype(np.uint64)
    one = np.uint64(1)
    bit = one << shift
    reachable = np.abs(ahead) < _MASK_BITS
    forward = taught & (first | (ahead > 0))
    known = (mask & bit) != 0
    within = taught & ~forward & reachable & ~known
    beyond = taught & ~forward & ~reachable & (day != twins["late_day"])
    rolled = np.where(first | ~reachable, one, (mask << shift) | one)
    np.copyto(mask, np.where(forward, rolled, np.where(within, mask | bit, mask)))
    np.copyto(twins["last_day"], day.astype(np.int32), where=forward)
    np.copyto(twins["late_day"], day.astype(np.int32), where=beyond)
    room = days < np.iinfo(np.uint16).max
    np.copyto(days, days + np.uint16(1), where=(forward | within | beyond) & room)


def note_departures(twins: StructuredArray, observations: StructuredArray, expectation: Expectation) -> None:
    """Remember since when each value lies outside its usual range, in place.

    Kept apart from `learn`, since it goes on while learning is frozen. A departure starts outside the usual
    range, ends well inside it (`RETURNED`), and starts anew when the value crosses to the other side.

    Args:
        twins: shape `(people,)`.
        observations: shape `(people,)`, one per twin, in the order in which they were measured.
        expectation: what `expect` said of them.
    """
    value, center = observations["value"], expectation.center
    judged = np.isfinite(expectation.z)
    side = np.sign(np.where(judged, expectation.z, 0.0)).astype(np.int8)
    outside = judged & ((value > expectation.high) | (value < expectation.low))
    reach = np.where(side > 0, expectation.high - center, center - expectation.low)
    with np.errstate(invalid="ignore"):
        inside = judged & (np.abs(value - center) < RETURNED * reach)
    crossed = judged & (twins["side"] != 0) & (side != twins["side"])
    starts = outside & ((twins["side"] == 0) | crossed)
    ends = (inside | crossed) & ~starts
    _put(twins, "since_s", np.broadcast_to(_time_s(observations), judged.shape), starts)
    _put(twins, "side", side, starts)
    _put(twins, "since_s", np.zeros(judged.shape), ends)
    _put(twins, "side", np.zeros(judged.shape), ends)
