"""The trained forecast of one person, as a member: features and nets' memory in a record, scores when due.

Features take in every observation. The models are asked at most every `SCORE_EVERY_S`: between two readings
of a quarter of an hour a risk over the coming hour hardly moves, and the models are what costs. ONNX Runtime
and the model files are loaded when the first score is asked for, never before.

What a person is told must not depend on who else stood in the batch, or a replay would differ from what
happened. Feature arithmetic is exact in that sense. A matrix product adds in another order for one row than
for several, so nobody is ever scored alone (`_LEAST_ROWS`), and what is remembered is rounded to a grid that
is far coarser than single precision: what differs in the last bits on another machine differs no more.
"""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import HOUR_MS, Deviation, Direction, Evidence, Risk
from healthtwin.domain.said import Said
from healthtwin.domain.signs import no_signs
from healthtwin.forecast import features
from healthtwin.forecast.drivers import explain_risks
from healthtwin.forecast.exertion import elapsed_s, seconds_of
from healthtwin.forecast.feature_names import FEATURE, SERIES, USUAL_SPREAD
from healthtwin.forecast.feature_sums import fading
from healthtwin.forecast.member import ExpectedValues, Verdict, measured
from healthtwin.forecast.shipped import CARD, MODELS, Calibration, Shipped
from healthtwin.forecast.site_budget import TailReference
from healthtwin.forecast.targets import (
    CARRIED_H,
    NOT_YET,
    RED_BREATHING_HIGH,
    RED_BREATHING_LOW,
    RED_HEART_HIGH,
    RED_HEART_LOW,
    RED_SATURATION,
    TARGET,
    TRAINED,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.forecast.drivers import Driver, Explanation
    from healthtwin.forecast.member import Expected, Flags, Floats, Records
    from healthtwin.forecast.targets import Target

    Floats32 = NDArray[np.float32]

WATCHED: Final = ("hypoxia", "news_red")
"""Targets that may raise an alarm: those that are compared with a reference. The others are only shown."""

SCORE_EVERY_S: Final = 4 * 60
"""A phone that measures every five minutes is scored at every reading, a strap every second is not."""

SCORE_GRID: Final = 2.0**-10
MEMORY_GRID: Final = 2.0**-14
"""Steps to which scores (log odds) and the nets' memories are rounded before they are kept."""

_LEAST_ROWS: Final = 2
_MOST_ROWS: Final = 1024
"""Rows per call of a model: more leave the processor's cache and gain nothing."""

BANDS: Final = (0.7, 0.5, 0.35, 0.25, 0.18, 0.13, 0.1, 0.05, 0.025)
"""Shares of the training side's scores above the edges of the bands in which scores are counted for drift."""

DRIFT_MEMORY_H: Final = 168.0
"""Counts of scores fade over a week."""


def _card() -> dict[str, Any] | None:
    """The shipped model card; None in an installation without models."""
    path = MODELS / CARD
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


_SHIPPED_CARD: Final = _card()

MODEL_VERSION: Final[str] = "none" if _SHIPPED_CARD is None else str(_SHIPPED_CARD["version"])

MODEL_DIGEST: Final[str] = (
    "none"
    if _SHIPPED_CARD is None
    else hashlib.blake2b(json.dumps(_SHIPPED_CARD, sort_keys=True).encode(), digest_size=4).hexdigest()
)
"""Differs whenever the card does: states are computed again for other models, whatever their name."""


def memory_dtype(card: dict[str, Any] | None) -> np.dtype[np.void]:
    """What the shipped members remember of one person, from their card (`state_widths`), models unopened."""
    if card is None:
        return np.dtype([("none", "u1")])
    widths = card.get("state_widths")
    if widths is None:  # a card of before they were noted: the files must be opened to know
        return Shipped().state_dtype
    fields: list[Any] = [(name, "f4", (width,)) for name, width in widths.items() if width]
    return np.dtype(fields or [("none", "u1")])


_FIELDS: Final[list[Any]] = [
    ("features", features.FEATURE_STATE),
    ("memory", memory_dtype(_SHIPPED_CARD)),
    ("score", "f4", (len(TRAINED),)),  # log odds, on SCORE_GRID; NaN before the first
    ("scored_s", "u4"),  # 0 never
    ("band_s", "u4"),  # when the bands last counted; 0 never
    ("bands", "f4", (len(WATCHED), len(BANDS) + 1)),  # hours in each band, faded, as of band_s
    ("asked_about", "?", (len(WATCHED),)),  # whether each can still be foreseen, as of the latest reading
]

_WORD: Final = 8
TRAINED_STATE: Final = np.dtype([*_FIELDS, ("spare", "u1", (_WORD - np.dtype(_FIELDS).itemsize % _WORD,))])
"""What is remembered of one person. `spare` fills it up to whole words: the bytes of a hole would be
nobody's, and a state must be the same to the byte wherever it was computed."""


@functools.cache
def shipped() -> Shipped | None:
    """The shipped models, loaded at the first call; None in an installation without models."""
    return None if _SHIPPED_CARD is None else Shipped()


@functools.cache
def references() -> tuple[TailReference, ...]:
    """How high the scores of each watched target go on the training side."""
    if _SHIPPED_CARD is None:
        raise LookupError("no models are installed")
    return tuple(TailReference.from_json(_SHIPPED_CARD["tails"][name]) for name in WATCHED)


@functools.cache
def calibration() -> Calibration | None:
    """From stacked scores to probabilities, out of the card alone; None in an installation without models."""
    return None if _SHIPPED_CARD is None else Calibration.from_card(_SHIPPED_CARD["calibration"])


def score_at_probability(target: str, probability: float) -> float:
    """The lowest score of a target whose calibrated probability is this high; infinite where none is."""
    known = calibration()
    if known is None:
        return float("inf")
    knots, heights = known.knots[TARGET[target]], known.probability[TARGET[target]]
    if heights[-1] < probability:
        return float("inf")
    after = int(np.searchsorted(heights, probability))
    if after == 0:
        return float(knots[0])
    share = (probability - heights[after - 1]) / (heights[after] - heights[after - 1])
    return float(knots[after - 1] + share * (knots[after] - knots[after - 1]))


def base_rate(target: str) -> float | None:
    """Share of the measured hours that were followed by it; None where nothing was measured."""
    if _SHIPPED_CARD is None:
        return None
    found = _SHIPPED_CARD["measured"]["targets"][target]
    return float(found["positives"]) / float(found["eligible"])


def chance(target: str, probability: float) -> Said:
    """A calibrated probability, with where it was measured.

    >>> chance("hypoxia", 0.031).facts["of_hundred"], chance("hypoxia", 0.002).facts["of_hundred"]
    (3, 0)
    """
    named = TRAINED[TARGET[target]]
    return Said.of("forecast-chance", of_hundred=round(100 * probability), target=named.said)


class TrainedForecast:
    """What the shipped models say of a person. It gives no level: `TrainedAlarms` and the budget do.

    Do not use its probabilities at home as if they had been measured there: they were measured on intensive
    care stays, charted hourly.
    """

    name = "trained"
    version = 1
    state_dtype = TRAINED_STATE

    def blank(self, count: int) -> Records:
        """The state of `count` people of whom nothing was seen."""
        state = np.zeros(count, TRAINED_STATE)
        state["score"] = np.nan
        return state

    def update(self, state: Records, observations: Records, expected: Expected, profiles: Records) -> Verdict:
        """See `healthtwin.forecast.Member.update`. Levels stay 0; the score is the highest surprise."""
        people = len(state)
        nothing = np.zeros(people, np.uint8)
        silent = Verdict(nothing, np.zeros(people), no_signs(people), np.ones(people, np.bool_))
        if _SHIPPED_CARD is None:
            return silent
        known = state["features"]
        table = features.advance(known, observations, profiles, expected)
        now_s = seconds_of(observations["time_ms"])
        fresh: Flags = np.logical_or.reduce(np.isfinite(measured(observations)), axis=1)
        due: Flags = fresh & (elapsed_s(state["scored_s"], now_s) >= SCORE_EVERY_S)
        which = np.flatnonzero(due)
        if len(which):
            _score(state, which, table[which])
            state["scored_s"][which] = now_s[which]
        state["asked_about"] = np.where(fresh[:, None], still_ahead(table), state["asked_about"])
        high = surprises(state)
        _count_bands(state, high, now_s)
        highest = np.fmax(np.fmax(high[:, 0], high[:, 1]), 0.0)
        return Verdict(nothing, highest, silent.signs, silent.calm)

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Evidence, ...]:
        """Nothing by itself: what raised an alarm is said by `TrainedAlarms`."""
        del state, observation, expected, profile
        return ()

    def evidence(self, state: np.void, observation: np.void, targets: Sequence[str]) -> tuple[Evidence, ...]:
        """The chance of each of these targets, likeliest first; empty before the first score."""
        known = calibration()
        if known is None or int(state["scored_s"]) == 0:
            return ()
        chances = known.of(np.array(state["score"], np.float64)[None])[0]
        order = sorted(targets, key=lambda name: -float(chances[TARGET[name]]))
        return tuple(
            Evidence(
                said=chance(name, float(chances[TARGET[name]])),
                source=Said.of("source-trained", model=MODEL_VERSION),
                value=round(float(chances[TARGET[name]]), 4),
                expected=base_rate(name),
                time_ms=int(observation["time_ms"]),
            )
            for name in order
        )

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """Each trained target with its calibrated probability, those first that may raise an alarm."""
        known = calibration()
        if known is None or int(state["scored_s"]) == 0:
            return ()
        scores = np.array(state["score"], np.float64)
        probability = known.of(scores[None])[0]
        ahead = dict(zip(WATCHED, state["asked_about"].tolist(), strict=True))
        why = _explanations(state, observation, expected, profile, [name for name in WATCHED if ahead[name]])
        return tuple(
            _risk(target, float(scores[place]), float(probability[place]), why.get(target.name), observation)
            for place, target in enumerate(TRAINED)
            if ahead.get(target.name, True)
        )


def _explanations(
    state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void, targets: Sequence[str]
) -> dict[str, Explanation]:
    """Why each of these targets stands where it does, by the models asked again about the same person."""
    models, known = shipped(), calibration()
    if models is None or known is None or not targets:
        return {}
    again = np.array([observation], observation.dtype)
    again["value"] = np.nan  # nothing measured moves nothing: what is known is read once more
    remembered = np.array([state["features"]], state["features"].dtype)
    one = ExpectedValues(expected.center[None], expected.spread[None], expected.z[None], expected.ready[None])
    row = features.advance(remembered, again, np.array([profile], profile.dtype), one)[0]

    def probability_of(rows: Floats32) -> Floats32:
        memory = models.blank(len(rows))
        for name in models.state_dtype.names or ():
            memory[name] = state["memory"][name]
        told = models.score(memory, rows).ensemble.astype(np.float64)
        # By now the nets remember this row too, which moves them a little: the person was told `score`.
        return known.of(told + (state["score"] - told[0])).astype(np.float32)

    why = explain_risks(row, [TARGET[name] for name in targets], probability_of)
    return dict(zip(targets, why, strict=True))


def _risk(
    target: Target, score: float, probability: float, why: Explanation | None, observation: np.void
) -> Risk:
    drivers = () if why is None else why.drivers
    return Risk(
        condition=target.name,
        probability=probability,
        score=score,
        horizon_ms=round(target.horizon_h * HOUR_MS),
        drivers=tuple(_deviation(driver, observation) for driver in drivers),
        model=f"{TrainedForecast.name} {TrainedForecast.version}: {MODEL_VERSION}",
        said=chance(target.name, probability),
        reasons=tuple(driver.said for driver in drivers),
        would_fall=None if why is None else why.would_fall,
    )


def _deviation(driver: Driver, observation: np.void) -> Deviation:
    spread = USUAL_SPREAD[SERIES.index(driver.metric)]
    apart = driver.value - driver.usual
    return Deviation(
        metric=driver.metric,
        value=driver.value,
        expected=driver.usual,
        spread=spread,
        z=apart / spread,
        direction=Direction.ABOVE if apart >= 0 else Direction.BELOW,
        since_ms=None,
        hour=int(observation["hour"]),
    )


def surprises(state: Records) -> Floats:
    """How far out each watched score lies on the training side, shape (people, watched); NaN unknown.

    Minus infinity where the matter is there already, so that it can't be foreseen any more.
    """
    found = np.stack(
        [
            reference.surprise_of(state["score"][:, TARGET[name]].astype(np.float64))
            for name, reference in zip(WATCHED, references(), strict=True)
        ],
        axis=1,
    )
    return np.where(state["asked_about"], found, -np.inf)


def still_ahead(table: Floats32) -> Flags:
    """Whether each watched target can still be foreseen: neither now nor at the reading before.

    Args:
        table: feature rows, shape (people, features). Returns shape (people, watched).
    """
    now, before = {}, {}
    for metric in ("oxygen_saturation", "respiratory_rate", "heart_rate"):
        value = table[:, FEATURE[f"{metric}.now"]]
        recent = table[:, FEATURE[f"{metric}.age"]] <= CARRIED_H  # NaN compares as False
        now[metric] = np.where(recent, value, np.float32(np.nan))
        before[metric] = value - table[:, FEATURE[f"{metric}.change"]]
    saturation = now["oxygen_saturation"]
    hypoxia = (saturation >= NOT_YET) & ~(before["oxygen_saturation"] < NOT_YET)
    known = ~np.isnan(saturation) & ~np.isnan(now["respiratory_rate"]) & ~np.isnan(now["heart_rate"])
    ahead: Flags = np.stack([hypoxia, known & ~_red(now) & ~_red(before)], axis=1)
    return ahead


def _red(values: dict[str, Floats32]) -> Flags:
    breathing, heart = values["respiratory_rate"], values["heart_rate"]
    red: Flags = (
        (values["oxygen_saturation"] <= RED_SATURATION)
        | (breathing >= RED_BREATHING_HIGH)
        | (breathing <= RED_BREATHING_LOW)
        | (heart >= RED_HEART_HIGH)
        | (heart <= RED_HEART_LOW)
    )
    return red


def _score(state: Records, which: NDArray[np.intp], table: Floats32) -> None:
    """Ask the models about these people, in place."""
    models = shipped()
    if models is None:
        return
    for begin in range(0, len(which), _MOST_ROWS):
        some, x = which[begin : begin + _MOST_ROWS], table[begin : begin + _MOST_ROWS]
        # One row would be multiplied in another order than several: it comes twice, and is read once.
        fill = np.zeros(max(_LEAST_ROWS - len(some), 0), np.intp)
        rows = np.r_[np.arange(len(some)), fill]
        memory = models.blank(len(rows))
        for name in models.state_dtype.names or ():
            memory[name] = state["memory"][name][some][rows]
        scored = models.score(memory, x[rows])
        state["score"][some] = _on_grid(scored.ensemble[: len(some)], SCORE_GRID)
        for name in models.state_dtype.names or ():
            state["memory"][name][some] = _on_grid(memory[name][: len(some)], MEMORY_GRID)


def _on_grid(values: Floats32, grid: float) -> Floats32:
    rounded: Floats32 = (np.rint(values.astype(np.float64) / grid) * grid).astype(np.float32)
    return rounded


def _count_bands(state: Records, high: Floats, now_s: NDArray[np.uint32]) -> None:
    """Count in which band each watched score lies, by the hours it stood for, fading over a week."""
    never = state["band_s"] == 0
    passed_h = np.where(never, 0.0, elapsed_s(state["band_s"], now_s) / 3600.0)
    weight = np.where(never, 1.0, np.minimum(passed_h, 1.0))
    band = np.zeros(high.shape, np.intp)
    for share in BANDS:
        band = band + (high >= _EDGE_OF[share])
    one = (np.arange(len(BANDS) + 1) == band[:, :, None]) & np.isfinite(high)[:, :, None]
    kept = state["bands"] * fading(passed_h, DRIFT_MEMORY_H)[:, None, None]
    state["bands"] = kept + one * weight[:, None, None]
    state["band_s"] = now_s


_EDGE_OF: Final = dict(zip(BANDS, (-np.log(np.array(BANDS))).tolist(), strict=True))
