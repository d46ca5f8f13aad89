"""Raw windows of a phone's sensors: judged, measured, and forgotten; what was measured becomes a reading.

Pure but for the time that a measurement takes: call `measured` beside the event loop. The detectors are
loaded with the first window, not with the server: what they stand on takes a second to load.
"""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
import numpy as np

from healthtwin.domain import ACTIVITY_WORDS, METRICS, Posture, Said
from healthtwin.domain.errors import InvalidInput, TooLarge
from healthtwin.intake.events import Count, Moment
from healthtwin.intake.vitals import VitalsRow, judge_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin.intake.vitals import Subjects
    from healthtwin.sensing import Measurement, Refusal

MOST_SAMPLES: Final = 60_000
"""Ten minutes at 100 Hz: more than any measurement asks for, and less than a second of work."""

LONGEST_MS: Final = 600_000
LONGEST_SOUND_S: Final = 60
LOWEST_RATE_HZ: Final = 4_000
HIGHEST_RATE_HZ: Final = 192_000
MOST_FRAME_VALUES: Final = 200_000
"""Numbers in the features of one recording: a minute at 10 ms a frame with 33 features each."""

_DEEPEST_FRAMES: Final = 4
_PCM_SCALE: Final = 32_768.0
_BYTES_PER_SAMPLE: Final = 2

Numbers = Annotated[list[float], msgspec.Meta(max_length=MOST_SAMPLES)]
Activity = Annotated[
    float | str,
    msgspec.Meta(
        extra_json_schema={
            "allOf": [  # see `MOMENT_SCHEMA`
                {
                    "anyOf": [
                        {"type": "number", "minimum": 0, "maximum": 10},
                        {"type": "string", "enum": list(ACTIVITY_WORDS)},
                    ]
                }
            ]
        }
    ),
]
Held = Annotated[str, msgspec.Meta(extra_json_schema={"enum": [str(posture) for posture in Posture]})]


class _Window(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    timestamp: Moment
    sequence: Count | None = None
    person: str | None = None
    activity_level: Activity | None = None
    posture: Held | None = None


class ColourSamples(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Mean colours of camera frames. time_ms: from the first frame, ascending; colours on any one scale."""

    time_ms: Numbers
    red: Numbers
    green: Numbers
    blue: Numbers


class PpgWindow(_Window, frozen=True, kw_only=True):
    """A finger on the camera. timestamp: of the first frame. person: only where a token covers several."""

    samples: ColourSamples


class MotionSamples(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Acceleration with gravity (m/s²) and rotation rate (°/s) along the phone's axes; time_ms ascending."""

    time_ms: Numbers
    ax: Numbers
    ay: Numbers
    az: Numbers
    gx: Numbers | None = None
    gy: Numbers | None = None
    gz: Numbers | None = None


class MotionWindow(_Window, frozen=True, kw_only=True):
    """The phone's motion during a test. timestamp: of the first sample."""

    test: Literal["breathing", "tremor_rest", "tremor_posture", "balance", "gait", "activity"]
    samples: MotionSamples


class SoundWindow(_Window, frozen=True, kw_only=True):
    """What the microphone gave: `frames`, computed on the phone, or the sound itself with consent.

    Attributes:
        frames: for ``cough``: features as `healthtwin.sensing.sound_frames` describes them.
        sample_rate: Hz. pcm16: base64 of 16-bit little-endian samples of one channel, at most a minute.
        consent: true, or the sound must not leave the phone. It is measured and not kept in any case.
    """

    kind: Literal["cough", "breath", "voice"]
    frames: dict[str, Any] | None = None
    sample_rate: Annotated[float, msgspec.Meta(ge=LOWEST_RATE_HZ, le=HIGHEST_RATE_HZ)] | None = None
    pcm16: str | None = None
    consent: bool | None = None


Window = PpgWindow | MotionWindow | SoundWindow

_SOURCES: Final = {PpgWindow: "camera", MotionWindow: "motion", SoundWindow: "microphone"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a window gave.

    Attributes:
        measurement: as the detector answered.
        refusals: by metric: the detector's, and those of values no living person shows.
        values: what may be stored, by metric name.
        row: the reading; None when nothing was measured.
    """

    measurement: Measurement
    refusals: Mapping[str, Refusal]
    values: Mapping[str, float]
    row: VitalsRow | None


def measured(window: Window, now_ms: int, subjects: Subjects) -> Measured:
    """Judge and measure a window; takes up to a second of processor time.

    Args:
        window: as it was sent.
        now_ms: the present.
        subjects: whose it may be.

    Raises:
        InvalidInput: naming what is wrong.
    """
    from healthtwin.sensing import Refusal

    head = _head(window)
    # Judged before the work and in the very words of a reading, with a value that is always possible.
    judge_row({**head, "steps": 0}, now_ms, subjects)
    measurement = _measurement(window)
    refusals = dict(measurement.refused)
    values: dict[str, float] = {}
    for name, value in measurement.values.items():
        metric = METRICS.get(name)
        if metric is None:
            continue  # an answer for the screen that is no metric of the house
        if metric.low <= value <= metric.high:
            values[name] = float(value)
        else:
            refusals[name] = Refusal(
                "implausible",
                Said.of("refusal-implausible", metric=name, value=float(value)),
            )
    if not values:
        return Measured(measurement, refusals, values, None)
    quality = measurement.quality if math.isfinite(measurement.quality) else 0.0
    row = judge_row({**head, **values, "quality": min(max(quality, 0.0), 1.0)}, now_ms, subjects)
    return Measured(measurement, refusals, values, row)


def _head(window: Window) -> dict[str, Any]:
    head = {
        "timestamp": window.timestamp,
        "sequence": window.sequence,
        "person": window.person,
        "activity_level": window.activity_level,
        "posture": window.posture,
        "device": _SOURCES[type(window)],
    }
    return {name: value for name, value in head.items() if value is not None}


def _measurement(window: Window) -> Measurement:
    from healthtwin.sensing.motion import measure_motion
    from healthtwin.sensing.ppg import measure_ppg

    match window:
        case PpgWindow(samples=samples):
            time, red, green, blue = _channels(
                {name: getattr(samples, name) for name in ("time_ms", "red", "green", "blue")}
            )
            return _named("samples", lambda: measure_ppg(time, red, green, blue))
        case MotionWindow(samples=samples):
            named = {name: getattr(samples, name) for name in ("time_ms", "ax", "ay", "az", "gx", "gy", "gz")}
            turning = [named[name] is not None for name in ("gx", "gy", "gz")]
            if any(turning) and not all(turning):
                raise InvalidInput("samples", "some of gx, gy, gz", "all three rotation rates, or none")
            channels = _channels({name: values for name, values in named.items() if values is not None})
            time, ax, ay, az, *rates = channels
            gx, gy, gz = rates or (None, None, None)
            test = window.test
            return _named("samples", lambda: measure_motion(test, time, ax, ay, az, gx, gy, gz))
        case SoundWindow():
            return _sound(window)


def _sound(window: SoundWindow) -> Measurement:
    from healthtwin.sensing.sound import measure_sound, measure_sound_frames

    frames, pcm16, rate, kind = window.frames, window.pcm16, window.sample_rate, window.kind
    if (frames is None) == (pcm16 is None):
        raise InvalidInput("frames", None if frames is None else "beside pcm16", "either frames or pcm16")
    if frames is not None:
        if kind != "cough":
            raise InvalidInput("kind", kind, "cough; breath and voice need pcm16, the sound itself")
        _check_frames(frames)
        return _named("frames", lambda: measure_sound_frames(frames))
    if pcm16 is None or rate is None:
        raise InvalidInput("sample_rate", rate, "the rate of pcm16 in Hz")
    if window.consent is not True:
        raise InvalidInput("consent", window.consent, "true: the sound leaves the phone only with consent")
    samples = _pcm(pcm16, rate)
    return _named("pcm16", lambda: measure_sound(samples, rate, kind))


def _named(where: str, measure: Any) -> Measurement:  # noqa: ANN401 - a call without arguments
    """A detector's complaint, with the field as the sender wrote it."""
    try:
        result: Measurement = measure()
    except InvalidInput as error:
        inside = error.field if error.field.startswith(where) else f"{where}.{error.field}"
        raise InvalidInput(inside, error.value, error.allowed, error.index) from error
    return result


def _channels(named: Mapping[str, Sequence[float]]) -> list[NDArray[np.float64]]:
    """Channels of one length, finite, over ascending times.

    Raises:
        InvalidInput: naming the channel and the sample.
    """
    count = len(named["time_ms"])
    if count == 0:
        raise InvalidInput("samples.time_ms", [], "at least one sample")
    channels = []
    for name, numbers in named.items():
        if len(numbers) != count:
            raise InvalidInput(
                f"samples.{name}", f"{len(numbers)} samples", f"as many as time_ms has ({count})"
            )
        values = np.array(numbers, dtype=np.float64)
        unusable = np.flatnonzero(~np.isfinite(values))
        if unusable.size:
            place = int(unusable[0])
            raise InvalidInput(f"samples.{name}[{place}]", numbers[place], "a finite number")
        channels.append(values)
    time_ms = channels[0]
    backwards = np.flatnonzero(np.diff(time_ms) < 0)
    if backwards.size:
        place = int(backwards[0]) + 1
        raise InvalidInput(
            f"samples.time_ms[{place}]", float(time_ms[place]), f"not before {time_ms[place - 1]:g} ms"
        )
    if time_ms[-1] - time_ms[0] > LONGEST_MS:
        raise InvalidInput("samples.time_ms", float(time_ms[-1]), f"at most {LONGEST_MS} ms in one window")
    return channels


def _pcm(pcm16: str, sample_rate: float) -> NDArray[np.float64]:
    try:
        sound = base64.b64decode(pcm16, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("pcm16", pcm16[:20], "base64 of 16-bit samples") from error
    if not sound or len(sound) % _BYTES_PER_SAMPLE:
        raise InvalidInput("pcm16", f"{len(sound)} bytes", "at least one sample of two bytes each")
    if len(sound) > LONGEST_SOUND_S * sample_rate * _BYTES_PER_SAMPLE:
        raise TooLarge(f"the sound is longer than {LONGEST_SOUND_S} s; send shorter ones")
    return np.frombuffer(sound, dtype="<i2").astype(np.float64) / _PCM_SCALE


def _check_frames(frames: Mapping[str, Any]) -> None:
    """Nothing but finite numbers, text and lists of them, and not too many: detectors judge the rest."""
    left = MOST_FRAME_VALUES
    waiting: list[tuple[str, object, int]] = [(f"frames.{name}", value, 0) for name, value in frames.items()]
    while waiting:
        field, value, depth = waiting.pop()
        left -= 1
        if left < 0:
            raise TooLarge(f"more than {MOST_FRAME_VALUES} values in frames; send shorter recordings")
        if depth > _DEEPEST_FRAMES:
            raise InvalidInput(field, value, "lists nested less deep")
        if isinstance(value, list):
            waiting += [(f"{field}[{place}]", member, depth + 1) for place, member in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [(f"{field}.{name}", member, depth + 1) for name, member in value.items()]
        elif isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(field, value, "a finite number")
