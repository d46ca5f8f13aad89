"""Whatever the seed and the hour: a clear effect is told above "info", and everybody else stays quiet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest

from healthtwin.domain import HOUR_MS, AlertLevel
from healthtwin.play.demo import Household, draw_household
from healthtwin.play.demo.household import SILENCE_AFTER_MS
from healthtwin.simulate import SCENARIOS
from tests.play.household.household_on_the_step import changes_of

AFTERNOON_MS = 1_772_460_000_000
NIGHT_MS = AFTERNOON_MS + 12 * HOUR_MS


def complaints(households: Sequence[Household]) -> list[str]:
    """What went wrong: an effect nobody was told of, or an alert above "info" that should not be."""
    loud: dict[int, list[tuple[int, str]]] = defaultdict(list)
    ends_ms = {id(member): household.end_ms for household in households for member in household.members}
    for member, change in changes_of(households, SILENCE_AFTER_MS):
        # Households whose stretch is over fall silent while longer ones are still being played.
        in_time = change.at_ms <= ends_ms[id(member)]
        if in_time and change.level > AlertLevel.INFO and change.verb in ("opened", "raised"):
            loud[id(member)].append((change.at_ms, change.rule))
    wrong = []
    for number, household in enumerate(households):
        for member in household.members:
            told = loud[id(member)]
            false = [rule for at_ms, rule in told if not member.scenario.alarms or at_ms < member.onset_ms]
            wrong += [f"household {number}: {member.scenario.name}: false alarm: {rule}" for rule in false]
            if member.scenario.alarms and len(told) == len(false):
                wrong.append(f"household {number}: {member.scenario.name}: missed")
    return wrong


def households(seeds: range, scenarios: Sequence[str], start_ms: int) -> list[Household]:
    return [draw_household(seed, start_ms, name) for name in scenarios for seed in seeds]


def test_clear_effects_are_told_and_ordinary_people_left_alone() -> None:
    assert complaints(households(range(2), list(SCENARIOS), AFTERNOON_MS)) == []


def test_the_default_play_works_at_night_too() -> None:
    assert complaints(households(range(10, 13), ["copd"], NIGHT_MS)) == []


@pytest.mark.torture
@pytest.mark.parametrize("start_ms", [AFTERNOON_MS, NIGHT_MS, NIGHT_MS + 6 * HOUR_MS])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_hundred_seeds(scenario: str, start_ms: int) -> None:
    assert complaints(households(range(100), [scenario], start_ms)) == []
