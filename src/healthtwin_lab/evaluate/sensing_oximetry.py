"""Fingers on cameras while oxygen was lowered: `uw_oximetry_ppg` (Hoffman et al., npj Digital Medicine 2022).

The frames have no times: 30 a second as its manual says. Pulse: median of four oximeters, once a second,
meaned over the window. Breathing: a capnograph's rate; its column is found by counting from the end,
because the last nine columns stand five places away from their names. Both monitors average over the past,
so the report also shows the errors against what they answer a little later.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain.errors import InvalidInput
from healthtwin.sensing.files.light import COLOURS
from healthtwin.sensing.files.table import read_columns, take_clock, take_named
from healthtwin_lab.evaluate.sensing_figures import Compared, best_rival, compared, goal, others_mean, times
from healthtwin_lab.evaluate.sensing_rivals import OURS, breathing_methods, heart_methods, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDER: Final = "uw_oximetry_ppg"
FRAMES_HZ: Final = 30.0
HANDS: Final = ("Left", "Right")
PULSES: Final = ("Pulse 1", "Pulse 2", "Pulse 4", "Pulse 5")
BREATHING_FROM_THE_END: Final = 5
HEART_WINDOW_S: Final = 30
BREATHING_WINDOW_S: Final = 60
OXIMETER_LAG_S: Final = 8
CAPNOGRAPH_LAG_S: Final = 30
"""What the monitors show is behind the finger, because they average over past beats and breaths. Both
lags were found on these recordings, the second with our own breathing; the goals are judged without them."""
LEAST_KNOWN: Final = 0.5
"""Share of a window's seconds for which the reference must be there; it writes 0 where it had none."""

GOAL_BREATHING: Final = 1.2
GOAL_MS: Final = 20.0


@dataclass(frozen=True, slots=True)
class OximetryRecording:
    """One hand of one person; the reference is the same for both hands.

    Attributes:
        light: colour → shape (frames,).
        pulse, breathing: shape (seconds,), per minute; NaN where there was none.
    """

    person: str
    hand: str
    time_ms: Floats
    light: Mapping[str, Floats]
    pulse: Floats
    breathing: Floats


def read_oximetry_recordings(data_dir: Path) -> list[OximetryRecording]:
    """Every hand of every person found, in order.

    Raises:
        InvalidInput: a column is missing. MalformedInput: a file is broken.
    """
    recordings = []
    for path in sorted((data_dir / FOLDER / "gt").glob("[0-9]*.csv")):
        pulse, breathing = _reference(path)
        for hand in HANDS:
            light = data_dir / FOLDER / "ppg-csv" / hand / f"{path.stem}.csv.gz"
            if light.is_file():
                time_ms, values = take_clock(light, read_columns(light), FRAMES_HZ)
                colours = take_named(values, COLOURS)
                recordings.append(OximetryRecording(path.stem, hand, time_ms, colours, pulse, breathing))
    return recordings


def evaluate_oximetry(data_dir: Path, seed: int) -> dict[str, Any]:
    """Heart rate on windows of 30 s and breathing on windows of 60 s, ours and the rivals'."""
    recordings = read_oximetry_recordings(data_dir)
    heart = _Windows(recordings, HEART_WINDOW_S, "heart_rate", lambda found: found.pulse)
    heart.ask(heart_methods())
    breath = _Windows(recordings, BREATHING_WINDOW_S, "respiratory_rate", lambda found: found.breathing)
    breath.ask(breathing_methods())
    heart_figures = compared(heart.compared(0), seed)
    heart_later = compared(heart.compared(OXIMETER_LAG_S), seed)
    breath_figures = compared(breath.compared(0), seed)
    time_of = times(heart.took_ms)
    return {
        "recordings": len(recordings),
        "people": len({recording.person for recording in recordings}),
        "bootstrap_over": "people, both hands together; there are few, so the intervals are rough",
        "heart_rate_30_s": heart_figures,
        f"heart_rate_30_s_against_{OXIMETER_LAG_S}_s_later": heart_later,
        "breathing_60_s": breath_figures,
        f"breathing_60_s_against_{CAPNOGRAPH_LAG_S}_s_later": compared(
            breath.compared(CAPNOGRAPH_LAG_S), seed
        ),
        "ms_per_30_s": time_of,
        "per_recording": _per_recording(heart, "heart_rate") + _per_recording(breath, "respiratory_rate"),
        "goals": [
            _against_best_rival("heart_rate MAE, 30 s", heart_figures),
            _against_best_rival(f"heart_rate MAE, 30 s, oximeters {OXIMETER_LAG_S} s later", heart_later),
            *_goals(breath_figures, time_of[OURS]["median"]),
        ],
    }


def _against_best_rival(words: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    rival = best_rival(figures)
    ours = figures[OURS]["mae_answering_everything"]["value"]
    if rival is None:
        return goal(f"{FOLDER} {words}", "<= best rival, none installed", ours, None)
    return goal(f"{FOLDER} {words}", f"<= {rival[1]:g} bpm ({rival[0]})", ours, rival[1])


def _goals(breath: Mapping[str, Any], ms_per_30_s: float) -> list[dict[str, Any]]:
    everything = breath[OURS]["mae_answering_everything"]["value"]
    answered = f"{breath[OURS]['answered']} of {breath[OURS]['of']} windows answered"
    return [
        goal(
            f"{FOLDER} respiratory_rate MAE, 60 s, {answered}",
            f"<= {GOAL_BREATHING:g} /min",
            breath[OURS]["mae"]["value"],
            GOAL_BREATHING,
        ),
        goal(
            f"{FOLDER} respiratory_rate MAE, 60 s, refusals as 15",
            f"<= {GOAL_BREATHING:g} /min",
            everything,
            GOAL_BREATHING,
        ),
        goal(f"{FOLDER} time per 30 s of three colours", f"<= {GOAL_MS:g} ms", ms_per_30_s, GOAL_MS),
    ]


class _Windows:
    """Windows of all recordings that follow each other without overlap, and everybody's answers for them."""

    def __init__(
        self,
        recordings: list[OximetryRecording],
        seconds: int,
        metric: str,
        reference: Callable[[OximetryRecording], Floats],
    ) -> None:
        self.recordings = recordings
        self.seconds = seconds
        self.metric = metric
        self.reference = reference
        self.place = [
            (recording, window)
            for recording in recordings
            for window in range(int(recording.time_ms[-1] / 1000.0 // seconds))
        ]
        self.answers: dict[str, Floats] = {}
        self.took_ms: dict[str, list[float]] = {}

    def ask(self, methods: Mapping[str, Any]) -> None:
        """Let everybody answer every window."""
        for name, method in methods.items():
            found = [timed(method, *self._cut(recording, window)) for recording, window in self.place]
            self.answers[name] = np.array([answer.get(self.metric, np.nan) for answer, _ in found])
            self.took_ms[name] = [took * 30.0 / self.seconds for _, took in found]

    def compared(self, lag_s: int) -> Compared:
        """Everybody beside the reference, which is taken so many seconds later."""
        people = np.array([recording.person for recording, _ in self.place])
        reference = np.array([self._known(recording, window, lag_s) for recording, window in self.place])
        trivial = (
            np.full(len(people), 15.0)
            if self.metric == "respiratory_rate"
            else others_mean(reference, people)
        )
        return Compared(people, reference, self.answers, trivial)

    def _cut(self, recording: OximetryRecording, window: int) -> tuple[Floats, dict[str, Floats]]:
        first, last = np.searchsorted(
            recording.time_ms, [window * self.seconds * 1000.0, (window + 1) * self.seconds * 1000.0]
        )
        return recording.time_ms[first:last], {
            colour: values[first:last] for colour, values in recording.light.items()
        }

    def _known(self, recording: OximetryRecording, window: int, lag_s: int) -> float:
        first = window * self.seconds + lag_s
        values = self.reference(recording)[first : first + self.seconds]
        known = values[np.isfinite(values)]
        return float(known.mean()) if len(known) >= LEAST_KNOWN * self.seconds else np.nan


def _per_recording(windows: _Windows, metric: str) -> list[dict[str, Any]]:
    given = windows.compared(0)
    rows = []
    for recording in windows.recordings:
        chosen = np.array([found is recording for found, _ in windows.place]) & np.isfinite(given.reference)
        errors = {name: np.abs(answer - given.reference)[chosen] for name, answer in given.answers.items()}
        rows.append(
            {
                "recording": f"{recording.person} {recording.hand.lower()}",
                "metric": metric,
                "windows": int(chosen.sum()),
                "mae": {name: _mean_or_none(error) for name, error in errors.items()},
                "answered": {name: int(np.isfinite(error).sum()) for name, error in errors.items()},
            }
        )
    return rows


def _mean_or_none(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return round(float(known.mean()), 3) if len(known) else None


def _reference(path: Path) -> tuple[Floats, Floats]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    missing = [name for name in PULSES if name not in header]
    if missing:
        raise InvalidInput(f"columns of {path.name}", ", ".join(missing), "present")
    places = [header.index(name) for name in PULSES]
    pulse = np.array([[_above_zero(row[place]) for place in places] for row in rows])
    breathing = np.array([_above_zero(row[-BREATHING_FROM_THE_END]) for row in rows])
    known = np.isfinite(pulse).any(axis=1)
    median = np.full(len(pulse), np.nan)
    median[known] = np.nanmedian(pulse[known], axis=1)
    return median, breathing


def _above_zero(text: str) -> float:
    """The number; NaN where nothing was measured, which the monitors write as 0 or leave empty."""
    try:
        value = float(text)
    except ValueError:
        return np.nan
    return value if value > 0 else np.nan
