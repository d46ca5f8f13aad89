"""What somebody knows of an alert is signs with values: what is new or clearly worse is told again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from healthtwin.domain import METRIC_BY_FIELD, AlertLevel, Verb
from healthtwin.domain.symptoms import Symptom
from healthtwin.episodes import VITALS_KEY
from healthtwin.pipeline import VerbPayload
from tests.pipeline.one_house import OneHouse, at
from tests.pipeline.recordings_of_people import verb, vitals

DAY = 24 * 60


def metrics(house: OneHouse) -> set[str | None]:
    """What the last message aloud speaks of."""
    return {fact.metric for fact in house.messages[-1].evidence}


def known(first: dict[str, Any], verb: str = "acknowledge", **facts: Any) -> OneHouse:  # noqa: ANN401
    """A house in which a first danger was seen, told, and taken note of."""
    house = OneHouse(facts=facts)
    house.see(10, **first)
    house.act(verb, 10.5, until=60 if verb == "snooze" else None)
    assert len(house.messages) == 1
    return house


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
@pytest.mark.parametrize(
    ("first", "new", "metric"),
    [
        ({"spo2": 86}, {"heart_rate": 182, "systolic": 68, "diastolic": 40}, "heart_rate"),
        ({"spo2": 86}, {"spo2": 86, "temperature": 41.4}, "body_temperature"),
        ({"heart_rate": 133}, {"respiratory_rate": 26}, "respiratory_rate"),
        ({"systolic": 186, "diastolic": 104}, {"spo2": 91}, "oxygen_saturation"),
        ({"temperature": 40.4}, {"consciousness": 1}, "consciousness"),
        ({"respiratory_rate": 26}, {"heart_rate": 39}, "heart_rate"),
    ],
)
def test_a_new_sign_is_told_whatever_was_done_with_the_others(
    verb: str, first: dict[str, Any], new: dict[str, Any], metric: str
) -> None:
    house = known(first, verb)
    house.see(16, **new)
    assert house.state == "triggered"
    assert len(house.messages) == 2
    assert metric in metrics(house)


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
@pytest.mark.parametrize(
    ("first", "falls"),
    [
        ({"spo2": 89}, [{"spo2": value} for value in (84, 78, 70, 62, 55)]),
        ({"heart_rate": 152}, [{"heart_rate": value} for value in (168, 176, 184, 196)]),
        ({"heart_rate": 34}, [{"heart_rate": value} for value in (31, 28, 24)]),
        ({"respiratory_rate": 31}, [{"respiratory_rate": value} for value in (37, 41)]),
        ({"systolic": 88}, [{"systolic": value} for value in (86, 77, 69)]),
        ({"temperature": 41.1}, [{"temperature": value} for value in (41.6, 42.2)]),
    ],
)
def test_a_clearly_worse_value_of_a_known_sign_is_told(
    verb: str, first: dict[str, Any], falls: list[dict[str, Any]]
) -> None:
    house = known(first, verb)
    for number, fall in enumerate(falls):
        house.see(15 + 5 * number, **fall)
    assert house.state == "triggered"
    assert len(house.messages) >= 2
    ((metric, value),) = house_values(falls[-1])
    assert any(fact.metric == metric for fact in house.messages[-1].evidence)
    newest = {sign.metric: sign.value or 0.0 for sign in house.messages[-1].standing}
    assert abs(newest[metric] - value) <= abs(house_values(first)[0][1] - value)


def house_values(values: dict[str, Any]) -> list[tuple[str, float]]:
    """By the metrics' own names."""
    return [(METRIC_BY_FIELD[name].name, value) for name, value in values.items()]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"spo2": 86}, [{"spo2": value} for value in (87, 86, 85, 86, 88, 86)]),
        ({"spo2": 86}, [{"spo2": 84}, {"spo2": 86}, {"spo2": 87}]),
        ({"heart_rate": 152}, [{"heart_rate": value} for value in (150, 158, 149, 161, 155)]),
        ({"systolic": 186, "diastolic": 104}, [{"systolic": 192, "diastolic": 106}] * 3),
        ({"respiratory_rate": 31}, [{"respiratory_rate": value} for value in (32, 30, 33)]),
    ],
)
def test_what_wobbles_within_the_error_of_a_meter_is_not_told_again(
    first: dict[str, Any], then: list[dict[str, Any]]
) -> None:
    house = known(first)
    for number, values in enumerate(then):
        house.see(15 + 5 * number, **values)
    assert house.state == "acknowledged"
    assert len(house.messages) == 1


def test_a_worse_rung_seen_once_is_told_when_no_second_reading_comes() -> None:
    house = known({"spo2": 89})
    house.see(15, spo2=84)
    assert house.state == "acknowledged"
    house.tick(20)
    assert house.state == "acknowledged"
    house.tick(26)
    assert house.state == "triggered"
    assert house.messages[-1].verb is Verb.WORSENED


@pytest.mark.parametrize(
    ("first", "worse", "wobble"),
    [
        ({"spo2": 89}, {"spo2": 84}, {"spo2": 87}),
        ({"heart_rate": 133}, {"heart_rate": 149 + 1}, {"heart_rate": 140}),
        ({"systolic": 186, "diastolic": 104}, {"systolic": 204, "diastolic": 104}, {"systolic": 194}),
        ({"temperature": 40.2}, {"temperature": 41.0}, {"temperature": 40.5}),
        ({"respiratory_rate": 26}, {"respiratory_rate": 30}, {"respiratory_rate": 28}),
    ],
)
def test_what_was_closed_by_hand_opens_again_by_one_clearly_worse_reading_and_by_no_wobble(
    first: dict[str, Any], worse: dict[str, Any], wobble: dict[str, Any]
) -> None:
    for soon in (12, 20):  # time alone opens nothing that was closed: a pause would hide the reading for good
        house = known(first, "resolve")
        house.see(soon - 1, **wobble)
        assert house.state == "resolved"
        house.see(soon, **worse)
        assert house.state == "triggered"
        assert len(house.messages) == 2


def test_nobody_acted_and_further_signs_come_so_the_alert_names_them() -> None:
    house = OneHouse()
    house.see(0, spo2=86)
    house.see(10, respiratory_rate=34, consciousness=1, spo2=94)
    assert {"respiratory_rate", "consciousness"} <= metrics(house)
    assert house.messages[-1].rule == "not_alert"
    assert len(house.messages) == 2


def test_a_cuff_that_rests_hides_no_other_sign() -> None:
    house = OneHouse()
    house.see(0, systolic=186, diastolic=104, heart_rate=70)
    for hour in range(1, 72):
        house.see(60 * hour, heart_rate=70, respiratory_rate=15)
    messages = len(house.messages)
    for quarter in range(24):
        house.see(3 * DAY + 15 * quarter, heart_rate=70, respiratory_rate=26)
    assert house.state == "triggered"
    assert len(house.messages) == messages + 1
    assert "respiratory_rate" in metrics(house)


def test_a_sign_that_ceased_and_came_back_is_new_again() -> None:
    house = known({"spo2": 86, "heart_rate": 156})
    for minute in range(15, 60, 5):
        house.see(minute, spo2=97, heart_rate=156)
    assert house.state == "acknowledged"
    house.see(60, spo2=86, heart_rate=156)
    assert house.state == "triggered"
    assert len(house.messages) == 2


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
def test_older_readings_that_come_late_undo_nothing_that_somebody_did(verb: str) -> None:
    house = known({"spo2": 80}, verb)
    before = (house.state, int(house.episode["snoozed_until_ms"]))
    late = [
        vitals(at(2), device="d-watch", arrived_ms=at(11), heart_rate=155, activity_level=0),
        vitals(at(7), device="d-watch", arrived_ms=at(11), heart_rate=152, activity_level=0),
    ]
    house.put(*late)
    house.tick(12)
    assert (house.state, int(house.episode["snoozed_until_ms"])) == before
    assert len(house.messages) == 1
    assert house.alert.change.state == before[0]
    assert "heart_rate" in {fact.metric for fact in house.alert.change.evidence} or verb == "resolve"


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
@pytest.mark.parametrize("late", [{"spo2": 84}, {"spo2": 97}, {"spo2": 80}])
def test_an_older_reading_of_the_same_sign_undoes_nothing(verb: str, late: dict[str, Any]) -> None:
    house = known({"spo2": 80}, verb)
    before = house.state
    house.see(9, arrives=11, **late)
    house.tick(12)
    assert house.state == before
    assert len(house.messages) == 1


@pytest.mark.parametrize("verb", ["acknowledge", "snooze", "resolve"])
@pytest.mark.parametrize(
    ("first", "late"),
    [
        ({"heart_rate": 133}, {"spo2": 78}),  # a higher level
        ({"spo2": 89}, {"spo2": 69}),  # a deeper, urgent rung of a known vital
        ({"spo2": 89}, {"heart_rate": 188}),  # an urgent rung of another
    ],
)
def test_an_older_reading_that_is_graver_than_what_was_known_is_told(
    verb: str, first: dict[str, Any], late: dict[str, Any]
) -> None:
    house = known(first, verb)
    house.see(8, arrives=11, device="d-watch", **late)
    assert house.state == "triggered"
    assert len(house.messages) == 2


def test_a_click_on_a_warning_never_covers_what_became_critical_before_it_arrived() -> None:
    house = OneHouse()
    house.see(10, heart_rate=133)
    rules, rungs = house.alert.change.told_rules, house.alert.change.rungs
    house.see(11, heart_rate=156)
    house.act("acknowledge", 11.5, knows=(rules, rungs, AlertLevel.WARNING))
    assert house.state == "triggered"


def test_a_critical_alert_that_is_not_better_is_told_again_after_half_an_hour_then_hourly() -> None:
    house = known({"spo2": 84})
    for minute in range(15, 170, 5):
        house.see(minute, spo2=84)
        house.tick(minute + 1)
    reminded = [message for message in house.messages if message.verb is Verb.REMINDED]
    assert [round((message.at_ms - at(0)) / 60_000) for message in reminded] == [40, 100, 160]
    assert house.state == "acknowledged"


def test_a_critical_alert_that_gets_better_reminds_nobody() -> None:
    house = known({"spo2": 84})
    for minute in range(15, 120, 5):
        house.see(minute, spo2=97)
        house.tick(minute + 1)
    assert [message.verb for message in house.messages] == [Verb.OPENED]
    assert house.state == "resolved"


def test_the_end_of_a_snooze_tells_what_still_stands() -> None:
    house = known({"spo2": 86}, "snooze")
    for minute in range(15, 60, 5):
        house.see(minute, spo2=86)
    house.tick(61)
    assert house.state == "triggered"
    assert house.messages[-1].verb is Verb.WOKEN


@pytest.mark.parametrize("later", [[], [{"spo2": 97}] * 3])
def test_the_end_of_a_snooze_tells_nothing_that_is_no_longer_so_or_no_longer_known(
    later: list[dict[str, Any]],
) -> None:
    house = OneHouse()
    house.see(10, spo2=86)
    house.act("snooze", 10.5, until=130)
    for number, values in enumerate(later):
        house.see(115 + 5 * number, **values)
    house.tick(131)
    assert len(house.messages) == 1
    assert house.state == "acknowledged"
    house.see(140, spo2=86)
    assert house.state == "triggered"
    assert len(house.messages) == 2


@pytest.mark.parametrize(
    ("first", "calm", "minute"),
    [
        ({"heart_rate": 133}, {"heart_rate": 80}, 25),
        ({"systolic": 186, "diastolic": 104}, {"systolic": 128, "diastolic": 80}, DAY),
        ({"temperature": 40.4}, {"temperature": 37.2}, 90),
        ({"spo2": 91}, {"spo2": 97}, 30),
    ],
)
def test_measuring_again_as_the_advice_says_closes_a_warning(
    first: dict[str, Any], calm: dict[str, Any], minute: int
) -> None:
    house = OneHouse()
    house.see(10, **first)
    assert house.episode["level"] == AlertLevel.WARNING
    house.see(minute, **calm)
    assert house.state == "resolved"


def test_a_critical_one_is_closed_by_two_and_measuring_too_soon_closes_nothing() -> None:
    house = OneHouse()
    house.see(10, spo2=84)
    house.see(12, spo2=97)
    assert house.state == "triggered"
    house.see(27, spo2=97)
    assert house.state == "triggered"
    house.see(43, spo2=97)
    assert house.state == "resolved"


def test_what_flaps_after_it_was_closed_by_measuring_again_needs_a_calm_stretch() -> None:
    house = OneHouse()
    for number in range(8):
        house.see(15 * number, heart_rate=134 if number % 2 == 0 else 80)
    assert len([message for message in house.messages if message.verb is Verb.OPENED]) <= 2


def test_a_watch_that_measures_all_the_time_closes_after_a_calm_stretch_as_ever() -> None:
    house = OneHouse()
    house.see(0, heart_rate=134)
    for minute in range(1, 30):
        house.see(minute, heart_rate=80)
        assert house.state == "triggered"
    for minute in range(30, 33):
        house.see(minute, heart_rate=80)
    assert house.state == "resolved"


def test_a_child_and_a_pregnant_woman_have_ladders_of_their_own_limits() -> None:
    child = known({"heart_rate": 55}, birth_year=2016)
    child.see(16, heart_rate=44)
    child.see(21, heart_rate=38)
    assert child.state == "triggered"
    mother = known({"systolic": 152, "diastolic": 95, "heart_rate": 90}, pregnant=True)
    mother.see(16, systolic=186, diastolic=122, heart_rate=92)
    assert mother.state == "triggered"


def test_what_a_symptom_made_grave_is_not_told_again_by_the_next_equal_reading() -> None:
    house = OneHouse(facts={"low_pulse_floor": 36, "low_pulse_known_until": date(2026, 9, 1)})
    assert not house.see(0, heart_rate=38)
    told = house.put(verb(at(2), VerbPayload("feel", VITALS_KEY, 0, columns=int(Symptom.FAINT))))
    assert [change.level for change in told] == [AlertLevel.CRITICAL]
    assert not house.see(5, heart_rate=38)
    assert house.see(10, heart_rate=29)  # clearly worse is told
