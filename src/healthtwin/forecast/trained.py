"""The trained forecast of one person, as a member: features and nets' memory in a record, scores when due.

Features take in every observation. The models are asked at most every `SCORE_EVERY_S`: between two readings
of a quarter of an hour a risk over the coming hour hardly moves, and the models are what costs. ONNX Runtime
and the model files are loaded when the first score is asked for, never before.

What a person is told must not depend on who else stood in the batch, or a replay would differ from what
happened. Feature arithmetic is exact in that sense, and `ModelFolder.score` sees to the models.

Other models may run beside those that speak, as shadows: asked at the same moments about the same features,
their scores are kept and compared, and nobody is told of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import HOUR_MS, Deviation, Direction, Evidence, Risk
from healthtwin.domain.arrays import whole_words
from healthtwin.domain.rules import FORECAST_HYPOXIA, FORECAST_RED
from healthtwin.domain.said import Said
from healthtwin.domain.signs import no_signs
from healthtwin.forecast import features
from healthtwin.forecast.agreement import COUNTED, compare
from healthtwin.forecast.drivers import explain_risks
from healthtwin.forecast.exertion import elapsed_s, seconds_of
from healthtwin.forecast.feature_names import FEATURE, SERIES, USUAL_SPREAD
from healthtwin.forecast.feature_sums import fading
from healthtwin.forecast.limits import ages, expecting
from healthtwin.forecast.member import ExpectedValues, Verdict, Voice, measured
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
    WATCHED,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.forecast.drivers import Driver, Explanation
    from healthtwin.forecast.member import Expected, Flags, Floats, StructuredArray
    from healthtwin.forecast.model_folder import ModelFolder
    from healthtwin.forecast.targets import Target

    Floats32 = NDArray[np.float32]

SCORE_EVERY_S: Final = 4 * 60
"""A phone that measures every five minutes is scored at every reading, a strap every second is not."""

BANDS: Final = (0.7, 0.5, 0.35, 0.25, 0.18, 0.13, 0.1, 0.05, 0.025)
"""Shares of the training side's scores above the edges of the bands in which scores are counted for drift."""

DRIFT_MEMORY_H: Final = 168.0
"""Counts of scores fade over a week."""

RULE_OF: Final = {"hypoxia": FORECAST_HYPOXIA, "news_red": FORECAST_RED}
"""The rule that each watched target speaks under."""


def _shadow_dtype(models: ModelFolder) -> np.dtype[np.void]:
    return np.dtype(
        [
            ("memory", models.memory_dtype),
            ("score", "f4", (len(TRAINED),)),  # log odds; NaN before the first
            *((name, "f4", (len(WATCHED),)) for name in COUNTED),  # how it stands to those that speak
        ]
    )


def state_dtype_of(models: ModelFolder | None, shadows: Sequence[ModelFolder] = ()) -> np.dtype[np.void]:
    """What is remembered of one person by these models; shadows need only what is their own."""
    memory = np.dtype([("none", "u1")]) if models is None else models.memory_dtype
    return whole_words(
        [
            ("features", features.FEATURE_STATE),
            ("memory", memory),
            ("score", "f4", (len(TRAINED),)),  # log odds, on SCORE_GRID; NaN before the first
            ("scored_s", "u4"),  # 0 never
            ("band_s", "u4"),  # when the bands last counted; 0 never
            ("bands", "f4", (len(WATCHED), len(BANDS) + 1)),  # hours in each band, faded, as of band_s
            ("asked_about", "?", (len(WATCHED),)),  # whether each can be foreseen as of the latest reading
            *((f"shadow_{place}", _shadow_dtype(shadow)) for place, shadow in enumerate(shadows)),
        ]
    )


def chance(target: str, probability: float) -> Said:
    """A calibrated probability, with where it was measured.

    >>> chance("hypoxia", 0.031).facts["of_hundred"], chance("hypoxia", 0.002).facts["of_hundred"]
    (3, 0)
    """
    named = TRAINED[TARGET[target]]
    return Said.of("forecast-chance", of_hundred=round(100 * probability), target=named.said)


class TrainedForecast:
    """What trained models say of a person. It gives no level: `TrainedAlarms` and the budget do.

    Do not use its probabilities at home as if they had been measured there: they were measured on intensive
    care stays, charted hourly.

    Args:
        models: those that speak; None in an installation without models, where nothing is said.
        shadows: others that are asked at the same moments about the same features. What they say is only
            compared (`agreement_of`), never told.
    """

    name = "trained"
    version = 2
    voice = Voice.SHOWN
    rules = tuple(RULE_OF.values())

    def __init__(self, models: ModelFolder | None, shadows: Sequence[ModelFolder] = ()) -> None:
        self.models = models
        self.shadows = tuple(shadows) if models is not None else ()
        self.state_dtype = state_dtype_of(models, self.shadows)

    @property
    def digest(self) -> str:
        """Differs whenever a card does, so that states are computed again for other models."""
        cards = [each.digest for each in (self.models, *self.shadows) if each is not None]
        return "+".join(cards) or "none"

    def blank(self, count: int) -> StructuredArray:
        """The state of `count` people of whom nothing was seen."""
        state = np.zeros(count, self.state_dtype)
        state["score"] = np.nan
        for place in range(len(self.shadows)):
            state[f"shadow_{place}"]["score"] = np.nan
        return state

    def update(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
    ) -> Verdict:
        """See `healthtwin.forecast.Member.update`. Levels stay 0; the score is the highest surprise."""
        people = len(state)
        nothing = np.zeros(people, np.uint8)
        silent = Verdict(nothing, np.zeros(people), no_signs(people), np.ones(people, np.bool_))
        if self.models is None:
            return silent
        known = state["features"]
        table = features.advance(known, observations, profiles, expected)
        now_s = seconds_of(observations["time_ms"])
        fresh: Flags = np.logical_or.reduce(np.isfinite(measured(observations)), axis=1)
        meant = for_whom(observations, profiles)
        due: Flags = fresh & meant & (elapsed_s(state["scored_s"], now_s) >= SCORE_EVERY_S)
        which = np.flatnonzero(due)
        if len(which):
            self._score(self.models, state, which, table[which])
            state["scored_s"][which] = now_s[which]
        ahead = np.where(fresh[:, None], still_ahead(table), state["asked_about"])
        state["asked_about"] = ahead & meant[:, None]
        high = self.surprises(state)
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
        models = self.models
        if models is None or int(state["scored_s"]) == 0:
            return ()
        chances = models.probability(np.array(state["score"])[None])[0]
        order = sorted(targets, key=lambda name: -float(chances[TARGET[name]]))
        return tuple(
            Evidence(
                said=chance(name, float(chances[TARGET[name]])),
                source=Said.of("source-trained", model=models.version),
                value=round(float(chances[TARGET[name]]), 4),
                expected=models.base_rate(name),
                time_ms=int(observation["time_ms"]),
            )
            for name in order
        )

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> tuple[Risk, ...]:
        """Each trained target with its calibrated probability, those first that may raise an alarm."""
        models = self.models
        if models is None or int(state["scored_s"]) == 0:
            return ()
        if not for_whom(_row(observation), _row(profile))[0]:
            return ()
        scores = np.array(state["score"], np.float64)
        probability = models.probability(scores[None])[0]
        ahead = dict(zip(WATCHED, state["asked_about"].tolist(), strict=True))
        asked = [name for name in WATCHED if ahead[name]]
        why = _explanations(models, state, observation, expected, profile, asked)
        return tuple(
            _risk(models, target, score, chance, why.get(target.name), observation)
            for target, score, chance in zip(TRAINED, scores.tolist(), probability.tolist(), strict=True)
            if ahead.get(target.name, True)
        )

    def surprises(self, state: StructuredArray) -> Floats:
        """How far out each watched score lies on the training side, shape (people, watched); NaN unknown.

        Minus infinity where the matter is there already, so that it can't be foreseen any more.
        """
        if self.models is None:
            return np.full((len(state), len(WATCHED)), np.nan)
        return np.where(state["asked_about"], self.models.surprises(state["score"]), -np.inf)

    def _score(
        self, models: ModelFolder, state: StructuredArray, which: NDArray[np.intp], table: Floats32
    ) -> None:
        """Ask those that speak and every shadow about these people, in place."""
        memory = state["memory"][which]
        state["score"][which] = models.score(memory, table)
        state["memory"][which] = memory
        for place, shadow in enumerate(self.shadows):
            own = state[f"shadow_{place}"]
            theirs = own[which]
            theirs["score"] = shadow.score(theirs["memory"], table)
            speaking = models.probability(state["score"][which])
            compare(theirs, shadow.probability(theirs["score"]), speaking)
            own[which] = theirs


def _explanations(
    models: ModelFolder,
    state: np.void,
    observation: np.void,
    expected: ExpectedValues,
    profile: np.void,
    targets: Sequence[str],
) -> dict[str, Explanation]:
    """Why each of these targets stands where it does, by the models asked again about the same person."""
    if not targets:
        return {}
    again = np.array([observation], observation.dtype)
    again["value"] = np.nan  # nothing measured moves nothing: what is known is read once more
    remembered = np.array([state["features"]], state["features"].dtype)
    one = ExpectedValues.of(expected, None)
    row = features.advance(remembered, again, np.array([profile], profile.dtype), one)[0]

    def probability_of(rows: Floats32) -> Floats32:
        memory = models.models.blank(len(rows))
        for name in memory.dtype.names or ():
            memory[name] = state["memory"][name]
        told = models.models.score(memory, rows).ensemble.astype(np.float64)
        # By now the nets remember this row too, which moves them a little: the person was told `score`.
        return models.probability(told + (state["score"] - told[0])).astype(np.float32)

    why = explain_risks(row, [TARGET[name] for name in targets], probability_of)
    return dict(zip(targets, why, strict=True))


def _risk(
    models: ModelFolder,
    target: Target,
    score: float,
    probability: float,
    why: Explanation | None,
    observation: np.void,
) -> Risk:
    drivers = () if why is None else why.drivers
    return Risk(
        condition=target.name,
        probability=probability,
        score=score,
        horizon_ms=round(target.horizon_h * HOUR_MS),
        drivers=tuple(_deviation(driver, observation) for driver in drivers),
        model=f"{TrainedForecast.name} {TrainedForecast.version}: {models.version}",
        base_rate=models.base_rate(target.name),
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


def for_whom(observations: StructuredArray, profiles: StructuredArray) -> Flags:
    """Whom the forecasts are for: as NEWS2 itself neither people under 16 nor pregnancy, shape (people,)."""
    others: Flags = ages(observations, profiles).minor | expecting(observations, profiles)
    return ~others


def _row(record: np.void) -> StructuredArray:
    return np.array([record], record.dtype)


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


def _count_bands(state: StructuredArray, high: Floats, now_s: NDArray[np.uint32]) -> None:
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
