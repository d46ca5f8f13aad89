"""All members together: one level per person, what speaks, and whether it is over.

The safety member's level stands as it is. The budgeted members raise an "info" when the deviation score
reaches the person's threshold, or a signature is completed at half of it; a "warning" when the score reaches
`STRONG` times the threshold, or a signature that lasts and the threshold agree. While the twin learns
silently they raise nothing, and in the soft phase at most an "info".

The trained forecast needs no days of learning, so it may speak from the first reading on; it was not measured
at home, so it is worth an "info" at most. Both live on the same budget: an alarm of either counts for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import AlertLevel, Evidence, Risk, rules
from healthtwin.domain.signs import any_of, only_where, rules_in, says, speak
from healthtwin.forecast.budget import RELEASE, AlarmBudget
from healthtwin.forecast.deviation import DeviationCusum
from healthtwin.forecast.safety import SafetyRules
from healthtwin.forecast.signatures import Signatures
from healthtwin.forecast.trained import MODEL_DIGEST, TrainedForecast
from healthtwin.forecast.trained_alarms import RULE_OF, TrainedAlarms, level_and_signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.forecast.member import (
        Expected,
        ExpectedValues,
        Flags,
        Floats,
        Levels,
        Member,
        Records,
        Signs,
    )

STRONG: Final = 1.5
"""Times the threshold: where an unusual state becomes a reason to contact somebody within the day."""

SILENT_PHASE: Final = 1
SOFT_PHASE: Final = 2

MOST_FACTS: Final = 8
"""More evidence than this is not read."""

SAFETY: Final = SafetyRules()
DEVIATION: Final = DeviationCusum()
SIGNATURES: Final = Signatures()
TRAINED: Final = TrainedForecast()
MEMBERS: Final[tuple[Member, ...]] = (SAFETY, DEVIATION, SIGNATURES, TRAINED)
"""Every member that runs, in the order in which their evidence is shown."""

BUDGET: Final = AlarmBudget()
ALARMS: Final = TrainedAlarms()

FORECAST: Final = np.dtype(
    [(member.name, member.state_dtype) for member in MEMBERS]
    + [("budget", BUDGET.state_dtype), ("alarms", ALARMS.state_dtype)],
    align=True,
)
"""What all members and the budget remember of one person."""

FORECAST_VERSION: Final = "forecast " + " ".join(
    [f"{member.name}:{member.version}" for member in MEMBERS]
    + [f"budget:{BUDGET.version}", f"alarms:{ALARMS.version}", f"models:{MODEL_DIGEST}"]
)
"""Changes whenever the meaning of a record does; snapshots of another version are rebuilt."""


_OF_TRAINED: Final = frozenset(RULE_OF.values())


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What is held of one observation per person; every array but `signs` has shape (people,).

    Attributes:
        level: 0 none, else `domain.AlertLevel`; 0 also where a reading is too old to alarm or alarms are off.
        score: the deviation score. threshold: the score at which the person's budget lets it speak.
        signs: rules that speak (`domain.signs`), shape (people, SIGN_WORDS); none where `level` is 0.
        calm: all is clearly back in range.
    """

    level: Levels
    score: Floats
    threshold: Floats
    signs: Signs
    calm: Flags


def blank_forecasts(count: int) -> Records:
    """The `FORECAST` records of `count` people of whom nothing was seen."""
    state = np.zeros(count, FORECAST)
    for member in MEMBERS:
        state[member.name] = member.blank(count)
    state["budget"] = BUDGET.blank(count)
    state["alarms"] = ALARMS.blank(count)
    return state


def judge(
    state: Records,
    observations: Records,
    expected: Expected,
    profiles: Records,
    phase: Levels,
    open_level: Levels,
    site: Floats | float = 0.0,
) -> Judgement:
    """Take in one observation per person; `state` changes in place.

    Args:
        state: `FORECAST`, shape (n,). observations: `domain.OBSERVATION`, shape (n,).
        expected: of these observations, before the twin learned from them.
        profiles: `domain.PROFILE`, shape (n,).
        phase: of learning (`healthtwin.twin.phase`): 1 silent, 2 soft, 3 and 4 full. Shape (n,).
        open_level: level of the vitals episode that stood open before; 0 none. Shape (n,).
        site: what the house has learned of its trained scores (`SiteBudget.offset`); one, or shape (n,).
    """
    safety = SAFETY.update(state[SAFETY.name], observations, expected, profiles)
    deviation = DEVIATION.update(state[DEVIATION.name], observations, expected, profiles)
    pattern = SIGNATURES.update(state[SIGNATURES.name], observations, expected, profiles)
    threshold = state["budget"]["threshold"].copy()
    unusual = deviation.score >= threshold
    strong = deviation.score >= STRONG * threshold
    settled = deviation.score < RELEASE * threshold
    patterned = (any_of(pattern.signs)) & ~settled
    speaks = unusual | patterned
    TRAINED.update(state[TRAINED.name], observations, expected, profiles)
    asked = profiles["false_alarms_per_week"]
    foreseen = state["alarms"]["open_s"].any(axis=1)
    stands = ALARMS.speak(state["alarms"], state[TRAINED.name], observations, asked, site)
    trained_level, trained_signs = level_and_signs(stands)
    foresees = trained_level > 0
    event = safety.level > 0
    event_free = ~event & (open_level == 0) & observations["live"]
    over = settled & ~any_of(pattern.signs)
    begins = BUDGET.update(
        state["budget"], observations, speaks | foresees, over & ~foresees, event_free, asked
    )
    heard = (begins & (phase > SILENT_PHASE)) | (foresees & ~foreseen)
    ALARMS.settle(state["alarms"], state[TRAINED.name], observations, heard, event, event_free, asked)

    orange = strong | (unusual & patterned & (pattern.level >= AlertLevel.WARNING))
    level = np.where(
        orange, np.uint8(AlertLevel.WARNING), np.where(speaks, np.uint8(AlertLevel.INFO), np.uint8(0))
    )
    level = np.where(phase <= SOFT_PHASE, np.minimum(level, np.uint8(AlertLevel.INFO)), level)
    level = np.where(phase <= SILENT_PHASE, np.uint8(0), level)
    signs = only_where(pattern.signs, patterned)
    speak(signs, unusual, rules.DEVIATION)
    speak(signs, strong, rules.DEVIATION_STRONG)
    signs = only_where(signs, level > 0) | trained_signs
    level = np.maximum(level, trained_level)

    audible = observations["live"] & profiles["alarms"]
    return Judgement(
        level=np.where(audible, np.maximum(level, safety.level), np.uint8(0)),
        score=deviation.score,
        threshold=threshold,
        signs=only_where(signs | safety.signs, audible),
        calm=safety.calm & ~foresees & (over | (phase <= SILENT_PHASE)),
    )


def explain(
    state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void, signs: Signs
) -> tuple[Evidence, ...]:
    """The facts behind what the last `judge` said of one person, gravest first.

    Args:
        state: the person's `FORECAST` record after `judge`. expected: `expected_row` of that call.
        signs: the rules to explain; the baseline's part is left out where none of it spoke.
    """
    facts: list[Evidence] = []
    spoken = rules_in(signs)
    own = any(rule.budgeted and rule.number not in _OF_TRAINED for rule in spoken)
    for member in MEMBERS:
        if member is SAFETY or own:
            facts.extend(member.explain(state[member.name], observation, expected, profile))
    foreseen = [target for target, number in RULE_OF.items() if says(signs, number)]
    if foreseen:
        facts.extend(TRAINED.evidence(state[TRAINED.name], observation, foreseen))
    return tuple(facts[:MOST_FACTS])


def risks(state: np.void, observation: np.void, expected: ExpectedValues, profile: np.void) -> Iterator[Risk]:
    """What every member says may be coming for one person."""
    for member in MEMBERS:
        yield from member.risks(state[member.name], observation, expected, profile)
