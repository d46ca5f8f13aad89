"""Whether what came in is a signal at all: one clock and one or more columns beside it.

Two different answers, as `healthtwin.sensing.measurement` draws the line:

- What cannot be read as a signal raises `InvalidInput`, naming the column, the sample and what would be
  right: nothing at all, a handful of samples, columns of other lengths, NaN or infinity, a clock that stands
  still or runs backwards, seconds where milliseconds belong, a clock in a column of values.
- What is a signal but cannot carry the measure is for the detector to refuse, with a reason. For that there
  are `refusal_for_slow_sampling`, `is_constant`, `clipped_share` and `refuse_all`.

Missing samples are gaps in the clock, never NaN and never zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import Said
from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing.measurement import Measurement, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEAST_SAMPLES: Final = 16
"""Fewer cannot even tell the sampling rate; at the slowest rate that any detector takes this is about 1 s."""

MOST_SAMPLES: Final = 4_000_000
"""More than an hour at 1 kHz: longer than any measurement, short enough to fit in memory many times over."""

SHORTEST_STEP_MS: Final = 0.2
"""5 kHz. A shorter median step means that the clock counts seconds: 30 frames a second would be 0.033."""

LONGEST_STEP_MS: Final = 2000.0
"""A longer median step is no signal but a diary; or the clock counts microseconds."""

LEAST_RUN_AT_THE_EDGE: Final = 3
"""Samples in a row at the very same extreme value that count as clipped: a smooth peak has one, a rounded one
two."""


@dataclass(frozen=True, slots=True)
class Samples:
    """A clock and the columns beside it, all finite, all of one length `n`.

    Attributes:
        time_ms: shape (n,), strictly increasing, as it came in.
        columns: name → shape (n,), in the order given; columns that were None are absent.
    """

    time_ms: Floats
    columns: Mapping[str, Floats]

    @property
    def duration_s(self) -> float:
        """From the first sample to the last."""
        return float(self.time_ms[-1] - self.time_ms[0]) / 1000.0

    @property
    def rate_hz(self) -> float:
        """Samples per second while there are any: from the median step, so that a gap does not count."""
        return 1000.0 / float(np.median(np.diff(self.time_ms)))


def check_samples(time_ms: ArrayLike, columns: Mapping[str, ArrayLike | None]) -> Samples:
    """Read a clock and its columns strictly.

    Args:
        time_ms: shape (n,), milliseconds from any start, strictly increasing; steps may vary.
        columns: name → shape (n,); None for a column that was not recorded. At least one is there.

    Returns:
        Everything as float64, copied.

    Raises:
        InvalidInput: see the module's description.

    >>> samples = check_samples(np.arange(90) * 33.3, {"red": np.sin(np.arange(90)), "green": None})
    >>> list(samples.columns), round(samples.rate_hz)
    (['red'], 30)
    """
    time = _as_floats("time_ms", time_ms)
    _check_length("time_ms", time)
    given = {name: _as_floats(name, values) for name, values in columns.items() if values is not None}
    if not given:
        raise InvalidInput("columns", ", ".join(columns), "at least one of them with values")
    for name, values in given.items():
        if values.shape != time.shape:
            raise InvalidInput(name, f"{len(values)} samples", f"{len(time)} samples, as many as time_ms")
    for name, values in {"time_ms": time, **given}.items():
        _check_finite(name, values)
    _check_clock(time)
    for name, values in given.items():
        _check_not_a_clock(name, values)
    return Samples(time, given)


def refusal_for_slow_sampling(samples: Samples, least_hz: float) -> Refusal | None:
    """A refusal when the median rate is below `least_hz`; None when it is fast enough."""
    rate = samples.rate_hz
    if rate >= least_hz:
        return None
    return Refusal(
        "sampling_too_slow",
        Said.of("refusal-few-samples", rate_hz=round(rate, 1), needed_hz=least_hz),
    )


def is_constant(values: Floats) -> bool:
    """Whether nothing moves beyond what rounding does to a number of this size."""
    return bool(np.ptp(values) <= 1e-9 * max(1.0, float(np.abs(values).max())))


def clipped_share(values: Floats) -> float:
    """Share of samples, 0 to 1, that lie in runs of three or more at the very lowest or highest value.

    A sensor at its stop answers the same number again and again; a wave that reaches its own peak does not.

    >>> wave = np.sin(np.arange(200) / 5)
    >>> clipped_share(wave), clipped_share(np.clip(wave, -2, 0.5)) > 0.3
    (0.0, True)
    """
    edge = (values == values.min()) | (values == values.max())
    starts = np.flatnonzero(np.diff(edge, prepend=False) & edge)
    ends = np.flatnonzero(np.diff(edge, append=False) & edge) + 1
    runs = ends - starts
    return float(runs[runs >= LEAST_RUN_AT_THE_EDGE].sum()) / len(values)


def refuse_all(metrics: Iterable[str], refusal: Refusal, duration_s: float) -> Measurement:
    """No value for any of the metrics, for one reason."""
    return Measurement({}, dict.fromkeys(metrics, refusal), quality=0.0, duration_s=duration_s)


def _as_floats(name: str, values: ArrayLike) -> Floats:
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(name, values, "a list of numbers") from None
    if found.ndim != 1:
        raise InvalidInput(name, f"an array of shape {found.shape}", "a plain list of numbers")
    return found


def _check_length(name: str, values: Floats) -> None:
    if not LEAST_SAMPLES <= len(values) <= MOST_SAMPLES:
        raise InvalidInput(name, f"{len(values)} samples", f"{LEAST_SAMPLES} to {MOST_SAMPLES:,} samples")


def _check_finite(name: str, values: Floats) -> None:
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise InvalidInput(
            name,
            float(values[bad[0]]),
            "numbers only; leave the whole sample out where one is missing",
            int(bad[0]),
        )


def _check_clock(time: Floats) -> None:
    step = np.diff(time)
    wrong = np.flatnonzero(step <= 0)
    if len(wrong):
        at = int(wrong[0]) + 1
        raise InvalidInput(
            "time_ms",
            f"{time[at]:g} after {time[at - 1]:g}",
            "milliseconds that grow from sample to sample; are columns swapped?",
            at,
        )
    median = float(np.median(step))
    if not SHORTEST_STEP_MS <= median <= LONGEST_STEP_MS:
        raise InvalidInput(
            "time_ms",
            f"steps of {median:g}",
            f"milliseconds, {SHORTEST_STEP_MS:g} to {LONGEST_STEP_MS:g} from sample to sample",
        )


def _check_not_a_clock(name: str, values: Floats) -> None:
    # Light and motion turn round within seconds; what only ever grows, over the whole recording, is a time.
    if np.all(np.diff(values) > 0):
        raise InvalidInput(
            name, f"{values[0]:g} growing to {values[-1]:g}", "a signal, not a clock; are columns swapped?"
        )
