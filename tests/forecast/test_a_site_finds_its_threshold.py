"""The site budget: it meets what was asked at a site never seen, moves so far a day, and no further."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput
from healthtwin.forecast import SiteBudget, TailReference
from healthtwin.forecast.site_budget import (
    DAILY_CAP,
    LEAST_OPEN_S,
    MOST_SHIFT,
    NEW_SITE,
    RELEASE,
    false_share,
    stays_open,
)
from healthtwin_lab.evaluate.site_replay import Looks, replay_site
from healthtwin_lab.evaluate.ward import ward_hours

BUDGET = SiteBudget()
AN_HOUR = 1 / 24


def site(rng: np.random.Generator, stays: int, hours: int) -> tuple[Looks, np.ndarray]:
    """Stays of equal length with a normal score, and an event now and then after a high one."""
    stay = np.repeat(np.arange(stays), hours)
    hour = np.tile(np.arange(1.0, hours + 1), stays)
    person = np.repeat(rng.normal(0, 0.7, stays), hours)
    score = person + rng.normal(0, 1, stays * hours)
    came = rng.random(len(score)) < 0.02 / (1 + np.exp(-score))
    free = rng.random(len(score)) < 0.8
    return Looks(stay, hour, free, came & free, free), score


def training() -> TailReference:
    looks, score = site(np.random.default_rng(1), 400, 40)
    return TailReference.of(score[looks.event_free & ~looks.came])


@pytest.mark.parametrize("kept", ["site", "site and person"])
@pytest.mark.parametrize("shift", [-1.0, -0.4, 0.0, 0.4, 1.0])
def test_a_site_of_other_scores_gets_what_was_asked_where_a_fixed_threshold_does_not(
    shift: float, kept: str
) -> None:
    looks, score = site(np.random.default_rng(2), 150, 40)
    lived = replay_site(looks, score + shift, training(), kept=kept)
    fixed = replay_site(looks, score + shift, training(), kept="training side")
    assert lived.asked >= 100
    assert lived.got == pytest.approx(lived.asked, rel=0.2)
    if shift:
        assert not 0.8 < fixed.got / fixed.asked < 1.25


def test_people_who_stay_two_days_are_too_few_looks_for_a_budget_of_their_own() -> None:
    looks, score = site(np.random.default_rng(2), 150, 40)
    alone, both = (replay_site(looks, score + 1.0, training(), kept=k) for k in ("person", "site and person"))
    assert alone.got > 1.5 * both.got


@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.0])
def test_in_a_home_of_one_site_and_person_do_not_correct_the_same_error_twice(shift: float) -> None:
    hours = 365 * 24
    always, never = np.ones(hours, np.bool_), np.zeros(hours, np.bool_)
    looks = Looks(np.zeros(hours, np.int64), np.arange(float(hours)), always, never, always)
    score = np.random.default_rng(6).normal(0, 1, hours) + shift
    reference = TailReference.of(np.random.default_rng(7).normal(0, 1, 100_000))
    alone, both = (
        replay_site(looks, score, reference, 1 / 7, beds=1, kept=kept)
        for kept in ("person", "site and person")
    )
    assert abs(both.got / both.asked - 1.0) <= abs(alone.got / alone.asked - 1.0) + 0.1


def test_events_are_right_alarms_and_raise_no_threshold() -> None:
    looks, score = site(np.random.default_rng(3), 60, 40)
    always = Looks(looks.stay, looks.hour, looks.event_free, looks.event_free, looks.asked_about)
    lived = replay_site(always, score + 9.0, training())
    assert lived.alarm[looks.event_free].all()
    assert (lived.offset, lived.asked, lived.got) == (0.0, 0.0, 0)


def test_what_lies_ahead_changes_no_alarm_before_it() -> None:
    looks, score = site(np.random.default_rng(4), 40, 30)
    clock = ward_hours(looks.stay, looks.hour)
    later = score.copy()
    later[clock >= 40] += 5.0
    before = clock < 40
    whole, other = replay_site(looks, score, training()), replay_site(looks, later, training())
    assert (whole.alarm[before] == other.alarm[before]).all()


def test_where_nothing_is_scored_nothing_alarms() -> None:
    looks, score = site(np.random.default_rng(5), 10, 10)
    lived = replay_site(looks, np.full_like(score, np.nan), training())
    assert not lived.alarm.any()


settlements = st.lists(
    st.tuples(st.integers(0, 6), st.floats(0, 20), st.floats(0, 50)), min_size=1, max_size=60
)


@settings(max_examples=60)
@given(settlements)
def test_a_day_moves_a_known_site_by_its_cap_at_most(found: list[tuple[int, float, float]]) -> None:
    state = BUDGET.blank(1)
    state["asked"] = NEW_SITE
    begins: dict[int, float] = {}
    for day, asked, alarms in sorted(found, key=lambda each: each[0]):
        before = float(BUDGET.offset(state)[0])
        BUDGET.settle(state, np.array([day]), np.array([asked]), np.array([min(alarms, 20.0)]))
        offset = float(BUDGET.offset(state)[0])
        start = begins.setdefault(day, before)
        assert abs(offset - start) <= DAILY_CAP + 1e-9
        assert abs(offset) <= MOST_SHIFT


@settings(max_examples=60)
@given(settlements)
def test_many_sites_together_move_as_each_alone(found: list[tuple[int, float, float]]) -> None:
    together, alone = BUDGET.blank(3), [BUDGET.blank(1) for _ in range(3)]
    for day, asked, alarms in found:
        a, b = np.array([asked, 0.0, 1.0]), np.array([alarms, 1.0, alarms])
        BUDGET.settle(together, np.full(3, day), a, b)
        for i, one in enumerate(alone):
            BUDGET.settle(one, np.array([day]), a[i : i + 1], b[i : i + 1])
    assert together.tobytes() == b"".join(one.tobytes() for one in alone)


def test_alarms_raise_the_threshold_and_quiet_lets_it_sink() -> None:
    loud, quiet = BUDGET.blank(1), BUDGET.blank(1)
    start = BUDGET.threshold(loud, AN_HOUR)[0]
    BUDGET.settle(loud, np.array([1]), np.array([1.0]), np.array([5.0]))
    BUDGET.settle(quiet, np.array([1]), np.array([1.0]), np.array([0.0]))
    assert BUDGET.threshold(quiet, AN_HOUR)[0] < start < BUDGET.threshold(loud, AN_HOUR)[0]


def test_time_that_does_not_count_teaches_nothing() -> None:
    state = BUDGET.blank(1)
    BUDGET.settle(state, np.array([3]), np.array([0.0]), np.array([0.0]))
    assert BUDGET.offset(state)[0] == 0.0


def test_nothing_asked_for_never_alarms_and_everything_always() -> None:
    state = BUDGET.blank(3)
    assert BUDGET.threshold(state, np.array([0.0, 1.0, 0.5])).tolist()[:2] == [np.inf, -np.inf]


def test_an_alarm_whose_outcome_nobody_saw_counts_by_its_chance() -> None:
    shares = false_share(np.array([True, True, False]), np.array([0.0, 0.25, 0.9]))
    assert shares.tolist() == [1.0, 0.75, 0.0]


@given(st.floats(0, 8), st.floats(1, 8), st.floats(0, 7200))
def test_an_open_episode_ends_only_well_below_and_after_a_while(
    surprise: float, threshold: float, open_s: float
) -> None:
    stands = bool(
        stays_open(np.array([True]), np.array([open_s]), np.array([surprise]), np.array([threshold]))[0]
    )
    assert stands == (not (surprise < threshold - RELEASE and open_s >= LEAST_OPEN_S))


def test_a_closed_episode_opens_at_the_threshold_alone() -> None:
    shut, none = np.zeros(3, np.bool_), np.zeros(3)
    opened = stays_open(shut, none, np.array([2.9, 3.0, np.nan]), np.full(3, 3.0))
    assert opened.tolist() == [False, True, False]


@given(st.lists(st.floats(-20, 20), min_size=60, max_size=300, unique=True))
def test_a_higher_score_is_never_less_surprising(scores: list[float]) -> None:
    reference = TailReference.of(np.repeat(np.array(scores), 3))
    along = np.linspace(-40, 40, 200)
    surprise = reference.surprise_of(along)
    assert (np.diff(surprise) >= -1e-9).all()
    assert np.allclose(reference.score_at(surprise), along, atol=1e-6)
    again = TailReference.from_json(reference.as_json())
    assert (again.surprise_of(along) == surprise).all()


def test_scores_that_tell_no_tail_are_refused() -> None:
    for scores in (np.zeros(1000), np.array([1.0, 2.0]), np.full(100, np.nan)):
        with pytest.raises(InvalidInput):
            TailReference.of(scores)
    with pytest.raises(InvalidInput, match="rising"):
        TailReference(np.array([1.0, 1.0]), np.array([1.0, 2.0]))
