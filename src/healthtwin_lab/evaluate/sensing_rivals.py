"""What others answer for the same light: heartpy, neurokit2, a plain peak finder; none is in the product.

All get the same channel, turned so that a beat rises, on an even clock of 100 Hz, as their manuals ask for.
heartpy also gets its manual's filter, 0.7 to 3.5 Hz; without it, or with a wider one, it was worse here.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import time
import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.signal import butter, find_peaks, sosfiltfilt

from healthtwin.sensing import measure_ppg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Answer = dict[str, float]
    Method = Callable[[Floats, Mapping[str, Floats]], Answer]

EVEN_HZ: Final = 100.0
PACKAGES: Final = ("heartpy", "neurokit2")
NOT_INSTALLED: Final = "not installed"
OURS: Final = "healthtwin"


def installed_rivals() -> dict[str, str]:
    """Package → version, or that it is not installed."""
    return {
        name: importlib.metadata.version(name) if importlib.util.find_spec(name) else NOT_INSTALLED
        for name in PACKAGES
    }


def heart_methods() -> dict[str, Method]:
    """Whoever answers with heart rate and its variability; ours first."""
    methods: dict[str, Method] = {OURS: _ours, "scipy find_peaks": _find_peaks}
    if importlib.util.find_spec("heartpy"):
        methods["heartpy clean_rr"] = _heartpy
    if importlib.util.find_spec("neurokit2"):
        methods["neurokit2 elgendi"] = lambda time_ms, light: _neurokit(time_ms, light, "elgendi")
        methods["neurokit2 charlton (MSPTDfast)"] = lambda time_ms, light: _neurokit(
            time_ms, light, "charlton"
        )
        methods["neurokit2 charlton, artifacts corrected"] = lambda time_ms, light: _neurokit(
            time_ms, light, "charlton", correct=True
        )
    return methods


def breathing_methods() -> dict[str, Method]:
    """Whoever answers with a breathing rate; ours first."""
    methods: dict[str, Method] = {OURS: _ours, "always 15": lambda _time, _light: {"respiratory_rate": 15.0}}
    if importlib.util.find_spec("heartpy"):
        methods["heartpy"] = _heartpy
    if importlib.util.find_spec("neurokit2"):
        methods["neurokit2 vangent2019"] = _vangent
    return methods


def timed(method: Method, time_ms: Floats, light: Mapping[str, Floats]) -> tuple[Answer, float]:
    """A method's answer, without what is no number, and its milliseconds of processor time.

    A rival that breaks on a recording has answered nothing; ours is not spared its errors.
    """
    began = time.process_time()
    if method is _ours:
        answer = method(time_ms, light)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                answer = method(time_ms, light)
            except Exception:  # noqa: BLE001 - whatever a rival raises is its failure, to be counted
                answer = {}
    took = 1000.0 * (time.process_time() - began)
    return {name: value for name, value in answer.items() if np.isfinite(value)}, took


def _ours(time_ms: Floats, light: Mapping[str, Floats]) -> Answer:
    return dict(measure_ppg(time_ms, *light.values()).values)


def _even(time_ms: Floats, light: Mapping[str, Floats]) -> Floats:
    """The channel that swings most against its own noise, on an even clock, turned so that a beat rises.

    Chosen for the rivals without asking ours: the channel with the largest share of its variance between 0.7
    and 4 Hz.
    """
    grid = np.arange(time_ms[0], time_ms[-1], 1000.0 / EVEN_HZ)
    sections = butter(2, [0.7, 4.0], "bandpass", fs=EVEN_HZ, output="sos")
    best, most = np.zeros(len(grid)), -1.0
    for values in light.values():
        channel = np.interp(grid, time_ms, values)
        share = float(np.var(sosfiltfilt(sections, channel)) / max(float(np.var(np.diff(channel))), 1e-30))
        if np.ptp(channel) > 0 and share > most:
            best, most = channel, share
    return -best


def _from_intervals(intervals_ms: Floats) -> Answer:
    return {
        "heart_rate": float(60_000.0 / intervals_ms.mean()),
        "hrv_sdnn": float(intervals_ms.std()),
        "hrv_rmssd": float(np.sqrt(np.mean(np.diff(intervals_ms) ** 2))),
    }


def _find_peaks(time_ms: Floats, light: Mapping[str, Floats]) -> Answer:
    sections = butter(2, [0.7, 3.5], "bandpass", fs=EVEN_HZ, output="sos")
    wave = sosfiltfilt(sections, _even(time_ms, light))
    peaks, _ = find_peaks(wave, distance=EVEN_HZ / 3.0, prominence=0.5 * wave.std())
    return _from_intervals(np.diff(peaks) * (1000.0 / EVEN_HZ))


def _heartpy(time_ms: Floats, light: Mapping[str, Floats]) -> Answer:
    import heartpy

    wave = heartpy.filter_signal(
        _even(time_ms, light), [0.7, 3.5], sample_rate=EVEN_HZ, order=3, filtertype="bandpass"
    )
    _, found = heartpy.process(heartpy.scale_data(wave), EVEN_HZ, clean_rr=True)
    return {
        "heart_rate": float(found["bpm"]),
        "hrv_sdnn": float(found["sdnn"]),
        "hrv_rmssd": float(found["rmssd"]),
        "respiratory_rate": float(found["breathingrate"]) * 60.0,
    }


def _neurokit(time_ms: Floats, light: Mapping[str, Floats], method: str, *, correct: bool = False) -> Answer:
    peaks = _neurokit_peaks(time_ms, light, method, correct=correct)
    return _from_intervals(np.diff(peaks) * (1000.0 / EVEN_HZ))


def _neurokit_peaks(
    time_ms: Floats, light: Mapping[str, Floats], method: str, *, correct: bool = False
) -> NDArray[Any]:
    import neurokit2

    rate = int(EVEN_HZ)
    wave = neurokit2.ppg_clean(_even(time_ms, light), sampling_rate=rate, method="elgendi")
    _, found = neurokit2.ppg_peaks(wave, sampling_rate=rate, method=method, correct_artifacts=correct)
    return np.asarray(found["PPG_Peaks"])


def _vangent(time_ms: Floats, light: Mapping[str, Floats]) -> Answer:
    import neurokit2

    rate = int(EVEN_HZ)
    peaks = _neurokit_peaks(time_ms, light, "elgendi")
    length = int((time_ms[-1] - time_ms[0]) * EVEN_HZ / 1000.0)
    heart = neurokit2.signal_rate(peaks, sampling_rate=rate, desired_length=length)
    breath = neurokit2.ecg_rsp(heart, sampling_rate=rate, method="vangent2019")
    found = neurokit2.rsp_rate(neurokit2.rsp_clean(breath, sampling_rate=rate), sampling_rate=rate)
    return {"respiratory_rate": float(np.mean(found))}
