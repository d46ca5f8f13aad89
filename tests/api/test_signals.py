"""Raw windows in, readings out: measured beside the event loop, stored once, and the window forgotten."""

from __future__ import annotations

import base64
import math
from typing import Any

import httpx2
import numpy as np
import pytest

from healthtwin.access import wall_ms
from healthtwin.api.signals import BURST_WINDOWS
from healthtwin.domain import DAY_MS, METRICS
from tests.api.conftest import World, problem_of, reading

FPS = 30.0


def finger(beats_per_min: float = 72.0, seconds: float = 40.0) -> dict[str, list[float]]:
    """The mean colours of a camera's frames under a finger: a pulse of steady rate, a little noise."""
    noise = np.random.default_rng(7)
    time_ms = np.arange(0.0, seconds * 1000, 1000 / FPS)
    phase = 2 * math.pi * beats_per_min / 60_000 * time_ms
    pulse = np.sin(phase) + 0.4 * np.sin(2 * phase + 0.8)
    return {
        "time_ms": time_ms.round(1).tolist(),
        **{
            name: (level - depth * pulse + noise.normal(0, 0.02, time_ms.size)).round(3).tolist()
            for name, level, depth in (("red", 190.0, 1.2), ("green", 20.0, 0.6), ("blue", 12.0, 0.3))
        },
    }


def chest(breaths_per_min: float = 15.0, seconds: float = 60.0) -> dict[str, list[float]]:
    """A phone on a chest, 60 Hz, rounded to 0.1 m/s² as browsers do."""
    time_ms = np.arange(0.0, seconds * 1000, 1000 / 60)
    tilt = math.radians(3) * np.sin(2 * math.pi * breaths_per_min / 60_000 * time_ms)
    noise = np.random.default_rng(3).normal(0, 0.03, (3, time_ms.size))
    axes = np.stack([0 * tilt, 9.81 * np.sin(tilt + 0.2), 9.81 * np.cos(tilt + 0.2)]) + noise
    ax, ay, az = axes.round(1).tolist()
    return {"time_ms": time_ms.round(2).tolist(), "ax": ax, "ay": ay, "az": az}


def ppg(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A window of just now, unless it says otherwise."""
    return {"timestamp": wall_ms() - 40_000, "sequence": 1, "samples": finger(), **fields}


def test_a_finger_on_the_camera_becomes_a_reading(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    window = ppg(activity_level="sedentary", posture="sitting")
    answer = phone.post("/api/signals/ppg", json=window)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["outcome"] == "accepted"
    assert told["stored"]["heart_rate"] == pytest.approx(72, abs=1)
    assert told["measurement"]["heart_rate"] == told["stored"]["heart_rate"]
    assert told["measurement"]["beats_ms"]
    assert 0 < told["measurement"]["quality"] <= 1
    assert set(told["refusals"]).isdisjoint(told["stored"])
    assert all(set(refusal) == {"code", "words", "facts"} for refusal in told["refusals"].values())

    series = phone.get(f"/api/people/{ada}/series", params={"metric": "heart_rate"}).json()
    assert (series["t"], series["v"]) == ([window["timestamp"]], [told["stored"]["heart_rate"]])
    assert world.values(ada, "activity_level") == [0]


def test_a_window_sent_25_times_stands_once(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    window = ppg()
    answers = [phone.post("/api/signals/ppg", json=window).json() for _ in range(25)]
    assert [answer["outcome"] for answer in answers] == ["accepted"] + ["duplicate"] * 24
    assert all(answer["stored"] == answers[0]["stored"] for answer in answers)
    assert len(world.values(ada)) == 1


def test_25_windows_of_an_offline_phone_all_arrive_once_in_any_order(world: World) -> None:
    ada, now = world.person(), wall_ms()
    phone = world.phone(ada)
    queue = [ppg(sequence=n, timestamp=now - (n + 1) * 300_000) for n in range(25)]
    for window in [*queue[::-1], *queue[:10]]:
        assert phone.post("/api/signals/ppg", json=window).status_code == 200
    assert len(world.values(ada)) == 25


def test_other_content_under_the_same_sequence_is_a_conflict_and_the_first_stands(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    window = ppg()
    phone.post("/api/signals/ppg", json=window)
    first = world.values(ada)
    problem = problem_of(phone.post("/api/signals/ppg", json={**window, "samples": finger(90)}), 409)
    assert "sequence 1" in problem["detail"]
    assert world.values(ada) == first
    problem_of(phone.post("/api/vitals", json=reading(sequence=1)), 409)


def test_breathing_comes_from_a_phone_on_the_chest(world: World) -> None:
    ada = world.person()
    window = {"timestamp": wall_ms() - 60_000, "sequence": 1, "test": "breathing", "samples": chest()}
    answer = world.phone(ada).post("/api/signals/motion", json=window).json()
    assert answer["stored"]["respiratory_rate"] == pytest.approx(15, abs=1)
    assert world.values(ada, "respiratory_rate") == [answer["stored"]["respiratory_rate"]]


def test_whatever_a_test_measures_has_a_place_in_the_series(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    sway = np.random.default_rng(5).normal(0, 0.2, (2, 3600)).cumsum(axis=1) * 0.01
    still = {"ax": sway[0].round(1).tolist(), "ay": (9.8 + 0 * sway[0]).round(1).tolist()}
    samples = {"time_ms": chest()["time_ms"], **still, "az": sway[1].round(1).tolist()}
    for sequence, test in enumerate(("balance", "gait", "tremor_rest", "tremor_posture", "activity")):
        window = {"timestamp": wall_ms(), "sequence": sequence, "test": test, "samples": samples}
        told = phone.post("/api/signals/motion", json=window).json()
        assert set(told["stored"]) | set(told["refusals"]) <= set(METRICS)
        assert told["stored"] == {k: v for k, v in told["measurement"].items() if k in told["stored"]}


def test_what_the_signal_does_not_carry_is_refused_and_nothing_is_stored(world: World) -> None:
    ada = world.person()
    samples = finger()
    flat = {name: values if name == "time_ms" else [100.0] * len(values) for name, values in samples.items()}
    answer = world.phone(ada).post("/api/signals/ppg", json=ppg(samples=flat)).json()
    assert (answer["outcome"], answer["stored"]) == ("nothing_measured", {})
    assert answer["refusals"]["heart_rate"]["words"]
    assert answer["measurement"]["heart_rate"] is None
    assert world.values(ada) == []


def sound(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Three seconds of a quiet room."""
    samples = np.random.default_rng(1).normal(0, 30, 8000 * 3).astype("<i2")
    return {
        "timestamp": wall_ms(),
        "sequence": 1,
        "kind": "cough",
        "sample_rate": 8000,
        "pcm16": base64.b64encode(samples.tobytes()).decode(),
        "consent": True,
        **fields,
    }


def test_a_sound_is_measured_with_consent_and_not_without(world: World) -> None:
    ada = world.person()
    phone = world.phone(ada)
    answer = phone.post("/api/signals/audio", json=sound())
    assert answer.status_code == 200, answer.text
    assert "pcm16" not in answer.text
    for consent in (False, None):
        problem = problem_of(phone.post("/api/signals/audio", json=sound(consent=consent)), 422)
        assert problem["field"] == "consent"


def test_features_of_a_sound_say_the_same_as_the_sound(world: World) -> None:
    from healthtwin.sensing.sound_frames import sound_frames

    ada = world.person()
    window = sound()
    samples = np.frombuffer(base64.b64decode(window["pcm16"]), "<i2").astype(float) / 32768
    frames = sound_frames(samples, 8000).as_json()
    phone = world.phone(ada)
    whole = phone.post("/api/signals/audio", json=window).json()
    light = {**{key: window[key] for key in ("timestamp", "sequence", "kind")}, "frames": frames}
    features = phone.post("/api/signals/audio", json=light).json()
    assert features["stored"] == whole["stored"]
    assert set(features["refusals"]) == set(whole["refusals"])


def without(samples: dict[str, list[float]], name: str) -> dict[str, list[float]]:
    return {key: values for key, values in samples.items() if key != name}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"samples": {name: [] for name in ("time_ms", "red", "green", "blue")}}, "samples.time_ms"),
        ({"samples": without(finger(), "blue")}, "samples.blue"),
        ({"samples": {**finger(), "red": [1.0]}}, "samples.red"),
        (
            {"samples": {**finger(), "time_ms": [5.0, *finger()["time_ms"][1:-1], 0.0]}},
            "samples.time_ms[1199]",
        ),
        ({"samples": {**finger(), "green": ["x", *finger()["green"][1:]]}}, "samples.green[0]"),
        ({"samples": {**finger(), "green": [True, *finger()["green"][1:]]}}, "samples.green[0]"),
        ({"samples": {**finger(), "infrared": []}}, "samples.infrared"),
        ({"samples": [1, 2, 3]}, "samples"),
        ({"samples": {name: [0.0] * 60_001 for name in finger()}}, "samples.time_ms"),
        ({"samples": {**finger(), "time_ms": [t * 20 for t in finger()["time_ms"]]}}, "samples.time_ms"),
        ({"timestamp": wall_ms() + DAY_MS}, "timestamp"),
        ({"timestamp": None}, "timestamp"),
        ({"sequence": -1}, "sequence"),
        ({"activity_level": "running"}, "activity_level"),
        ({"activity_level": 11}, "activity_level"),
        ({"posture": "flying"}, "posture"),
        ({"person": "p-somebody"}, "person"),
        ({"quality": 1}, "quality"),
    ],
)
def test_what_is_no_window_is_refused_by_name(world: World, wrong: dict[str, Any], field: str) -> None:
    ada = world.person()
    problem = problem_of(world.phone(ada).post("/api/signals/ppg", json=ppg(**wrong)), 422)
    assert problem["field"].startswith(field)
    assert problem["allowed"]
    assert world.values(ada) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"test": "jumping"}, "test"),
        ({"samples": {**chest(), "gx": chest()["ax"]}}, "samples"),
        ({"samples": {**chest(), "ax": chest()["ax"][:-1]}}, "samples.ax"),
    ],
)
def test_what_is_no_motion_is_refused_by_name(world: World, wrong: dict[str, Any], field: str) -> None:
    window = {"timestamp": wall_ms(), "test": "balance", "samples": chest(), **wrong}
    ada = world.person()
    assert problem_of(world.phone(ada).post("/api/signals/motion", json=window), 422)["field"] == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pcm16": None, "consent": None}, "frames"),
        ({"frames": {}}, "frames"),
        ({"pcm16": "no base64!"}, "pcm16"),
        ({"pcm16": "AAA="}, "pcm16"),  # an odd number of bytes
        ({"pcm16": ""}, "pcm16"),
        ({"sample_rate": None}, "sample_rate"),
        ({"sample_rate": 5}, "sample_rate"),
        ({"kind": "snore"}, "kind"),
        ({"pcm16": None, "frames": {}, "kind": "voice"}, "kind"),
        ({"pcm16": None, "frames": {"version": 1}}, "frames"),
        ({"pcm16": None, "frames": {"version": [[[[[[1]]]]]]}}, "frames.version"),
    ],
)
def test_what_is_no_sound_is_refused_by_name(world: World, wrong: dict[str, Any], field: str) -> None:
    ada = world.person()
    answer = world.phone(ada).post("/api/signals/audio", json=sound(**wrong))
    assert problem_of(answer, 422)["field"].startswith(field)


def test_numbers_that_are_none_are_named_too(world: World) -> None:
    """JSON has no NaN; some senders write it all the same."""
    ada = world.person()
    samples = b'{"time_ms": [0, 33], "red": [1, NaN], "green": [1, 1], "blue": [1, 1]}'
    body = b'{"timestamp": %d, "samples": ' + samples + b"}"
    answer = world.phone(ada).post("/api/signals/ppg", content=body % wall_ms())
    assert problem_of(answer, 422)["field"] == "samples.red[1]"


def test_more_than_a_minute_of_sound_and_too_many_features_are_too_large(world: World) -> None:
    phone = world.phone(world.person())
    long = base64.b64encode(bytes(2 * 8000 * 61)).decode()
    problem_of(phone.post("/api/signals/audio", json=sound(pcm16=long)), 413)
    many = {"timestamp": wall_ms(), "kind": "cough", "frames": {"level_db": [0] * 200_001}}
    problem_of(phone.post("/api/signals/audio", json=many), 413)


def test_a_hub_says_whose_window_it_is(world: World) -> None:
    ada = world.person()
    admin = world.admin()
    assert problem_of(admin.post("/api/signals/ppg", json=ppg()), 422)["field"] == "person"
    assert admin.post("/api/signals/ppg", json=ppg(person=ada)).json()["outcome"] == "accepted"
    assert len(world.values(ada)) == 1


def test_too_many_windows_have_to_wait(world: World) -> None:
    phone = world.phone(world.person())
    answers: list[httpx2.Response] = []
    for _ in range(BURST_WINDOWS + 60):
        answers.append(phone.post("/api/signals/ppg", content=b""))
        if answers[-1].status_code == 429:
            break
    problem_of(answers[-1], 429)
    assert len(answers) > BURST_WINDOWS
    assert int(answers[-1].headers["retry-after"]) >= 1
