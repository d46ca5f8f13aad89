"""Reads the accelerometer and gyroscope: one even clock, m/s² with gravity, a gyroscope in °/s or none.

What is plainly not such a recording (in g, without gravity, columns swapped) raises `InvalidInput`; what is
one but is broken in the middle is cut to its longest unbroken stretch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.signal import butter, sosfiltfilt

from healthtwin.domain import Said
from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing.measurement import Refusal
from healthtwin.sensing.signal_checks import Samples, check_samples, clipped_share, is_constant

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

STANDARD_GRAVITY: Final = 9.80665
"""m/s², CGPM 1901."""

AXES: Final = ("ax", "ay", "az")
TURNS: Final = ("gx", "gy", "gz")

LEAST_GRAVITY: Final = 6.0
MOST_GRAVITY: Final = 16.0
"""m/s²: the median size of the acceleration of a phone that somebody carries. At rest it is 9.8 ± 0.5 (sensor
offsets); the median of a run stays below 15. 1 means g; below 6, gravity was taken out or columns are
swapped."""

LEAST_PULL: Final = 4.0
MOST_ODD_SECONDS: Final = 0.2
"""m/s², mean over each second: a phone may fall or be swung for a moment, but gravity pulls at it all the
time."""

LONGEST_GAP_MS: Final = 500.0
"""Longer, and a whole tremor burst or step could be missing: the recording is cut there."""

UNEVEN: Final = 0.02
"""Steps of the clock that differ by more than this share of the median are put on an even clock."""

MOST_RATE_HZ: Final = 200.0
"""Nothing here looks above 20 Hz; faster recordings are put on a clock of 100 Hz."""

THINNED_RATE_HZ: Final = 100.0

CLIP_FLOOR: Final = 15.0
"""m/s²: the narrowest range that phones offer ends at 2 g = 19.6. Equal extreme values below are rounding."""

CLIPPED_SHARE: Final = 0.01
"""More samples than this at the stop, and amplitudes and spectra are the sensor's, not the person's."""

CUT_SHARE: Final = 0.25
LEAST_LEVELS: Final = 8
"""Wherever the stop is: a wave in 8 rounding steps has at most 0.16 of its samples in the outermost."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A recording on an even clock.

    Attributes:
        rate_hz: samples per second.
        start_ms: time of the first sample kept, on the sender's clock.
        acceleration: shape (n, 3), m/s² with gravity.
        rotation: shape (n, 3), °/s; None when no gyroscope was recorded.
        recorded_s: how long the whole recording was, before it was cut at gaps.
        whole: all axes as they came, for what judges the sensor itself.
    """

    rate_hz: float
    start_ms: float
    acceleration: Floats
    rotation: Floats | None
    recorded_s: float
    whole: Samples

    @property
    def duration_s(self) -> float:
        """Of the stretch kept."""
        return len(self.acceleration) / self.rate_hz

    @property
    def size(self) -> Floats:
        """Shape (n,): length of the acceleration vector, m/s²; the same however the phone is turned."""
        return np.asarray(np.linalg.norm(self.acceleration, axis=1))

    @property
    def gravity(self) -> Floats:
        """Shape (3,): the mean direction of gravity, of length 1, in the phone's axes."""
        mean = self.acceleration.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9))


def read_motion(
    time_ms: ArrayLike,
    acceleration: tuple[ArrayLike, ArrayLike, ArrayLike],
    rotation: tuple[ArrayLike | None, ArrayLike | None, ArrayLike | None],
) -> Motion:
    """Check the columns and put them on an even clock.

    Args:
        time_ms: shape (n,), strictly increasing.
        acceleration: three of shape (n,), m/s² with gravity.
        rotation: three of shape (n,), °/s, or None for all three.

    Raises:
        InvalidInput: no signal at all (`healthtwin.sensing.signal_checks`), one or two turn axes without the
            others, or accelerations that cannot be m/s² with gravity.
    """
    columns = dict(zip((*AXES, *TURNS), (*acceleration, *rotation), strict=True))
    missing = [name for name in TURNS if columns[name] is None]
    if 0 < len(missing) < len(TURNS):
        raise InvalidInput(", ".join(missing), "nothing", "all of gx, gy, gz in °/s, or none of them")
    samples = check_samples(time_ms, columns)
    _check_gravity(samples)
    kept = _longest_unbroken(samples.time_ms)
    time = samples.time_ms[kept]
    table = np.column_stack([values[kept] for values in samples.columns.values()])
    even, rate = _on_an_even_clock(time, table)
    return Motion(
        rate_hz=rate,
        start_ms=float(time[0]),
        acceleration=even[:, :3],
        rotation=None if missing else even[:, 3:],
        recorded_s=samples.duration_s,
        whole=samples,
    )


def refusal_for_the_sensor(motion: Motion, least_hz: float, least_s: float) -> Refusal | None:
    """Why nothing can be measured in this recording, whatever is asked; None when the sensor did its work.

    Args:
        least_hz: samples per second that the measure needs.
        least_s: unbroken seconds that it needs.
    """
    axes = [motion.whole.columns[name] for name in AXES]
    if all(is_constant(values) for values in motion.whole.columns.values()):
        return Refusal("constant", Said.of("refusal-constant"))
    for values in axes:
        at_the_stop = np.abs(values).max() >= CLIP_FLOOR and clipped_share(values) > CLIPPED_SHARE
        outermost = max(float((values == edge).mean()) for edge in (values.max(), values.min()))
        if at_the_stop or (outermost > CUT_SHARE and len(np.unique(values)) >= LEAST_LEVELS):
            return Refusal("clipped", Said.of("refusal-clipped"))
    if motion.rate_hz < least_hz * 0.98:  # a clock in whole milliseconds calls 20 Hz 19.6
        return Refusal(
            "sampling_too_slow",
            Said.of("refusal-few-samples", rate_hz=round(motion.rate_hz, 1), needed_hz=least_hz),
        )
    if motion.duration_s < least_s:
        return Refusal(
            "too_short",
            Said.of("refusal-broken", unbroken_s=round(motion.duration_s, 1), needed_s=least_s),
        )
    return None


def band(values: Floats, rate_hz: float, low_hz: float | None, high_hz: float | None) -> Floats:
    """Second-order Butterworth run forwards and backwards (no shift in time), along the first axis.

    Args:
        values: shape (n,) or (n, k).
        low_hz: below it is taken out; None for a low-pass.
        high_hz: above it is taken out; None for a high-pass. Kept below the Nyquist frequency.
    """
    top = 0.45 * rate_hz
    if low_hz is None:
        slowest = min(high_hz or top, top)
        sos = butter(2, slowest, "lowpass", fs=rate_hz, output="sos")
    elif high_hz is None:
        slowest = low_hz
        sos = butter(2, low_hz, "highpass", fs=rate_hz, output="sos")
    else:
        slowest = low_hz
        sos = butter(2, [low_hz, min(high_hz, top)], "bandpass", fs=rate_hz, output="sos")
    settling = int(3 * rate_hz / slowest)
    return np.asarray(sosfiltfilt(sos, values, axis=0, padlen=min(settling, len(values) - 1)))


def vertical(motion: Motion) -> Floats:
    """Shape (n,): acceleration along gravity less gravity itself, m/s²; gravity may turn slowly."""
    slow = band(motion.acceleration, motion.rate_hz, None, GRAVITY_TURNS_HZ)
    up = slow / np.maximum(np.linalg.norm(slow, axis=1, keepdims=True), 1e-9)
    return np.asarray((motion.acceleration * up).sum(axis=1) - STANDARD_GRAVITY)


GRAVITY_TURNS_HZ: Final = 0.25
"""A body changes its posture slower than this, and steps faster."""


def _check_gravity(samples: Samples) -> None:
    axes = np.column_stack([samples.columns[name] for name in AXES])
    middle = float(np.median(np.linalg.norm(axes, axis=1)))
    length = min(len(axes), max(1, round(samples.rate_hz)))
    seconds = axes[: len(axes) // length * length].reshape(-1, length, len(AXES)).mean(axis=1)
    pull = np.linalg.norm(seconds, axis=1)
    odd = float(((pull < LEAST_PULL) | (pull > MOST_GRAVITY)).mean())
    if not LEAST_GRAVITY <= middle <= MOST_GRAVITY or odd > MOST_ODD_SECONDS:
        raise InvalidInput(
            "ax, ay, az",
            f"accelerations of {middle:.3g} in the middle",
            "m/s² with gravity, about 9.8 at rest; are they in g, without gravity, or are columns swapped?",
        )


def _longest_unbroken(time_ms: Floats) -> slice:
    step = np.diff(time_ms)
    longest = max(LONGEST_GAP_MS, 3 * float(np.median(step)))
    edges = [0, *(np.flatnonzero(step > longest) + 1).tolist(), len(time_ms)]
    lengths = np.diff(edges)
    at = int(lengths.argmax())
    return slice(edges[at], edges[at + 1])


def _on_an_even_clock(time_ms: Floats, table: Floats) -> tuple[Floats, float]:
    if len(time_ms) == 1:
        return table, 1.0
    step = np.diff(time_ms)
    mean = float(step.mean())
    rate = 1000.0 / mean
    if rate <= MOST_RATE_HZ and np.abs(step - mean).max() <= UNEVEN * mean:
        return table, rate
    if rate > MOST_RATE_HZ:
        table = band(table, rate, None, THINNED_RATE_HZ * 0.4)
        rate = THINNED_RATE_HZ
    even = np.arange(time_ms[0], time_ms[-1], 1000.0 / rate)
    # Monotone pieces: no overshoot between samples that stand close together.
    return np.asarray(PchipInterpolator(time_ms, table, axis=0)(even)), rate
