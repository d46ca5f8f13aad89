"""What is in question slows or stops its own learning alone, and never for longer than its reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.arrays import COLUMN, COLUMNS
from healthtwin.episodes import QUESTIONED, learning_pace, question, settle
from tests.episodes.one_episode import CRITICAL, INFO, NOON_MS, WARNING, OneEpisode

HEART, OXYGEN, SYSTOLIC, DIASTOLIC = (
    COLUMN[name]
    for name in (
        "heart_rate",
        "oxygen_saturation",
        "blood_pressure_systolic",
        "blood_pressure_diastolic",
    )
)


class Learner:
    """One person's questions and episode, driven with hours after noon."""

    def __init__(self, level: int = 0) -> None:
        self.questioned = np.zeros(1, QUESTIONED)
        self.episode = OneEpisode()
        if level:
            self.episode.see(0, level)

    def read(self, hours: float, *unusual: int, seen: range | None = None) -> list[float]:
        """A reading of these columns (all of them), some of them unusual; the pace of each."""
        flags, there = np.zeros((2, 1, COLUMNS), np.bool_)
        flags[0, list(unusual)] = True
        there[0, list(range(COLUMNS) if seen is None else seen)] = True
        now = np.array([NOON_MS + round(hours * HOUR_MS)], np.int64)
        question(self.questioned, flags, there, now)
        pace: list[float] = learning_pace(self.episode.record, self.questioned, now)[0].tolist()
        return pace


@pytest.mark.parametrize(("level", "pace"), [(INFO, 0.25), (WARNING, 0.0), (CRITICAL, 0.0)])
def test_learning_slows_at_info_and_stops_at_worse_for_what_is_unusual_alone(level: int, pace: float) -> None:
    found = Learner(level).read(0, OXYGEN)
    assert found[OXYGEN] == pace
    assert [each for column, each in enumerate(found) if column != OXYGEN] == [1.0] * (COLUMNS - 1)


def test_without_an_open_episode_everything_is_learned() -> None:
    assert Learner().read(0, HEART, OXYGEN) == [1.0] * COLUMNS


def test_metrics_that_say_the_same_thing_are_in_question_together() -> None:
    found = Learner(WARNING).read(0, SYSTOLIC)
    assert (found[SYSTOLIC], found[DIASTOLIC], found[HEART]) == (0.0, 0.0, 1.0)


def test_what_falls_back_by_chance_is_still_in_question_and_six_hours_in_order_end_it() -> None:
    learner = Learner(WARNING)
    learner.read(0, HEART)
    assert learner.read(5.9)[HEART] == 0.0
    assert learner.read(6.1)[HEART] == 1.0


def test_the_longest_freeze_is_two_weeks_then_learning_goes_on_slowly() -> None:
    learner = Learner(WARNING)
    pace = [learner.read(hour, HEART)[HEART] for hour in range(0, 15 * 24, 4)]
    assert pace[: 14 * 6] == [0.0] * (14 * 6)
    assert set(pace[14 * 6 :]) == {0.25}


@pytest.mark.parametrize("gap_h", [16, 24])
def test_a_reason_that_comes_back_every_night_is_one_reason(gap_h: int) -> None:
    learner, last = Learner(WARNING), 0.0
    for night in range(20):
        for hour in range(0, 25 - gap_h, 2):
            last = learner.read(24 * night + hour, HEART)[HEART]
        for hour in range(25 - gap_h, 24, 2):
            learner.read(24 * night + hour)
    assert last == 0.25


def test_after_a_whole_day_in_order_a_reason_is_a_new_one() -> None:
    learner = Learner(WARNING)
    for hour in range(0, 13 * 24, 4):
        learner.read(hour, HEART)
    for hour in range(13 * 24, 15 * 24, 4):
        learner.read(hour)
    assert learner.read(15 * 24, HEART)[HEART] == 0.0


def test_one_who_says_that_it_is_in_order_ends_the_question() -> None:
    learner = Learner(WARNING)
    learner.read(0, HEART, OXYGEN)
    settle(learner.questioned, [HEART])
    found = learner.read(1)
    assert (found[HEART], found[OXYGEN]) == (1.0, 0.0)


readings = st.lists(
    st.tuples(st.integers(0, 30 * 24), st.sets(st.integers(0, 5)), st.integers(0, COLUMNS)),
    min_size=1,
    max_size=40,
)


@given(readings, st.sampled_from([0, INFO, WARNING, CRITICAL]))
def test_whatever_comes_in_whatever_order_only_what_was_unusual_is_learned_otherwise(
    given: list[tuple[int, set[int], int]], level: int
) -> None:
    learner, ever = Learner(level), set[int]()
    for hours, unusual, last in given:
        ever |= {column for column in unusual if column < last}
        pace = learner.read(hours, *unusual, seen=range(last))
        held = {column for column in range(COLUMNS) if pace[column] < 1.0}
        assert held <= ever | ({1} if 0 in ever else set()) | ({0} if 1 in ever else set()) | {5, 6}
        assert set(pace) <= {0.0, 0.25, 1.0}
        assert held == set() or level
    assert set(learner.read(30 * 24 + DAY_MS // HOUR_MS * 2)) == {1.0}
