"""All members together: who is heard in which phase, what the budget may hold back and what it never may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.arrays import blank_profiles
from healthtwin.domain.signs import rules_in
from healthtwin.episodes import DEDUP_KEYS, EPISODE, advance, blank_episodes, open_level
from healthtwin.forecast import Judgement, expected_row, shipped_forecast
from healthtwin.words import say
from tests.forecast.observed import observed, ordinary, somebody
from tests.forecast.test_every_member_keeps_the_contract import wild_rows

if TYPE_CHECKING:
    from healthtwin.domain.arrays import StructuredArray

FORECAST = shipped_forecast()
FULL = 3


def step(
    state: StructuredArray,
    seen: StructuredArray,
    *,
    phase: int = FULL,
    open_level: int = 0,
    profile: StructuredArray | None = None,
) -> Judgement:
    who = somebody() if profile is None else profile
    return FORECAST.judge(
        state, seen, ordinary(seen), who, np.array([phase], "u1"), np.array([open_level], "u1")
    )


def loudest(phase: int, minutes: int = 90, profile: StructuredArray | None = None, /, **values: float) -> int:
    """The highest level within `minutes` of these values, one reading every five."""
    state = FORECAST.blank(1)
    levels = [
        int(step(state, observed(minute, **values), phase=phase, profile=profile).level[0])
        for minute in range(0, minutes, 5)
    ]
    return max(levels)


UNUSUAL = {"heart_rate": 84.0, "respiratory_rate": 19.0, "hrv_rmssd": 20.0}


def test_what_is_unusual_is_first_info_and_then_a_warning() -> None:
    state = FORECAST.blank(1)
    levels = [int(step(state, observed(minute, **UNUSUAL)).level[0]) for minute in range(0, 60, 5)]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert {1, 2} <= set(levels)


@pytest.mark.parametrize(("phase", "level"), [(1, 0), (2, 1), (3, 2), (4, 2)])
def test_learning_phases_hold_back_what_rests_on_the_baseline(phase: int, level: int) -> None:
    assert loudest(phase, **UNUSUAL) == level


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_safety_rules_speak_in_every_phase(phase: int) -> None:
    assert loudest(phase, 5, oxygen_saturation=88.0) == 3
    assert loudest(phase, 5, oxygen_saturation=91.0) == 2


def test_no_budget_silences_a_safety_rule() -> None:
    state = FORECAST.blank(1)
    state["budget"]["threshold"] = 1e9
    assert step(state, observed(0, **UNUSUAL)).level[0] == 0
    assert step(state, observed(5, heart_rate=131.0)).level[0] == 2
    assert step(state, observed(10, oxygen_saturation=88.0)).level[0] == 3


def test_where_alarms_are_off_or_the_reading_is_old_nothing_is_raised_but_all_is_taken_in() -> None:
    assert loudest(3, 5, somebody(alarms=False), oxygen_saturation=80.0) == 0
    assert loudest(3, live=False, **UNUSUAL) == 0
    state = FORECAST.blank(1)
    for minute in range(0, 60, 5):
        verdict = step(state, observed(minute, live=False, **UNUSUAL))
    assert verdict.score[0] > 20
    assert not verdict.signs.any()


def test_a_run_stays_quiet() -> None:
    state = FORECAST.blank(1)
    rest = {"heart_rate": 65.0, "hrv_rmssd": 45.0, "respiratory_rate": 15.0, "oxygen_saturation": 97.0}
    run = {"heart_rate": 150.0, "hrv_rmssd": 10.0, "respiratory_rate": 32.0, "oxygen_saturation": 96.5}
    course = (
        [(rest, 0.0)] * 12 + [(run, 2.5)] * 9 + [({**rest, "heart_rate": 85.0}, 0.0)] * 3 + [(rest, 0.0)] * 12
    )
    levels = [
        int(step(state, observed(5 * i, activity=activity, **values)).level[0])
        for i, (values, activity) in enumerate(course)
    ]
    assert max(levels) == 0


def test_a_signature_far_below_the_threshold_is_not_told() -> None:
    state = FORECAST.blank(1)
    verdict = step(state, observed(0, oxygen_saturation=93.0))
    assert (int(verdict.level[0]), bool(verdict.signs.any())) == (0, False)
    told = [step(state, observed(minute, oxygen_saturation=92.5)) for minute in range(5, 60, 5)]
    names = [{rule.name for rule in rules_in(verdict.signs[0])} for verdict in told]
    assert "oxygen_saturation_below_own" in names[-1]
    assert int(told[-1].level[0]) == 2  # the deviation agrees


def test_calm_means_clearly_back_not_just_below_the_threshold() -> None:
    state = FORECAST.blank(1)
    for minute in range(0, 60, 5):
        assert not step(state, observed(minute, **UNUSUAL)).calm[0] or minute == 0
    usual = {"heart_rate": 65.0, "respiratory_rate": 15.0, "hrv_rmssd": 45.0}
    calm = [
        bool(step(state, observed(60 + minute, **usual), open_level=2).calm[0]) for minute in range(0, 240, 5)
    ]
    assert not calm[0]
    assert calm[-1]
    assert calm == sorted(calm)


def test_the_explanation_leaves_the_baseline_out_where_it_did_not_speak() -> None:
    state, seen = FORECAST.blank(1), observed(0, oxygen_saturation=88.0)
    verdict = step(state, seen, phase=1)
    facts = FORECAST.explain(
        state[0], seen[0], expected_row(ordinary(seen), 0), somebody()[0], verdict.signs[0]
    )
    assert facts
    assert not any("for you" in say(fact.said) for fact in facts)
    said = FORECAST.risks(state[0], seen[0], expected_row(ordinary(seen), 0), somebody()[0])
    assert {risk.condition for risk in said if risk.probability is None} == {
        "news2",
        "unusual_for_you",
        "oxygen_saturation_below_own",
    }


def test_how_people_are_cut_into_batches_changes_no_bit_of_what_is_judged_and_told() -> None:
    rng, people = np.random.default_rng(11), 24
    profiles = blank_profiles(people)
    profiles["false_alarms_per_week"] = rng.uniform(0, 10, people)
    phase = rng.integers(1, 5, people).astype(np.uint8)
    parts = (slice(0, 1), slice(1, 8), slice(8, people))
    whole, cuts = FORECAST.blank(people), FORECAST.blank(people)
    whole_open, cuts_open = blank_episodes(people), blank_episodes(people)

    def take(state: StructuredArray, episodes: StructuredArray, rows: StructuredArray, chosen: slice) -> None:
        verdict = FORECAST.judge(
            state[chosen],
            rows[chosen],
            ordinary(rows[chosen]),
            profiles[chosen],
            phase[chosen],
            open_level(episodes[chosen]),
        )
        advance(episodes[chosen], verdict.level, verdict.signs, verdict.calm, rows["time_ms"][chosen])

    for step_number in range(60):
        rows = wild_rows(rng, people, step_number)
        rows["quality"] = 1.0
        take(whole, whole_open, rows, slice(0, people))
        for part in parts:
            take(cuts, cuts_open, rows, part)
    assert whole.tobytes() == cuts.tobytes()
    assert whole_open.tobytes() == cuts_open.tobytes()
    assert whole_open["state"].any()


def test_all_that_is_remembered_of_a_person_is_small() -> None:
    trained = FORECAST.dtype["trained"].itemsize
    assert FORECAST.dtype.itemsize - trained + len(DEDUP_KEYS) * EPISODE.itemsize <= 1400
    assert trained <= 4096  # features and what the nets remember


def test_no_byte_of_what_is_remembered_belongs_to_nobody() -> None:
    """A hole's bytes are not copied with the fields, so a replay could differ in them."""
    holes = FORECAST.blank(1)
    filled = holes.view(np.uint8)
    filled[:] = 255
    by_field = np.zeros(1, FORECAST.dtype)
    by_field[:] = holes
    assert by_field.tobytes() == holes.tobytes()
