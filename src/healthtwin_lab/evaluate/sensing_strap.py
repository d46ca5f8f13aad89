"""Finger on a phone's camera beside a chest strap: `welltory_ppg` (Neshitov et al., Sensors 2021).

The strap's intervals come without times. The whole list is one reference; the part that lies within the
video is another, once the lag is known at which the beats of both agree best. Which recordings are calm is
told by the light alone: none of its two-second pieces swings more than `CALM_SWING` times its median piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import MalformedInput
from healthtwin.sensing import measure_ppg
from healthtwin.sensing.files.light import COLOURS
from healthtwin.sensing.files.table import read_columns, take_clock, take_named
from healthtwin_lab.evaluate.sensing_figures import Compared, best_rival, compared, goal, others_mean, times
from healthtwin_lab.evaluate.sensing_rivals import OURS, heart_methods, timed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDER: Final = "welltory_ppg"
CALM_PIECE_MS: Final = 2000.0
CALM_SWING: Final = 5.0
LAGS_S: Final = np.arange(-15.0, 15.0, 0.02)
"""Strap and video were started by hand within some seconds of each other."""

FARTHEST_S: Final = 0.3
"""A beat without a partner counts as this far off, so that one missed beat cannot move the lag."""

METRICS: Final = ("heart_rate", "hrv_sdnn", "hrv_rmssd")
GOALS: Final[Mapping[str, tuple[str, float]]] = {
    "heart_rate": ("bpm", 0.35),
    "hrv_sdnn": ("ms", 3.5),
    "hrv_rmssd": ("ms", 6.5),
}
GOAL_MS: Final = 20.0
CANDIDATES: Final = (2.0, 2.5, 3.0, 3.5)
"""Values of the constant for which leaving out is shown."""


@dataclass(frozen=True, slots=True)
class StrapRecording:
    """One finger and one strap.

    Attributes:
        light: colour → shape (frames,).
        strap_ms: shape (beats,), intervals between the strap's beats.
    """

    name: str
    time_ms: Floats
    light: Mapping[str, Floats]
    strap_ms: Floats

    @property
    def calm(self) -> bool:
        """Whether the light never jumps, whoever measures."""
        return any(
            _largest_swing(self.time_ms, values) <= CALM_SWING for values in list(self.light.values())[:1]
        )


def read_strap_recordings(data_dir: Path) -> list[StrapRecording]:
    """Every recording of the set, in order of names.

    Raises:
        InvalidInput: a file is missing. MalformedInput: one is broken.
    """
    return [_read(folder) for folder in sorted((data_dir / FOLDER / "data").iterdir()) if folder.is_dir()]


def evaluate_strap(data_dir: Path, seed: int) -> dict[str, Any]:
    """Heart rate, SDNN and RMSSD against the strap, per recording and over all, ours and the rivals'."""
    recordings = read_strap_recordings(data_dir)
    methods = heart_methods()
    answers = {name: {metric: np.full(len(recordings), np.nan) for metric in METRICS} for name in methods}
    took: dict[str, list[float]] = {name: [] for name in methods}
    for place, recording in enumerate(recordings):
        for name, method in methods.items():
            answer, milliseconds = timed(method, recording.time_ms, recording.light)
            took[name].append(milliseconds / float(np.ptp(recording.time_ms)) * 30_000.0)
            for metric in METRICS:
                answers[name][metric][place] = answer.get(metric, np.nan)
    whole = [_by_definition(recording.strap_ms) for recording in recordings]
    overlap = [_by_definition(_within_video(recording)) for recording in recordings]
    groups = np.array([recording.name for recording in recordings])
    calm = np.array([recording.calm for recording in recordings])
    figures = {
        reference: {
            subset: {
                metric: compared(_of(metric, groups[chosen], known, chosen, answers), seed)
                for metric in METRICS
            }
            for subset, chosen in {"all": np.ones(len(groups), bool), "calm": calm}.items()
            if chosen.sum() > 1
        }
        for reference, known in {"whole_strap": whole, "within_video": overlap}.items()
    }
    time_of = times(took)
    return {
        "recordings": len(recordings),
        "calm_rule": f"no 2-s piece of the first colour swings over {CALM_SWING:g} times its median piece",
        "calm": groups[calm].tolist(),
        "bootstrap_over": "recordings",
        "figures": figures,
        "leave_one_out": _leave_one_out(recordings),
        "ms_per_30_s": time_of,
        "per_recording": _per_recording(recordings, whole, overlap, answers),
        "goals": _goals(figures["whole_strap"]["all"], time_of[OURS]["median"]),
    }


def _leave_one_out(recordings: list[StrapRecording]) -> dict[str, Any]:
    """What `DISPLACED` would have been, and the error, had each recording not been seen."""
    reference = np.array([list(_by_definition(recording.strap_ms).values()) for recording in recordings])
    trivial = np.abs(
        np.array([others_mean(column, np.arange(len(recordings)).astype(str)) for column in reference.T]).T
        - reference
    )
    errors = np.empty((len(CANDIDATES), *reference.shape))
    for place, candidate in enumerate(CANDIDATES):
        for row, recording in enumerate(recordings):
            found = measure_ppg(recording.time_ms, *recording.light.values(), displaced=candidate).values
            answer = np.array([found.get(metric, np.nan) for metric in METRICS])
            errors[place, row] = np.abs(answer - reference[row])
    errors = np.where(np.isfinite(errors), errors, trivial)
    wanted = np.array([most for _, most in GOALS.values()])
    chosen = [
        int((np.delete(errors, row, axis=1).mean(axis=1) / wanted).sum(axis=1).argmin())
        for row in range(len(recordings))
    ]
    unseen = errors[chosen, np.arange(len(recordings))].mean(axis=0)
    return {
        "constant": "DISPLACED",
        "candidates": list(CANDIDATES),
        "mae": {
            str(candidate): _by_metric(errors[place].mean(axis=0))
            for place, candidate in enumerate(CANDIDATES)
        },
        "chosen_without_each": [CANDIDATES[place] for place in chosen],
        "mae_of_the_left_out": _by_metric(unseen),
    }


def _by_metric(values: Floats) -> dict[str, float]:
    return {metric: round(float(value), 3) for metric, value in zip(METRICS, values, strict=True)}


def _goals(figures: Mapping[str, Any], ms_per_30_s: float) -> list[dict[str, Any]]:
    rows = []
    for metric, (unit, most) in GOALS.items():
        ours = figures[metric][OURS]
        rival = best_rival(figures[metric])
        beside = f"best rival: {rival[1]:g}, {rival[0]}" if rival else "no rival installed"
        words = f"{FOLDER} {metric} MAE, refusals as the others' mean ({beside})"
        reached = ours["mae_answering_everything"]["value"]
        rows.append(goal(words, f"<= {most:g} {unit}", reached, most))
    refused = float(figures["heart_rate"][OURS]["of"] - figures["heart_rate"][OURS]["answered"])
    rows.append(goal(f"{FOLDER} recordings without a heart rate", "0", refused, 0.0))
    rows.append(goal(f"{FOLDER} time per 30 s of three colours", f"<= {GOAL_MS:g} ms", ms_per_30_s, GOAL_MS))
    return rows


def _of(
    metric: str,
    groups: NDArray[np.str_],
    known: list[dict[str, float]],
    chosen: NDArray[np.bool_],
    answers: Mapping[str, Mapping[str, Floats]],
) -> Compared:
    reference = np.array([row[metric] for row in known])[chosen]
    by_method = {name: found[metric][chosen] for name, found in answers.items()}
    return Compared(groups, reference, by_method, others_mean(reference, groups))


def _per_recording(
    recordings: list[StrapRecording],
    whole: list[dict[str, float]],
    overlap: list[dict[str, float]],
    answers: Mapping[str, Mapping[str, Floats]],
) -> list[dict[str, Any]]:
    return [
        {
            "recording": recording.name,
            "seconds": round(float(np.ptp(recording.time_ms)) / 1000.0, 1),
            "calm": recording.calm,
            "strap": {metric: round(value, 2) for metric, value in whole[place].items()},
            "strap_within_video": {metric: round(value, 2) for metric, value in overlap[place].items()},
            "answers": {
                name: {
                    metric: round(float(values[place]), 2) if np.isfinite(values[place]) else None
                    for metric, values in found.items()
                }
                for name, found in answers.items()
            },
        }
        for place, recording in enumerate(recordings)
    ]


def _read(folder: Path) -> StrapRecording:
    path = folder / "PPG.csv"
    time_ms, values = take_clock(path, read_columns(path), None)
    text = (folder / "RR.txt").read_text(encoding="utf-8")
    try:
        strap = np.array([float(word) for word in text.split()])
    except ValueError:
        raise MalformedInput(f"{folder.name}/RR.txt", text, "milliseconds with spaces between") from None
    return StrapRecording(folder.name, time_ms, take_named(values, COLOURS), strap)


def _largest_swing(time_ms: Floats, values: Floats) -> float:
    edges = np.searchsorted(time_ms, np.arange(time_ms[0], time_ms[-1], CALM_PIECE_MS))
    swings = np.array([np.ptp(piece) for piece in np.split(values, edges[1:])[:-1]])
    return float(swings.max() / max(float(np.median(swings)), 1e-9))


def _by_definition(intervals_ms: Floats) -> dict[str, float]:
    return {
        "heart_rate": float(60_000.0 / intervals_ms.mean()),
        "hrv_sdnn": float(intervals_ms.std()),
        "hrv_rmssd": float(np.sqrt(np.mean(np.diff(intervals_ms) ** 2))),
    }


def _within_video(recording: StrapRecording) -> Floats:
    """The strap's intervals while the camera ran, at the lag at which the beats of both agree best."""
    strap_s = np.concatenate([[0.0], np.cumsum(recording.strap_ms)]) / 1000.0
    found = measure_ppg(recording.time_ms, *recording.light.values()).details.get("beats_ms")
    if not found:
        return recording.strap_ms
    ours_s = np.array(found) / 1000.0
    shifted = ours_s[None, :] - LAGS_S[:, None]
    after = np.searchsorted(strap_s, shifted).clip(1, len(strap_s) - 1)
    apart = np.minimum(np.abs(shifted - strap_s[after]), np.abs(shifted - strap_s[after - 1]))
    lag = float(LAGS_S[np.minimum(apart, FARTHEST_S).mean(axis=1).argmin()])
    first, last = recording.time_ms[0] / 1000.0 - lag, recording.time_ms[-1] / 1000.0 - lag
    inside = (strap_s[:-1] >= first) & (strap_s[1:] <= last)
    return np.asarray(recording.strap_ms[inside]) if inside.any() else recording.strap_ms
