"""What is told to somebody who holds a finger on the lens, frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

PER_SECOND = 30
FINGER = (200.0, 40.0, 20.0, 0.1)
ROOM = (120.0, 118.0, 110.0, 0.3)
DARKNESS = (3.0, 2.0, 2.0, 0.1)

WATCH = """({FingerWatch}, {seconds, frames}) => {
  const watch = new FingerWatch(seconds);
  const states = frames.map(
    ([time, red, green, blue, spread]) => watch.add({time, red, green, blue, spread}));
  return {states, samples: watch.samples.length, wave: watch.wave(3)};
}"""


def frames(
    seconds: float, colour: tuple[float, ...] = FINGER, start_ms: float = 0.0, pulse: float = 0.01
) -> list[list[float]]:
    """Even frames of one colour that pulsates by this part of itself, 72 times a minute."""
    red, green, blue, spread = colour
    shown = []
    for at in range(round(seconds * PER_SECOND)):
        time = at / PER_SECOND
        part = 1 - pulse * max(0.0, float(np.sin(2 * np.pi * 1.2 * time)))
        shown.append([start_ms + 1000 * time, red * part, green * part, blue * part, spread])
    return shown


def after(*parts: list[list[float]], pause_ms: float = 1000 / PER_SECOND) -> list[list[float]]:
    """Parts one after the other."""
    joined: list[list[float]] = []
    for part in parts:
        start = joined[-1][0] + pause_ms if joined else 0.0
        joined.extend([start + frame[0] - part[0][0], *frame[1:]] for frame in part)
    return joined


def watched(modules: Screen, shown: list[list[float]], seconds: float = 30) -> dict[str, Any]:
    answer: dict[str, Any] = modules.run("finger_watch.js", WATCH, {"seconds": seconds, "frames": shown})
    return answer


def phases(answer: dict[str, Any]) -> list[str]:
    """The phases in the order they were entered."""
    entered: list[str] = []
    for state in answer["states"]:
        if not entered or entered[-1] != state["phase"]:
            entered.append(state["phase"])
    return entered


def test_a_still_finger_settles_is_counted_and_done(modules: Screen) -> None:
    answer = watched(modules, frames(33))
    assert phases(answer) == ["settling", "counting", "done"]
    assert [state["hold"] for state in answer["states"]].count(True) == 1, "exposure is held once"
    assert answer["states"][-1]["progress"] == 1
    assert answer["samples"] == 30 * PER_SECOND + 1
    lefts = [state["left_s"] for state in answer["states"] if state["phase"] == "counting"]
    assert lefts == sorted(lefts, reverse=True)
    assert (lefts[0], lefts[-1]) == (30, 1)


def test_nothing_is_counted_before_a_finger_lies_there(modules: Screen) -> None:
    answer = watched(modules, frames(40, ROOM))
    assert phases(answer) == ["waiting"]
    assert answer["states"][-1]["hint"] == "cover"
    assert answer["samples"] == 0


def test_a_covered_lens_without_light_is_told_apart_from_no_finger(modules: Screen) -> None:
    assert watched(modules, frames(1, DARKNESS))["states"][-1]["hint"] == "dark"


@pytest.mark.parametrize(
    ("colour", "seen"),
    [
        ((255.0, 90.0, 60.0, 0.0), "finger"),  # red is saturated under a bright torch
        ((90.0, 30.0, 25.0, 0.2), "finger"),  # daylight through a finger
        ((200.0, 150.0, 110.0, 0.05), "open"),  # a wooden table, close
        ((250.0, 250.0, 250.0, 0.02), "open"),  # a white wall
        ((200.0, 40.0, 20.0, 0.7), "open"),  # a red cushion with a shadow on it, or half a finger
        ((20.0, 60.0, 20.0, 0.2), "open"),
        ((5.0, 4.0, 4.0, 0.2), "dark"),
    ],
)
def test_a_finger_is_known_by_its_red_and_its_evenness(
    modules: Screen, colour: tuple[float, ...], seen: str
) -> None:
    red, green, blue, spread = colour
    frame = {"red": red, "green": green, "blue": blue, "spread": spread}
    assert modules.run("finger_watch.js", "({look}, frame) => look(frame)", frame) == seen


def test_a_lifted_finger_starts_again_when_it_comes_back(modules: Screen) -> None:
    answer = watched(modules, after(frames(17), frames(3, ROOM), frames(33)))
    assert phases(answer) == ["settling", "counting", "lifted", "settling", "counting", "done"]
    lifted = next(state for state in answer["states"] if state["phase"] == "lifted")
    assert lifted["kept_s"] == 15
    assert answer["samples"] == 30 * PER_SECOND + 1, "nothing from before the finger was lifted"


def test_a_finger_that_stays_away_ends_the_measurement(modules: Screen) -> None:
    answer = watched(modules, after(frames(17), frames(12, ROOM), frames(40)))
    assert phases(answer) == ["settling", "counting", "lifted", "given_up"]


def test_seconds_without_frames_are_counted_on_and_not_for_ever(modules: Screen) -> None:
    busy = after(frames(10), *[frames(1)] * 4, frames(40), pause_ms=1000)
    answer = watched(modules, busy)
    assert phases(answer) == ["settling", "counting", "done"]
    assert answer["samples"] == pytest.approx(30 * PER_SECOND, abs=10), "as many as an idle phone has"
    hopeless = watched(modules, after(*[frames(1 / PER_SECOND)] * 80, pause_ms=1000))
    assert phases(hopeless)[-1] == "done"


def test_a_few_lost_frames_do_not_end_it(modules: Screen) -> None:
    assert phases(watched(modules, after(frames(10), frames(0.2, ROOM), frames(24)))) == [
        "settling",
        "counting",
        "done",
    ]


def test_a_hole_in_the_frames_starts_again_and_says_so(modules: Screen) -> None:
    answer = watched(modules, after(frames(20), frames(5), pause_ms=4000))
    assert phases(answer)[:4] == ["settling", "counting", "settling", "counting"]
    assert answer["samples"] < 5 * PER_SECOND


def test_words_follow_what_the_finger_does(modules: Screen) -> None:
    clear = watched(modules, frames(10))
    assert clear["states"][-1]["hint"] == "good"
    pressed = watched(modules, frames(10, pulse=0.0001))
    assert pressed["states"][-1]["hint"] == "weak"
    brighter = tuple(value * 1.2 for value in FINGER[:3])
    moved = watched(modules, after(frames(6), frames(1, (*brighter, 0.1))))
    assert moved["states"][-1]["hint"] == "moving"


def test_the_wave_goes_up_with_the_beat(modules: Screen) -> None:
    wave = watched(modules, frames(10))["wave"]
    times = np.array([point["time"] for point in wave]) / 1000
    values = np.array([point["value"] for point in wave])
    blood = np.maximum(0, np.sin(2 * np.pi * 1.2 * times))
    assert 2.8 < times[-1] - times[0] <= 3
    assert np.corrcoef(values, blood)[0, 1] > 0.9


def test_what_is_sent_begins_at_nought_and_keeps_every_frame(modules: Screen) -> None:
    body = modules.run(
        "finger_watch.js",
        """({ppgBody}) => ppgBody([{time: 5000.5, red: 1.23456, green: 2, blue: 3},
                                   {time: 5033.8339, red: 1, green: 2, blue: 3}], 1700000000000.4)""",
    )
    assert body == {
        "timestamp": 1700000000000,
        "samples": {"time_ms": [0, 33.334], "red": [1.235, 1], "green": [2, 2], "blue": [3, 3]},
    }
