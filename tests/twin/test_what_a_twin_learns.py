from __future__ import annotations

import numpy as np
import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.domain.arrays import COLUMN
from healthtwin.twin import blank_twins, confirm_new_normal, expect, learn, phase
from tests.twin.people import START_MS, learn_in_turn, observations, somebody

HEART = COLUMN["heart_rate"]
PEOPLE = 60


def planted(hours: np.ndarray, activity: np.ndarray) -> np.ndarray:
    truth: np.ndarray = 65 - 8 * np.cos(2 * np.pi * (hours - 4) / 24) + 10 * activity
    return truth


def lived_hourly(days: int, seed: int = 0) -> np.ndarray:
    """Twins of people with a planted rhythm of the day and effect of activity, measured every hour."""
    rng = np.random.default_rng(seed)
    twins = blank_twins(PEOPLE)
    for k in range(24 * days):
        rows = observations(np.full(PEOPLE, START_MS + k * HOUR_MS))
        awake = 7 <= k % 24 < 23
        active = rng.random(PEOPLE) < (0.35 if awake else 0.02)
        rows["activity"] = np.where(active, rng.uniform(0.5, 2.5, PEOPLE), rng.uniform(0, 0.3, PEOPLE))
        truth = planted(rows["hour"].astype(float), rows["activity"])
        rows["value"][:, HEART] = truth + rng.normal(0, 4, PEOPLE)
        learn(twins, rows)
    return twins


@pytest.fixture(scope="module")
def settled() -> np.ndarray:
    return lived_hourly(45)


def test_the_planted_rhythm_of_the_day_is_found(settled: np.ndarray) -> None:
    errors = []
    for hour in range(24):
        rows = observations(np.full(PEOPLE, START_MS + 45 * DAY_MS + hour * HOUR_MS))
        rows["activity"] = 0.1
        truth = planted(rows["hour"].astype(float), rows["activity"])
        errors.append(expect(settled, rows).center[:, HEART] - truth)
    assert np.abs(np.mean(errors, axis=1)).max() < 1.6  # of a swing of 16
    assert np.sqrt(np.mean(np.square(errors))) < 2.0  # against a noise of 4


def test_the_planted_effect_of_activity_is_found(settled: np.ndarray) -> None:
    assert settled["slope"][:, HEART].mean() == pytest.approx(10, abs=1.0)


def test_the_band_holds_as_many_ordinary_readings_as_it_says(settled: np.ndarray) -> None:
    rng = np.random.default_rng(9)
    inside = []
    for hour in range(24):
        rows = observations(np.full(PEOPLE, START_MS + 45 * DAY_MS + hour * HOUR_MS))
        rows["activity"] = rng.uniform(0, 2, PEOPLE)
        truth = planted(rows["hour"].astype(float), rows["activity"])
        rows["value"][:, HEART] = truth + rng.normal(0, 4, PEOPLE)
        inside.append(np.abs(expect(settled, rows).z[:, HEART]) < 2)
    assert 0.93 < np.mean(inside) < 0.99


def test_the_spread_learned_is_the_spread_planted() -> None:
    rng = np.random.default_rng(0)
    people = 2_000
    twins = blank_twins(people)
    for k in range(300):
        times = np.full(people, START_MS + k * DAY_MS // 3)
        learn(twins, observations(times, value=rng.normal(70, 4, people)))
    assert 0.965 < twins["variance"][:, HEART].mean() / 4**2 < 1.02


def test_an_hour_never_measured_takes_after_the_hours_beside_it() -> None:
    twins = blank_twins(1)
    for day in range(40):
        at_four = START_MS + day * DAY_MS + 4 * HOUR_MS
        learn_in_turn(twins, observations([at_four, at_four + 10 * HOUR_MS], value=np.array([60.0, 80.0])))
    hours = START_MS + 40 * DAY_MS + np.array([4, 9, 14, 15]) * HOUR_MS
    four, nine, fourteen, fifteen = expect(np.repeat(twins, 4), observations(hours)).center[:, HEART]
    assert four < 65 < nine < 75 < fourteen
    assert fifteen == pytest.approx(fourteen, abs=2)
    assert nine + 3 < fifteen
    evidence = twins["rhythm_evidence"][0, :, HEART]
    assert evidence[15] == pytest.approx(evidence[14] / 2, rel=0.35)
    assert evidence[9] == 0


def test_exercise_at_a_known_activity_is_not_unusual_but_at_rest_it_is(settled: np.ndarray) -> None:
    rows = observations(np.full(PEOPLE, START_MS + 45 * DAY_MS + 14 * HOUR_MS), value=95.0)
    rows["activity"] = 2.0
    running = expect(settled, rows).z[:, HEART]
    rows["activity"] = 0.0
    sitting = expect(settled, rows).z[:, HEART]
    assert np.median(np.abs(running)) < 1.5
    assert np.median(sitting) > 3


def test_more_exercise_than_usual_does_not_shift_what_is_expected_at_rest(settled: np.ndarray) -> None:
    twins = settled.copy()
    start = START_MS + 45 * DAY_MS + 14 * HOUR_MS
    rest = observations(np.full(PEOPLE, start + 10 * DAY_MS))
    rest["activity"] = 0.0
    before = expect(twins, rest).center[:, HEART]
    for day in range(10):
        rows = observations(np.full(PEOPLE, start + day * DAY_MS))
        rows["activity"] = 2.5
        rows["value"][:, HEART] = expect(twins, rows).center[:, HEART]  # exactly as expected
        learn(twins, rows)
    assert (twins["activity_mean"][:, HEART] > settled["activity_mean"][:, HEART] + 0.1).all()
    assert np.abs(expect(twins, rest).center[:, HEART] - before).max() < 0.01


def test_an_illness_learned_at_a_tenth_of_the_pace_hardly_becomes_normal() -> None:
    moved = []
    for pace in (0.0, 0.1, 1.0):
        twins = somebody(days=60)
        before = float(twins["center"][0, HEART])
        times = START_MS + (60 + np.arange(10)) * DAY_MS
        learn_in_turn(twins, observations(times, value=88.0), pace)
        moved.append(float(twins["center"][0, HEART]) - before)
    assert moved[0] == 0
    assert 0 < moved[1] < 2.5
    assert moved[2] > 2 * moved[1]


def test_somebody_only_ever_seen_at_rest_cannot_be_judged_while_running() -> None:
    twins = blank_twins(1)
    for day in range(40):
        row = observations([START_MS + day * DAY_MS], value=68.0 + day % 5)
        row["activity"] = 0.1 * (day % 2)
        learn(twins, row)
    rows = observations([START_MS + 40 * DAY_MS] * 2)
    rows["activity"] = [0.0, 2.0]
    resting, running = expect(np.repeat(twins, 2), rows).spread[:, HEART]
    assert running > 3 * resting


def test_unknown_activity_widens_the_band_by_what_activity_does(settled: np.ndarray) -> None:
    rows = observations(np.full(PEOPLE, START_MS + 45 * DAY_MS + 14 * HOUR_MS))
    unknown = expect(settled, rows).spread[:, HEART]
    rows["activity"] = settled["activity_mean"][:, HEART]
    known = expect(settled, rows).spread[:, HEART]
    assert (unknown > 1.3 * known).all()


def test_nothing_is_expected_before_there_is_evidence_and_the_first_bands_are_wide() -> None:
    twins = blank_twins(1)
    rng = np.random.default_rng(4)
    widths = []
    for day in range(60):
        row = observations([START_MS + day * DAY_MS], value=rng.normal(70, 3))
        expectation = expect(twins, row)
        assert expectation.ready[0, HEART] == (day >= 5)
        widths.append(expectation.spread[0, HEART])
        learn(twins, row)
    assert widths[5] > 2 * widths[-1]
    assert widths[-1] == pytest.approx(3, abs=1.2)


def test_sixty_readings_in_a_minute_are_hardly_more_than_one() -> None:
    twins = blank_twins(1)
    learn_in_turn(twins, observations(START_MS + np.arange(60) * SECOND_MS, value=90.0))
    assert twins["evidence"][0, HEART] < 1.1
    assert not expect(twins, observations([START_MS + HOUR_MS])).ready[0, HEART]


def test_a_burst_does_not_drag_a_settled_level() -> None:
    calm, burst = somebody(), somebody()
    times = START_MS + 41 * DAY_MS + np.arange(60) * SECOND_MS
    learn(calm, observations(times[:1], value=90.0))
    learn_in_turn(burst, observations(times, value=90.0))
    moved_by_one = calm["center"][0, HEART] - 70
    moved_by_sixty = burst["center"][0, HEART] - 70
    assert moved_by_sixty < moved_by_one + 0.2


def test_a_burst_from_an_offline_queue_counts_no_more_than_a_live_one() -> None:
    twins = somebody(days=30)
    before = float(twins["evidence"][0, HEART])
    week_ago = START_MS + 22 * DAY_MS + 7 * HOUR_MS
    learn_in_turn(twins, observations(week_ago + np.arange(60) * SECOND_MS, value=70.0))
    assert twins["evidence"][0, HEART] < before + 1.2


def test_a_late_reading_teaches_the_less_the_older_it_is_and_does_not_turn_time_back() -> None:
    moved = []
    for age_days in (2, 10, 300):
        twins = somebody(days=40)
        before = twins.copy()
        learn(twins, observations([START_MS + (39 - age_days) * DAY_MS - 5 * HOUR_MS], value=78.0))
        moved.append(float(twins["center"][0, HEART] - before["center"][0, HEART]))
        assert twins["latest_s"][0, HEART] == before["latest_s"][0, HEART]
    assert moved[0] > moved[1] > moved[2] > 0


def test_a_slow_change_is_followed_within_the_memory() -> None:
    twins = somebody(days=60, spread=3)
    rng = np.random.default_rng(8)
    times = START_MS + (60 + np.arange(60)) * DAY_MS
    learn_in_turn(twins, observations(times, value=rng.normal(76, 3, 60)))
    settled = expect(twins, observations([START_MS + 121 * DAY_MS]))
    assert settled.center[0, HEART] == pytest.approx(76, abs=1.5)


def test_an_absurd_first_reading_is_outlived() -> None:
    twins = blank_twins(1)
    learn(twins, observations([START_MS], value=220.0))
    rng = np.random.default_rng(3)
    learn_in_turn(twins, observations(START_MS + (1 + np.arange(30)) * DAY_MS, value=rng.normal(70, 3, 30)))
    assert expect(twins, observations([START_MS + 31 * DAY_MS])).center[0, HEART] == pytest.approx(70, abs=5)


def test_a_confirmed_new_normal_is_taken_over_at_once_and_only_where_it_was_confirmed() -> None:
    waiting, confirmed = somebody(days=60), somebody(days=60)
    confirm_new_normal(confirmed, [HEART])
    assert confirmed["scale_evidence"][0, HEART] < waiting["scale_evidence"][0, HEART]
    assert not expect(confirmed, observations([START_MS + 60 * DAY_MS])).ready[0, HEART]
    rng = np.random.default_rng(6)
    rows = observations(START_MS + (60 + np.arange(6)) * DAY_MS, value=rng.normal(95, 4, 6))
    learn_in_turn(waiting, rows)
    learn_in_turn(confirmed, rows)
    asked = observations([START_MS + 66 * DAY_MS])
    assert expect(confirmed, asked).center[0, HEART] == pytest.approx(95, abs=4)
    assert expect(waiting, asked).center[0, HEART] < 88
    untouched = somebody(days=60)
    kept = untouched.tobytes()
    confirm_new_normal(untouched, [COLUMN["respiratory_rate"]])
    assert expect(untouched, asked).ready[0, HEART]
    assert untouched["evidence"][0, HEART] == np.frombuffer(kept, untouched.dtype)["evidence"][0, HEART]


def test_after_long_silence_the_band_is_wider_and_after_a_very_long_one_there_is_none() -> None:
    twins = somebody(days=40)
    soon, later, years = (START_MS + (40 + gap) * DAY_MS for gap in (0, 200, 3000))
    expectation = expect(np.repeat(twins, 3), observations([soon, later, years]))
    assert expectation.spread[1, HEART] > expectation.spread[0, HEART]
    assert expectation.ready[:, HEART].tolist() == [True, True, False]


def test_the_spread_never_falls_below_what_the_sensor_repeats() -> None:
    twins = blank_twins(1)
    times = START_MS + np.arange(200) * DAY_MS
    learn_in_turn(twins, observations(times, "oxygen_saturation", 97.0))
    expectation = expect(twins, observations([START_MS + 200 * DAY_MS]))
    assert expectation.spread[0, COLUMN["oxygen_saturation"]] >= 0.7


def test_days_with_data_are_counted_once_in_any_order() -> None:
    days = [0, 0, 3, 1, 0, 1, 3, 2, 80, 79]
    twins = blank_twins(1)
    learn_in_turn(twins, observations([START_MS + d * DAY_MS + HOUR_MS for d in days[:8]], value=70.0))
    assert twins["days"][0] == 4
    learn_in_turn(twins, observations([START_MS + d * DAY_MS + HOUR_MS for d in days[8:]], value=70.0))
    assert twins["days"][0] == 6


def test_a_history_imported_late_counts_each_of_its_days_once() -> None:
    twins = somebody(days=3)
    hourly = START_MS - 400 * DAY_MS + np.arange(24 * 20) * HOUR_MS
    learn_in_turn(twins, observations(hourly, value=70.0))
    assert twins["days"][0] == 3 + 20


def test_the_phase_follows_days_with_data_not_time() -> None:
    twins = blank_twins(1)
    seen = {}
    for k in range(92):
        learn(twins, observations([START_MS + k * 3 * DAY_MS], value=70.0))
        seen[k + 1] = int(phase(twins)[0])
    assert [seen[day] for day in (1, 30, 31, 60, 61, 90, 91)] == [1, 1, 2, 2, 3, 3, 4]


def test_a_five_minute_stream_is_ready_on_the_third_day_not_after_an_hour() -> None:
    twins = blank_twins(1)
    first_ready = None
    rng = np.random.default_rng(2)
    for k in range(4 * 288):
        row = observations([START_MS + k * 5 * MINUTE_MS], value=rng.normal(70, 4))
        if first_ready is None and expect(twins, row).ready[0, HEART]:
            first_ready = k * 5 * MINUTE_MS // DAY_MS
        learn(twins, row)
    assert first_ready == 2
