"""Motion that was planted: recordings of a phone whose true breathing, tremor, steps and sway are known.

Synthetic, and labelled so wherever a figure rests on it. It is as coarse as what a browser lets through:
Chromium rounds accelerations to 0.1 m/s² and rotation rates to 0.1 °/s (its source,
`services/device/public/cpp/generic_sensor/sensor_reading.cc`, names fingerprinting as the reason).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GRAVITY: Final = 9.80665
"""m/s²."""

BROWSER_STEP_M_S2: Final = 0.1
BROWSER_STEP_DEG_S: Final = 0.1
"""What Chromium rounds to."""

PHONE_RATE_HZ: Final = 60.0
"""How often Chromium fires `devicemotion`."""

ACCELEROMETER_NOISE_M_S2: Final = 0.02
GYROSCOPE_NOISE_DEG_S: Final = 0.06
"""Standard deviation per sample at 60 Hz of a phone's sensors (data sheets: 100–200 µg/√Hz, 0.005–0.01
°/s/√Hz)."""

TABLE: Final = np.array([0.0, 0.0, GRAVITY])
"""Lying flat, screen up."""

HEART_THUD_HZ: Final = 12.0
"""The chest's answer to a heart beat rings at 10–20 Hz (seismocardiography)."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A recording; columns as `measure_motion` takes them.

    Attributes:
        time_ms: shape (n,).
        acceleration: shape (n, 3), m/s².
        rotation: shape (n, 3), °/s; None for a phone without a gyroscope.
        truth: what was planted, by metric.
    """

    time_ms: Floats
    acceleration: Floats
    rotation: Floats | None
    truth: dict[str, float]

    def columns(self) -> dict[str, Floats]:
        """By the names that `measure_motion` takes."""
        named = {"time_ms": self.time_ms, **dict(zip(("ax", "ay", "az"), self.acceleration.T, strict=True))}
        if self.rotation is not None:
            named.update(zip(("gx", "gy", "gz"), self.rotation.T, strict=True))
        return named

    def rounded(self) -> Planted:
        """As a browser hands it on."""
        turned = self.rotation
        return replace(
            self,
            acceleration=np.round(self.acceleration / BROWSER_STEP_M_S2) * BROWSER_STEP_M_S2,
            rotation=None if turned is None else np.round(turned / BROWSER_STEP_DEG_S) * BROWSER_STEP_DEG_S,
        )


def turned(planted: Planted, rotation: Floats) -> Planted:
    """The same movement with the phone held otherwise.

    Args:
        rotation: shape (3, 3), a rotation matrix.
    """
    around = planted.rotation
    return replace(
        planted,
        acceleration=planted.acceleration @ rotation.T,
        rotation=None if around is None else around @ rotation.T,
    )


def chest_breathing(
    rate_per_min: float,
    rng: np.random.Generator,
    *,
    seconds: float = 60.0,
    tilt_deg: float = 1.0,
    irregular: float = 0.08,
    heart_m_s2: float = 0.06,
    gyroscope: bool = True,
    rate_hz: float = PHONE_RATE_HZ,
) -> Planted:
    """A phone on the chest of somebody who lies or leans back.

    Args:
        rate_per_min: breaths per minute asked for; the truth is counted from the breaths drawn.
        tilt_deg: half of how far a breath turns the phone (0.5–2° in people lying on their back).
        irregular: coefficient of variation of the breaths' lengths and depths.
        heart_m_s2: peak of the thud of each heart beat.
    """
    time = _clock(seconds, rate_hz, rng)
    phase, mean_rate = _breath_phase(time, rate_per_min, irregular, rng)
    depth = np.interp(phase, np.arange(400), 1 + irregular * rng.standard_normal(400))
    # In faster than out: the shape of quiet breathing (inspiration takes about 40 % of a breath).
    angle = np.radians(tilt_deg) * depth * (np.sin(2 * np.pi * phase) + 0.2 * np.sin(4 * np.pi * phase + 0.5))
    axis = _unit(np.array([*rng.standard_normal(2), 0.2 * rng.standard_normal()]))
    down = _rotation(_unit(np.array([*rng.standard_normal(2), 0.0])), np.radians(rng.uniform(3, 40)))
    still = np.asarray(down @ TABLE)
    # Rodrigues for small angles about one axis, exact.
    cross = np.cross(axis, still)
    along = axis * float(axis @ still)
    acceleration = (
        np.cos(angle)[:, None] * (still - along) + np.sin(angle)[:, None] * cross + along
    ) + _unit(still) * _heart_thuds(time, heart_m_s2, rng)[:, None]
    rotation = np.degrees(np.gradient(angle, time))[:, None] * axis if gyroscope else None
    return _sensed(time, acceleration, rotation, {"respiratory_rate": mean_rate}, rng)


def hand_tremor(
    frequency_hz: float,
    amplitude_m_s2: float,
    rng: np.random.Generator,
    *,
    seconds: float = 20.0,
    wander: float = 0.02,
    gyroscope: bool = True,
    rate_hz: float = PHONE_RATE_HZ,
) -> Planted:
    """A phone held in a trembling hand.

    Args:
        amplitude_m_s2: peak of the acceleration along the tremor's direction.
        wander: share by which the frequency strays within the recording.
    """
    time = _clock(seconds, rate_hz, rng)
    stray = 1 + wander * np.sin(2 * np.pi * time / seconds + rng.uniform(0, 6))
    phase = np.cumsum(frequency_hz * stray * np.gradient(time))
    direction = _unit(rng.standard_normal(3))
    wave = amplitude_m_s2 * np.sin(2 * np.pi * phase)
    drift = 0.15 * np.sin(2 * np.pi * 0.3 * time + rng.uniform(0, 6))
    held = np.asarray(_rotation(_unit(rng.standard_normal(3)), rng.uniform(0, 3)) @ TABLE)
    acceleration = held + wave[:, None] * direction + drift[:, None] * _unit(rng.standard_normal(3))
    rotation = (10 * wave)[:, None] * _unit(rng.standard_normal(3)) if gyroscope else None
    mean = float((phase[-1] - phase[0]) / (time[-1] - time[0]))
    return _sensed(
        time, acceleration, rotation, {"tremor_frequency": mean, "tremor_amplitude": amplitude_m_s2}, rng
    )


def walking(
    cadence_per_min: float,
    rng: np.random.Generator,
    *,
    seconds: float = 30.0,
    limp: float = 0.0,
    irregular: float = 0.02,
    push_m_s2: float = 2.5,
    rate_hz: float = PHONE_RATE_HZ,
) -> Planted:
    """A phone worn at the waist of somebody who walks.

    Args:
        limp: share by which one side's step takes longer, and the other shorter, than the mean.
        irregular: coefficient of variation of the lengths of steps.
        push_m_s2: size of the vertical movement at the step frequency.
    """
    time = _clock(seconds, rate_hz, rng)
    count = int(seconds * cadence_per_min / 60 * 1.5) + 10
    lengths = 60 / cadence_per_min * (1 + irregular * rng.standard_normal(count))
    lengths[::2] *= 1 + limp
    lengths[1::2] *= 1 - limp
    begins = np.concatenate([[-1.0], -1.0 + np.cumsum(lengths)])
    phase = np.interp(time, begins, np.arange(len(begins)))
    side = 1 + 1.5 * limp * np.cos(np.pi * phase)
    up = push_m_s2 * side * (np.sin(2 * np.pi * phase) + 0.4 * np.sin(4 * np.pi * phase + 0.7))
    sway = 0.5 * push_m_s2 * np.sin(np.pi * phase)
    upright = np.array([0.0, GRAVITY, 0.0])
    acceleration = upright + np.column_stack([sway, up, 0.4 * up])
    within = (begins >= time[0]) & (begins <= time[-1])
    truth = {
        "gait_cadence": float(60 / np.diff(begins[within]).mean()),
        "steps": float(within.sum()),
    }
    return _sensed(time, acceleration, None, truth, rng)


def standing(
    sway_m_s2: float, rng: np.random.Generator, *, seconds: float = 30.0, rate_hz: float = PHONE_RATE_HZ
) -> Planted:
    """A phone held at the chest of somebody who stands still and sways.

    Args:
        sway_m_s2: root mean square of the horizontal acceleration.
    """
    time = _clock(seconds, rate_hz, rng)
    waves = rng.uniform(0.15, 1.2, (2, 12))
    turns = rng.uniform(0, 2 * np.pi, (2, 12))
    level = np.sin(2 * np.pi * waves[:, :, None] * time + turns[:, :, None]).sum(axis=1)
    level *= sway_m_s2 / np.sqrt((level**2).sum(axis=0).mean())
    upright = np.array([0.0, GRAVITY, 0.0])
    acceleration = upright + np.column_stack([level[0], np.zeros(len(time)), level[1]])
    return _sensed(time, acceleration, None, {"sway_rms": sway_m_s2}, rng)


def on_a_table(
    rng: np.random.Generator, *, seconds: float = 60.0, gyroscope: bool = True, rate_hz: float = PHONE_RATE_HZ
) -> Planted:
    """A phone that lies on a table: the sensors' noise and nothing else."""
    time = _clock(seconds, rate_hz, rng)
    acceleration = np.tile(TABLE + rng.uniform(-0.3, 0.3, 3), (len(time), 1))
    return _sensed(time, acceleration, np.zeros_like(acceleration) if gyroscope else None, {}, rng)


def _sensed(
    time: Floats,
    acceleration: Floats,
    rotation: Floats | None,
    truth: dict[str, float],
    rng: np.random.Generator,
) -> Planted:
    noisy = acceleration + ACCELEROMETER_NOISE_M_S2 * rng.standard_normal(acceleration.shape)
    if rotation is not None:
        rotation = rotation + GYROSCOPE_NOISE_DEG_S * rng.standard_normal(rotation.shape)
    return Planted(time * 1000.0, noisy, rotation, truth)


def _clock(seconds: float, rate_hz: float, rng: np.random.Generator) -> Floats:
    """Browser events come up to a millisecond early or late."""
    even = np.arange(int(seconds * rate_hz)) / rate_hz
    return np.asarray(even + 0.001 * rng.uniform(-1, 1, len(even)))


def _breath_phase(
    time: Floats, rate_per_min: float, irregular: float, rng: np.random.Generator
) -> tuple[Floats, float]:
    """Breaths done at each instant, and the mean rate over the recording."""
    lengths = 60 / rate_per_min * np.clip(1 + irregular * rng.standard_normal(400), 0.5, 1.6)
    begins = np.concatenate([[0.0], np.cumsum(lengths)]) - rng.uniform(0, lengths[0])
    phase = np.interp(time, begins, np.arange(len(begins)))
    return np.asarray(phase), float(60 * (phase[-1] - phase[0]) / (time[-1] - time[0]))


def _heart_thuds(time: Floats, peak_m_s2: float, rng: np.random.Generator) -> Floats:
    beats = np.cumsum(60 / 68 * (1 + 0.04 * rng.standard_normal(int(time[-1] * 2) + 4)))
    since = time[:, None] - beats[beats < time[-1]][None, :]
    begun = np.maximum(since, 0.0)  # before its beat a thud is the sine of zero
    thuds = np.exp(-begun / 0.08) * np.sin(2 * np.pi * HEART_THUD_HZ * begun)
    return np.asarray(peak_m_s2 * thuds.sum(axis=1))


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))


def _rotation(axis: Floats, angle: float) -> Floats:
    x, y, z = axis
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew)
