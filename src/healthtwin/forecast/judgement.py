"""All members together: one level per person, what speaks, and whether it is over.

How a member is heard is its `Voice`. What speaks at once stands as it is. The budgeted score raises an "info"
when it reaches the person's threshold, or a backing member's pattern is completed at half of it; a "warning"
when the score reaches `STRONG` times the threshold, or a pattern that lasts and the threshold agree, and it
is clear that no meter's error made it (the budgeted member's level says so). While the twin learns silently
they raise nothing, and in the soft phase at most an "info".

The trained forecast needs no days of learning, so it may speak from the first reading on; it was not measured
at home, so it is worth an "info" at most. Both live on the same budget: an alarm of either counts for both.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, Evidence, Risk
from healthtwin.domain.signs import any_of, no_signs, only_where, says, speak
from healthtwin.forecast.budget import RELEASE, AlarmBudget
from healthtwin.forecast.deviation import DeviationCusum
from healthtwin.forecast.in_question import in_question
from healthtwin.forecast.member import Voice
from healthtwin.forecast.model_folder import shipped_models
from healthtwin.forecast.safety import SafetyRules
from healthtwin.forecast.signatures import Signatures
from healthtwin.forecast.trained import RULE_OF, TrainedForecast
from healthtwin.forecast.trained_alarms import TrainedAlarms, level_and_signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from healthtwin.forecast.member import (
        Expected,
        ExpectedValues,
        Flags,
        Floats,
        Levels,
        Member,
        Signs,
        StructuredArray,
        Verdict,
    )
    from healthtwin.forecast.model_folder import ModelFolder

STRONG: Final = 1.5
"""Times the threshold: where an unusual state becomes a reason to contact somebody within the day."""

SILENT_PHASE: Final = 1
SOFT_PHASE: Final = 2

MOST_FACTS: Final = 8
"""More evidence than this is not read."""

MEMBERS: Final[tuple[Member, ...]] = (SafetyRules(), DeviationCusum(), Signatures())
"""Every member that needs no models, in the order in which their evidence is shown. Whoever stands here is
run, explained, kept in every person's state, documented and held to the contract of members."""

_NONE: Final = np.uint8(0)
_INFO: Final = np.uint8(AlertLevel.INFO)
_WARNING: Final = np.uint8(AlertLevel.WARNING)


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What is held of one observation per person; every array but `signs` has shape (people,).

    Attributes:
        level: 0 none, else `domain.AlertLevel`; 0 also where a reading is too old to alarm or alarms are off.
        score: the budgeted score. threshold: the score at which the person's budget lets it speak.
        signs: rules that speak (`domain.signs`), shape (people, SIGN_WORDS); none where `level` is 0.
        calm: all is clearly back in range.
        loud: of the signs, those that speak at warning or above. at_once: score of whoever speaks at once
            (NEWS2).
    """

    level: Levels
    score: Floats
    threshold: Floats
    signs: Signs
    calm: Flags
    loud: Signs
    at_once: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """What the budgeted and the backing members hold together."""

    score: Floats
    signs: Signs
    speaks: Flags
    orange: Flags
    over: Flags


class Forecast:
    """All members over one set of models, and the budget they live on.

    Args:
        models: those whose forecasts are told; None in an installation without any.
        shadows: models that run beside them and are only compared.
        members: that need no models.

    Attributes:
        members: everybody, in the order in which their evidence is shown.
        dtype: what is remembered of one person.
        version: changes whenever the meaning of that does; snapshots of another version are rebuilt.
    """

    def __init__(
        self,
        models: ModelFolder | None,
        shadows: Sequence[ModelFolder] = (),
        members: Sequence[Member] = MEMBERS,
    ) -> None:
        self.trained = TrainedForecast(models, shadows)
        self.members: tuple[Member, ...] = (*members, self.trained)
        self._budget = AlarmBudget()
        self._alarms = TrainedAlarms(self.trained)
        fields = [(member.name, member.state_dtype) for member in self.members]
        parts = [("budget", self._budget.state_dtype), ("alarms", self._alarms.state_dtype)]
        self.dtype = np.dtype([*fields, *parts], align=True)
        versions = [f"{member.name}:{member.version}" for member in self.members]
        versions += [f"budget:{self._budget.version}", f"alarms:{self._alarms.version}"]
        self.version = " ".join(["forecast", *versions, f"models:{self.trained.digest}"])
        self._own_rules = tuple(
            number
            for member in members
            if member.voice in (Voice.BUDGETED, Voice.BACKING)
            for number in member.rules
        )

    def blank(self, count: int) -> StructuredArray:
        """The records of `count` people of whom nothing was seen, shape (count,)."""
        state = np.zeros(count, self.dtype)
        for member in self.members:
            state[member.name] = member.blank(count)
        state["budget"] = self._budget.blank(count)
        state["alarms"] = self._alarms.blank(count)
        return state

    def judge(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        profiles: StructuredArray,
        phase: Levels,
        open_level: Levels,
        site: Floats | float = 0.0,
    ) -> Judgement:
        """Take in one observation per person; `state` changes in place.

        Args:
            state: `dtype`, shape (n,). observations: `domain.OBSERVATION`, shape (n,).
            expected: of these observations, before the twin learned from them.
            profiles: `domain.PROFILE`, shape (n,).
            phase: of learning (`healthtwin.twin.phase`): 1 silent, 2 soft, 3 and 4 full. Shape (n,).
            open_level: level of the vitals episode that stood open before; 0 none. Shape (n,).
            site: what the house has learned of its trained scores (`SiteBudget.offset`); one, or shape (n,).
        """
        said = [
            (member, member.update(state[member.name], observations, expected, profiles))
            for member in self.members
        ]
        danger, danger_signs, cool, at_once = _at_once(said, len(state))
        threshold = state["budget"]["threshold"].copy()
        own = _own(said, threshold)
        asked, alarms, trained = profiles["false_alarms_per_week"], state["alarms"], state["trained"]
        foreseen = alarms["open_s"].any(axis=1)
        stands = self._alarms.speak(alarms, trained, observations, asked, site)
        trained_level, trained_signs = level_and_signs(stands)
        foresees = trained_level > 0
        event = danger > 0
        event_free = ~event & (open_level == 0) & observations["live"]
        begins = self._budget.update(
            state["budget"], observations, own.speaks | foresees, own.over & ~foresees, event_free, asked
        )
        heard = (begins & (phase > SILENT_PHASE)) | (foresees & ~foreseen)
        self._alarms.settle(alarms, trained, observations, heard, event, event_free, asked)

        level = np.where(own.orange, _WARNING, np.where(own.speaks, _INFO, _NONE))
        level = np.where(phase <= SOFT_PHASE, np.minimum(level, _INFO), level)
        level = np.where(phase <= SILENT_PHASE, _NONE, level)
        signs = only_where(own.signs, level > 0) | trained_signs | danger_signs
        loud = only_where(own.signs, level >= _WARNING) | only_where(danger_signs, danger >= _WARNING)
        level = np.maximum(np.maximum(level, trained_level), danger)
        audible = observations["live"] & profiles["alarms"]
        return Judgement(
            level=np.where(audible, level, _NONE),
            score=own.score,
            threshold=threshold,
            signs=only_where(signs, audible),
            calm=cool & ~foresees & (own.over | (phase <= SILENT_PHASE)),
            loud=only_where(loud, audible),
            at_once=at_once,
        )

    def overdue(self, state: StructuredArray, profiles: StructuredArray, now_ms: int) -> tuple[Levels, Signs]:
        """Level and signs of what was doubted and waited long enough for a second reading, by the clock.

        Args:
            state: `dtype`, shape (n,); nothing changes in it. profiles: `domain.PROFILE`, shape (n,).
        """
        level, signs = np.zeros(len(state), np.uint8), no_signs(len(state))
        for member in self.members:
            if isinstance(member, SafetyRules):
                told, spoken = member.overdue(state[member.name], profiles, now_ms)
                level, signs = np.maximum(level, told), signs | spoken
        level = np.where(profiles["alarms"], level, _NONE)
        return level, only_where(signs, level > 0)

    def in_question(
        self,
        state: StructuredArray,
        observations: StructuredArray,
        expected: Expected,
        judged: Judgement,
        confirmed: Flags,
    ) -> Flags:
        """Which values of the observations just judged should not be taken for normal, shape (n, metrics).

        Args:
            confirmed: metrics whose level somebody has confirmed (`twin.TWIN`), shape (n, metrics).
        """
        known = DeviationCusum.name in (state.dtype.names or ())
        sums = state[DeviationCusum.name] if known else DeviationCusum().blank(len(state))
        return in_question(sums, observations, expected, judged.signs, judged.level, confirmed)

    def begin_again(self, state: StructuredArray, columns: Iterable[int]) -> None:
        """What these metrics show now is the person's normal: nothing unusual of before counts, in place."""
        for member in self.members:
            if isinstance(member, DeviationCusum):
                member.begin_again(state[member.name], columns)

    def answered(self, state: StructuredArray, columns: Iterable[int], *, usual: bool) -> None:
        """Somebody said whether what these metrics showed was usual for them, in place."""
        self._budget.answered(state["budget"], usual=usual)
        if usual:
            self.begin_again(state, columns)

    def explain(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void, signs: Signs
    ) -> tuple[Evidence, ...]:
        """The facts behind what the last `judge` said of one person, gravest first.

        Args:
            state: the person's record after `judge`. expected: `expected_row` of that call.
            signs: the rules to explain, shape (SIGN_WORDS,); the baseline's part is left out where none of
                it spoke.
        """
        facts: list[Evidence] = []
        own = any(says(signs, number) for number in self._own_rules)
        for member in self.members:
            if member.voice is Voice.AT_ONCE or own:
                facts.extend(member.explain(state[member.name], observation, expected, profile))
        foreseen = [target for target, number in RULE_OF.items() if says(signs, number)]
        if foreseen:
            facts.extend(self.trained.evidence(state["trained"], observation, foreseen))
        return tuple(facts[:MOST_FACTS])

    def risks(
        self, state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void
    ) -> Iterator[Risk]:
        """What every member says may be coming for one person."""
        for member in self.members:
            yield from member.risks(state[member.name], observation, expected, profile)


def _at_once(said: Sequence[tuple[Member, Verdict]], people: int) -> tuple[Levels, Signs, Flags, Floats]:
    """Level, signs, calm and score of whoever speaks at once."""
    level = np.zeros(people, np.uint8)
    signs = no_signs(people)
    calm = np.ones(people, np.bool_)
    score = np.zeros(people)
    for member, verdict in said:
        if member.voice is Voice.AT_ONCE:
            score = np.maximum(score, verdict.score)
            level = np.maximum(level, verdict.level)
            signs |= verdict.signs
            calm &= verdict.calm
    return level, signs, calm, score


def _own(said: Sequence[tuple[Member, Verdict]], threshold: Floats) -> _Own:
    """What is unusual for each person, against the threshold of their budget."""
    people = len(threshold)
    score = np.zeros(people)
    signs = no_signs(people)
    loud = np.zeros(people, np.bool_)
    for member, verdict in said:
        if member.voice is Voice.BUDGETED:
            score = np.maximum(score, verdict.score)
            loud |= verdict.level >= _WARNING
            for number, times, level in zip(member.rules, (1.0, STRONG), (_NONE, _WARNING), strict=False):
                speak(signs, (verdict.score >= times * threshold) & (verdict.level >= level), number)
    settled = score < RELEASE * threshold
    patterned, lasting, quiet = (np.zeros(people, np.bool_) for _ in range(3))
    quiet |= True
    for member, verdict in said:
        if member.voice is Voice.BACKING:
            any_sign = any_of(verdict.signs)
            here = any_sign & ~settled
            patterned |= here
            lasting |= here & (verdict.level >= _WARNING)
            quiet &= ~any_sign
            signs |= only_where(verdict.signs, here)
    unusual = score >= threshold
    return _Own(
        score=score,
        signs=signs,
        speaks=unusual | patterned,
        orange=loud & ((score >= STRONG * threshold) | (unusual & lasting)),
        over=settled & quiet,
    )


@functools.cache
def shipped_forecast() -> Forecast:
    """Every member over the models that came with the program, which are read at the first call."""
    return Forecast(shipped_models())
