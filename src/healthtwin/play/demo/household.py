"""Who lives in the demo's household, what lies behind them, and what happens to them. All of it made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import HOUR_MS, MINUTE_MS, from_ms
from healthtwin.simulate import (
    LIVE_STEP_MS,
    SCENARIOS,
    Illness,
    Kit,
    Scenario,
    Strength,
    SyntheticMessage,
    SyntheticPerson,
    draw_person,
    history,
    play,
    scenario_named,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS_BEHIND: Final = 90
"""Long enough for every phase of learning to lie behind the household."""

LEAD_MS: Final = 30 * MINUTE_MS
"""Ordinary life before anything happens, so that a newcomer sees what it looked like before."""

SILENCE_AFTER_MS: Final = 5 * HOUR_MS
"""Longer than the longest gap of an ordinary night in the simulated histories."""

DEFAULT_SCENARIO: Final = "copd"
_COMPANIONS: Final = ("exercise", "normal", "normal")

_NEEDS_OXIMETER: Final = frozenset({"copd"})
"""Scenarios whose clearest sign an ordinary phone cannot measure."""

_LOWEST_HEART_RATE: Final = 50.0
_BREATHS: Final = (13.0, 19.0)
"""A minute, usually: far enough from the red limits of NEWS2 for an ordinary day and night."""


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """One simulated person of the household.

    Attributes:
        person: who. scenario: what will happen. size: of the effect, drawn among the clear ones.
        onset_ms: when it begins.
        past: `DAYS_BEHIND` days of messages before the watched stretch.
        watched: messages of the watched stretch.
    """

    person: SyntheticPerson
    scenario: Scenario
    size: float
    onset_ms: int
    past: Sequence[SyntheticMessage]
    watched: Sequence[SyntheticMessage]


@dataclass(frozen=True, slots=True)
class Household:
    """The members and the stretch that is watched: from `start_ms` to `end_ms`."""

    members: tuple[HouseholdMember, ...]
    start_ms: int
    end_ms: int


def stretch_ms(scenario: str = DEFAULT_SCENARIO) -> int:
    """How much event time the watched stretch takes.

    >>> stretch_ms("copd") // MINUTE_MS
    150
    """
    return LEAD_MS + scenario_named(scenario).plays_ms


def draw_household(seed: int, start_ms: int, scenario: str = DEFAULT_SCENARIO) -> Household:
    """Four people: one to whom `scenario` happens, one who goes for a run, two on an ordinary day.

    Args:
        seed: the same seed draws the same household, to the last reading.
        start_ms: when the watched stretch begins.
        scenario: name or alias.

    Raises:
        InvalidInput: there is no such scenario.

    >>> household = draw_household(1, 1_772_460_000_000)
    >>> [member.scenario.name for member in household.members]
    ['copd', 'exercise', 'normal', 'normal']
    >>> all(
    ...     80 < (start - member.past[0].time_ms) / 86_400_000
    ...     for member in household.members
    ...     for start in [household.start_ms]
    ... )
    True
    """
    rng = np.random.default_rng(seed)
    end_ms = start_ms + stretch_ms(scenario)
    happening = (scenario_named(scenario), *(SCENARIOS[name] for name in _COMPANIONS))
    members = []
    names: set[str] = set()
    for told in happening:
        person = _draw_with_new_name(rng, told, from_ms(start_ms).year, names)
        names.add(person.name)
        size = Strength.CLEAR.draw(rng) if told.alarms else 1.0
        onset_ms = start_ms + LEAD_MS
        past = history(person, days=DAYS_BEHIND, until_ms=start_ms, rng=rng)
        watched = _watched(person, told, start_ms, onset_ms, end_ms, size, rng)
        members.append(HouseholdMember(person, told, size, onset_ms, past, watched))
    return Household(tuple(members), start_ms, end_ms)


def go_on(
    member: HouseholdMember, begin_ms: int, until_ms: int, rng: np.random.Generator
) -> list[SyntheticMessage]:
    """What follows the watched stretch: what began stays as it became, and what ended is over.

    Args:
        begin_ms: the first message may come here. until_ms: and none after this.
    """
    lasting = member.scenario if member.scenario.alarms else SCENARIOS["normal"]
    longer = replace(lasting, plays_ms=until_ms - member.onset_ms)
    told = play(member.person, longer, start_ms=begin_ms, onset_ms=member.onset_ms, size=member.size, rng=rng)
    return [message for message in told if message.time_ms <= until_ms]


def _draw_with_new_name(
    rng: np.random.Generator, scenario: Scenario, this_year: int, taken: set[str]
) -> SyntheticPerson:
    """A name stands for one person on the screen, so the drawing goes on until it is a new one."""
    needs = scenario.name in _NEEDS_OXIMETER
    while True:
        person = draw_person(
            rng,
            this_year=this_year,
            kit=Kit.PHONE_AND_OXIMETER if needs else None,
            illness=Illness.COPD if needs else None,
        )
        # An athlete's sleeping heart stands at NEWS2's red limit, and so may a slow or fast breath; and
        # who lives with COPD scores on NEWS2's first oxygen scale on an ordinary day too. What that costs in
        # false alarms is a question for evaluation; in the demo the others are in ordinary health.
        clear_of_red = (
            person.resting_heart_rate >= _LOWEST_HEART_RATE
            and _BREATHS[0] <= person.respiratory_rate <= _BREATHS[1]
        )
        ordinary = needs or person.illness is not Illness.COPD
        if person.name not in taken and ordinary and clear_of_red:
            return person


def _watched(
    person: SyntheticPerson,
    scenario: Scenario,
    start_ms: int,
    onset_ms: int,
    end_ms: int,
    size: float,
    rng: np.random.Generator,
) -> list[SyntheticMessage]:
    """The scenario, then ordinary life until everybody's stretch ends."""
    if scenario.name == "normal":
        scenario = replace(scenario, plays_ms=end_ms - onset_ms)
    told = [
        message
        for message in play(person, scenario, start_ms=start_ms, onset_ms=onset_ms, size=size, rng=rng)
        if message.time_ms <= end_ms
    ]
    if scenario.silent or not told:
        return told
    rest_ms = told[-1].time_ms + LIVE_STEP_MS
    if rest_ms > end_ms:
        return told
    ordinary = replace(SCENARIOS["normal"], plays_ms=end_ms - rest_ms)
    return told + play(person, ordinary, start_ms=rest_ms, onset_ms=rest_ms, size=0.0, rng=rng)
