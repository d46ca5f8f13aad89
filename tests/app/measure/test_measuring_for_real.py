"""The app's own screens on a served house, in Chromium with a fingertip, coughs and motion for sensors.

Everything that takes real time runs at once, in one fixture; each test looks at one thing that came of it.
`python -m benchmarks browser_sensing` runs every rate at every noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.app.measure.fake_camera import NOISE, playback_speed, write_video
from tests.app.measure.fake_motion import MotionSensors, breathing, trembling
from tests.app.measure.fake_sound import write_coughs
from tests.app.measure.sensing_browser import (
    Sending,
    Shown,
    another_page,
    chromium_path,
    ended,
    has_ended,
    look_up,
    measuring_phone,
    sensing_browser,
    start,
    stored,
)
from tests.web.served_portal import served_house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.served_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.realtime]

HEART_RATE = 80
BREATHS_PER_MIN = 14.0
TREMOR_HZ = 5.2
COUGHS_S = (4.0, 5.2, 12.0, 19.5, 24.0)


@dataclass
class Measured:
    """What stood on each screen, and the house that it was sent to.

    `beats_per_min`: of the finger, as it was played.
    """

    portal: Portal
    people: dict[str, str]
    shown: dict[str, Shown]
    beats_per_min: float
    complaints: dict[str, list[str]]
    moves_per_s: float

    def stored(self, metric: str, whose: str = "pulse") -> list[float]:
        return stored(self.portal, self.people[whose], metric)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    if chromium_path() is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    folder = tmp_path_factory.mktemp("sensors")
    finger, lifted, coughs = folder / "finger.y4m", folder / "lifted.y4m", folder / "coughs.wav"
    write_video(finger, HEART_RATE, NOISE["ordinary"])
    write_video(lifted, HEART_RATE, NOISE["ordinary"], lifted=(17, 45))
    write_coughs(coughs, COUGHS_S, 60)
    with (
        served_house(folder / "home") as portal,
        sync_playwright() as playwright,
        sensing_browser(playwright, camera=finger, microphone=coughs) as hand,
        sensing_browser(playwright, camera=lifted) as other_hand,
    ):
        ada, bo = portal.add("Ada"), portal.add("Bo")
        first = measuring_phone(portal, hand, ada)
        phones = {"pulse": first, "lifted": measuring_phone(portal, other_hand, bo)}
        phones |= {kind: another_page(first) for kind in ("cough", "breathing", "tremor")}
        movements = {"breathing": breathing(BREATHS_PER_MIN), "tremor": trembling(TREMOR_HZ)}
        sensors = {kind: MotionSensors(phones[kind].page) for kind in movements}
        sending = Sending(first)
        for kind, phone in phones.items():
            look_up(phone, "pulse" if kind == "lifted" else kind)
        for phone in phones.values():
            start(phone)
        moves_per_s = MotionSensors.play_all(
            [(sensors[kind], movements[kind]) for kind in movements],
            until=lambda: all(has_ended(phone) for phone in phones.values()),
            limit_s=200,
        )
        shown = {kind: ended(phone) for kind, phone in phones.items()}
        complaints = {kind: phone.complaints for kind, phone in phones.items()}
        assert portal.house.caught_up(60)
        speeds = [
            playback_speed(window["samples"]["time_ms"], window["samples"]["blue"])
            for window in sending.windows
        ]
        people = {"pulse": ada, "lifted": bo}
        yield Measured(portal, people, shown, HEART_RATE * (speeds or [1.0])[-1], complaints, moves_per_s)


def test_the_heart_rate_on_screen_and_in_the_house_is_the_fingers(measured: Measured) -> None:
    assert measured.shown["pulse"].step == "measured", measured.shown["pulse"].words
    assert measured.shown["pulse"].values["heart_rate"] == pytest.approx(measured.beats_per_min, abs=1)
    assert measured.stored("heart_rate") == [pytest.approx(measured.beats_per_min, abs=1)]


def test_half_a_minute_gives_no_variability_that_needs_a_whole_one(measured: Measured) -> None:
    assert "hrv_sdnn" not in measured.shown["pulse"].values
    assert "Variability (SDNN)" in measured.shown["pulse"].words, "it is said why"


def test_a_finger_lifted_half_way_is_refused_and_nothing_is_stored(measured: Measured) -> None:
    shown = measured.shown["lifted"]
    assert (shown.step, shown.values) == ("refused", {})
    assert "The finger was lifted" in shown.words
    assert measured.stored("heart_rate", "lifted") == []


def test_breathing_is_right_through_the_browsers_rounding(measured: Measured) -> None:
    assert measured.shown["breathing"].step == "measured", measured.shown["breathing"].words
    assert measured.shown["breathing"].values["respiratory_rate"] == pytest.approx(BREATHS_PER_MIN, abs=1)
    assert measured.stored("respiratory_rate") == [pytest.approx(BREATHS_PER_MIN, abs=1)]


def test_a_tremors_frequency_is_right(measured: Measured) -> None:
    if measured.moves_per_s < 4 * TREMOR_HZ:
        pytest.skip(f"the machine was too busy to play a tremor: {measured.moves_per_s:.0f} moves a second")
    assert measured.shown["tremor"].step == "measured", measured.shown["tremor"].words
    assert measured.shown["tremor"].values["tremor_frequency"] == pytest.approx(TREMOR_HZ, abs=0.3)
    assert measured.stored("tremor_frequency") == [pytest.approx(TREMOR_HZ, abs=0.3)]


def test_every_cough_is_counted_once(measured: Measured) -> None:
    assert measured.shown["cough"].step == "measured", measured.shown["cough"].words
    assert measured.shown["cough"].values["cough_count"] == len(COUGHS_S)
    assert measured.stored("cough_count") == [len(COUGHS_S)]


def test_no_page_complained(measured: Measured) -> None:
    assert measured.complaints == {kind: [] for kind in measured.complaints}
