"""Low oxygen half an hour to an hour ahead, from readings every five minutes: synthetic people alone.

No recording of deterioration with five-minute readings is known to us, so the target `hypoxia_30min` has no
trained model and no probability. What the running house already has is looked at here on made-up people: the
hourly model asked every five minutes, the personal deviation, and beside them what is trivial. A planted fall
is what the simulator's authors thought a fall looks like; whoever finds it has found their ramp. The figures
say whether readings five minutes apart break anything, and what a line through six readings would have done
as well. They are not evidence about people.

Everybody lives a month of ordinary days, then half a day of five-minute readings, then one scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin import __version__
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.errors import InvalidInput
from healthtwin.forecast import shipped_models
from healthtwin.forecast.deviation import deviation_score
from healthtwin.forecast.news2 import PARAMETERS, chart, points, total
from healthtwin.forecast.targets import HYPOXIC, NOT_YET, TARGET
from healthtwin.pipeline import DEFAULT_LEARNING
from healthtwin.simulate import LIVE_STEP_MS, SCENARIOS, Kit, Strength, draw_person, history, play
from healthtwin_lab.evaluate.learning_variants import SYNTHETIC_UNTIL_MS, observations_of
from healthtwin_lab.evaluate.on_the_step import play as play_on_the_step
from healthtwin_lab.evaluate.recordings import Recording
from healthtwin_lab.measures import Ranked, auprc, auroc, draws, sensitivity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    StructuredArray = NDArray[np.void]

TARGET_NAME: Final = "hypoxia_30min"
AHEAD_MS: Final = (30 * MINUTE_MS, 60 * MINUTE_MS)
PEOPLE_EACH: Final = 30
LEARNED_DAYS: Final = 31
"""Days of ordinary life first: what is usual is known by then."""

BEFORE_MS: Final = 12 * HOUR_MS
LOOKS_A_DAY: Final = DAY_MS // LIVE_STEP_MS
FALSE_ALARMS_A_DAY: Final = 1.0
TREND_READINGS: Final = 6
"""Half an hour of readings: the line that is drawn on to three quarters of an hour ahead."""

PLAYED: Final[tuple[tuple[str, Strength], ...]] = (
    ("copd", Strength.CLEAR),
    ("copd", Strength.WEAK),
    ("copd", Strength.NULL),
    ("infection", Strength.CLEAR),
    ("cardiac_stress", Strength.CLEAR),
    ("panic", Strength.CLEAR),
    ("exercise", Strength.CLEAR),
    ("normal", Strength.CLEAR),
)
"""What happens to `PEOPLE_EACH` people each; in the NULL row nothing does: the placebo."""

_SATURATION: Final = COLUMN["oxygen_saturation"]


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Every reading of the watched stretch, all arrays of shape (looks,).

    Attributes:
        person: number. time_ms: when. saturation: %. may, came: whether the target can be judged, came true.
        score: by predictor, higher is worse.
    """

    person: NDArray[np.intp]
    time_ms: NDArray[np.int64]
    saturation: Floats
    may: Flags
    came: Flags
    score: Mapping[str, Floats]


def evaluate_five_minutes(seed: int = 0, people_each: int = PEOPLE_EACH) -> dict[str, Any]:
    """What sees a planted fall of oxygen half an hour to an hour ahead, on synthetic people.

    Args:
        seed: of the people, the scenarios and the bootstrap.
        people_each: people for each line of `PLAYED`.

    Returns:
        JSON-ready: `synthetic` true, `predictors` → AUROC, AUPRC, sensitivity at one false alarm per
        person-day (threshold from the other half of the people) with 95 % bootstrap intervals over people,
        and `scenarios` → share of people alarmed before the fall, minutes of lead, false alarms.

    Raises:
        InvalidInput: so few people that nobody's oxygen falls.
    """
    recordings, onsets = _people(seed, people_each)
    looks = _looks(recordings, onsets)
    if not looks.came.any():
        raise InvalidInput("people_each", people_each, "enough people that somebody falls below 90 %")
    half = looks.person // len(PLAYED) % 2  # each half lives through every scenario
    alarms = {name: _alarms(looks, score, half) for name, score in looks.score.items()}
    models = shipped_models()
    return {
        "command": "healthtwin evaluate five-minutes",
        "synthetic": True,
        "target": TARGET_NAME,
        "seed": seed,
        "models": "none" if models is None else models.version,
        "versions": {"healthtwin": __version__, "numpy": np.__version__},
        "people": len(recordings),
        "looks": int(looks.may.sum()),
        "positives": int((looks.may & looks.came).sum()),
        "false_alarms_per_day": FALSE_ALARMS_A_DAY,
        "predictors": {
            name: _figures(looks, score, alarms[name], seed) for name, score in looks.score.items()
        },
        "scenarios": {
            f"{name}, {strength.value}": _scenario(looks, alarms, which, len(PLAYED))
            for which, (name, strength) in enumerate(PLAYED)
        },
    }


def _people(seed: int, people_each: int) -> tuple[list[Recording], list[int]]:
    """Person i gets line i mod len(PLAYED); everybody has an oximeter, or nothing could be foreseen."""
    recordings, onsets = [], []
    for i, rng in enumerate(np.random.default_rng(seed).spawn(people_each * len(PLAYED))):
        name, strength = PLAYED[i % len(PLAYED)]
        person = draw_person(rng, this_year=2026, timezone="UTC", kit=Kit.PHONE_AND_OXIMETER)
        start_ms = SYNTHETIC_UNTIL_MS + int(rng.integers(0, 24)) * HOUR_MS
        onset_ms = start_ms + BEFORE_MS
        past = history(person, days=LEARNED_DAYS, until_ms=start_ms, rng=rng)
        watched = play(
            person,
            SCENARIOS[name],
            start_ms=start_ms,
            onset_ms=onset_ms,
            size=strength.draw(rng),
            rng=rng,
        )
        recordings.append(Recording("synthetic", f"synthetic-{i}", observations_of([*past, *watched])))
        onsets.append(onset_ms)
    return recordings, onsets


def _looks(recordings: Sequence[Recording], onsets: Sequence[int]) -> Looks:
    starts = np.array(onsets) - BEFORE_MS
    parts: list[tuple[NDArray[np.intp], NDArray[np.int64], StructuredArray, Floats, Floats]] = []
    for now in play_on_the_step(recordings, DEFAULT_LEARNING):
        watched = now.time_ms >= starts[now.who]
        if not watched.any():
            continue
        forecast, last = now.state["forecast"][watched], now.state["last"][watched].copy()
        trained = forecast["trained"]["score"][:, TARGET["hypoxia"]].astype(np.float64)
        parts.append(
            (now.who[watched], now.time_ms[watched], last, trained, deviation_score(forecast["deviation"]))
        )
    person = np.concatenate([part[0] for part in parts])
    time_ms = np.concatenate([part[1] for part in parts])
    order = np.lexsort((time_ms, person))
    person, time_ms = person[order], time_ms[order]
    last = np.concatenate([part[2] for part in parts])[order]
    saturation = last["value"][:, _SATURATION].astype(np.float64)
    came, known = _within(person, time_ms, saturation)
    first = np.diff(person, prepend=-1) != 0
    before = np.where(first, np.nan, np.roll(saturation, 1))
    score = {
        "last value": -saturation,
        "line through half an hour": -_drawn_on(person, saturation),
        "NEWS2": _news2(last),
        "deviation from own usual": np.concatenate([part[4] for part in parts])[order],
        "hourly model, shipped": np.concatenate([part[3] for part in parts])[order],
    }
    if shipped_models() is None:  # an installation without models
        del score["hourly model, shipped"]
    may = known & (saturation >= NOT_YET) & ~(before < NOT_YET)
    return Looks(person, time_ms, saturation, may, came, score)


def _within(person: NDArray[np.intp], time_ms: NDArray[np.int64], saturation: Floats) -> tuple[Flags, Flags]:
    """Whether saturation falls below the limit in the window ahead, and whether the window was lived."""
    came, known = np.zeros((2, len(person)), np.bool_)
    for one in np.unique(person).tolist():
        rows = np.flatnonzero(person == one)
        at, low = time_ms[rows], saturation[rows] < HYPOXIC
        counted = np.concatenate([[0], np.cumsum(low)])
        begin = np.searchsorted(at, at + AHEAD_MS[0], side="left")
        end = np.searchsorted(at, at + AHEAD_MS[1], side="right")
        came[rows] = counted[end] > counted[begin]
        known[rows] = at + AHEAD_MS[1] <= at[-1]
    return came, known


def _drawn_on(person: NDArray[np.intp], saturation: Floats) -> Floats:
    """Where a straight line through the last readings stands three quarters of an hour on, %."""
    steps = np.arange(TREND_READINGS) - (TREND_READINGS - 1)
    ahead = (AHEAD_MS[0] + AHEAD_MS[1]) / 2 / LIVE_STEP_MS
    drawn = saturation.copy()
    whole = np.flatnonzero(person[TREND_READINGS - 1 :] == person[: len(person) - TREND_READINGS + 1])
    window = saturation[whole[:, None] + np.arange(TREND_READINGS)]
    apart = steps - steps.mean()
    slope = (window - window.mean(axis=1, keepdims=True)) @ apart / (apart**2).sum()
    drawn[whole + TREND_READINGS - 1] = window.mean(axis=1) + slope * (ahead - steps.mean())
    return drawn


def _news2(last: StructuredArray) -> Floats:
    values = np.full((len(last), len(PARAMETERS)), np.nan)
    for place, name in enumerate(PARAMETERS):
        if name in COLUMN:
            values[:, place] = last["value"][:, COLUMN[name]]
    scored = total(points(chart(values), np.zeros(len(last), np.bool_)))
    found: Floats = scored.astype(np.float64)
    return found


def _alarms(looks: Looks, score: Floats, half: NDArray[np.intp]) -> Flags:
    """Where a score reaches the threshold that the other half of the people set."""
    alarms = np.zeros(len(score), np.bool_)
    quiet = looks.may & ~looks.came & ~np.isnan(score)
    for this in (0, 1):
        threshold = np.quantile(score[quiet & (half != this)], 1.0 - FALSE_ALARMS_A_DAY / LOOKS_A_DAY)
        # Strictly above: a score of few values would else ring at its most usual one.
        alarms |= (half == this) & (score > threshold)
    return alarms & looks.may


def _figures(looks: Looks, score: Floats, alarms: Flags, seed: int) -> dict[str, Any]:
    may = looks.may
    came, person, ranked = looks.came[may], looks.person[may], Ranked.of(looks.came[may], score[may])
    quiet = may & ~looks.came
    found: dict[str, Any] = {
        "auroc": auroc(*ranked.counts()),
        "auprc": auprc(*ranked.counts()),
        "sensitivity": sensitivity(came, alarms[may]),
        "false_alarms_per_day_got": float(alarms[quiet].mean() * LOOKS_A_DAY),
    }
    again = [
        (auroc(*ranked.counts(w)), auprc(*ranked.counts(w)), sensitivity(came, alarms[may], w))
        for w in draws(person, seed)
    ]
    for place, name in enumerate(("auroc", "auprc", "sensitivity")):
        low, high = np.nanquantile([each[place] for each in again], [0.025, 0.975])
        found[f"{name}_interval"] = [float(low), float(high)]
    return found


def _scenario(looks: Looks, alarms: Mapping[str, Flags], which: int, of: int) -> dict[str, Any]:
    """Of the people with this line: who fell, who was alarmed in the hour before, how long before."""
    people = np.unique(looks.person[looks.person % of == which])
    fell_ms = {}
    for one in people.tolist():
        low = looks.time_ms[(looks.person == one) & (looks.saturation < HYPOXIC)]
        if len(low):
            fell_ms[one] = int(low[0])
    predictors = {}
    here = np.isin(looks.person, people)
    quiet = here & looks.may & ~looks.came
    for name, alarm in alarms.items():
        leads = []
        for one, fall_ms in fell_ms.items():
            rows = (looks.person == one) & alarm & (looks.time_ms < fall_ms)
            rows &= looks.time_ms >= fall_ms - AHEAD_MS[1]
            if rows.any():
                leads.append((fall_ms - int(looks.time_ms[rows][0])) / MINUTE_MS)
        predictors[name] = {
            "alarmed_before": len(leads),
            "median_lead_minutes": float(np.median(leads)) if leads else None,
            "false_alarms_per_day": float(alarm[quiet].mean() * LOOKS_A_DAY) if quiet.any() else None,
        }
    return {"people": len(people), "fell_below_90": len(fell_ms), "predictors": predictors}
