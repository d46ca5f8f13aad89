"""The guided motion tests and the quiet rounds, with motion told to the page as fast as it listens."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

ALLOWED = """DeviceMotionEvent.requestPermission = async () => 'granted';
Object.defineProperty(navigator, "userActivation", { value: { isActive: false } });"""
"""Allowed before; and no tap, which Playwright pretends with everything it evaluates."""

MOVE = """([from, to, turning]) => {
  for (let time = from * 1000; time < to * 1000; time += 20) {
    const event = new Event("devicemotion");
    const breath = Math.sin((2 * Math.PI * 0.25 * time) / 1000);
    Object.defineProperties(event, {
      timeStamp: { value: time },
      accelerationIncludingGravity: { value: { x: 0, y: 0.2 * breath, z: 9.8 } },
      rotationRate: { value: turning ? { alpha: breath, beta: 0, gamma: 0 } : null },
    });
    dispatchEvent(event);
  }
}"""


def opened(screen: Screen, kind: str) -> Page:
    screen.page.add_init_script(ALLOWED)
    return screen.open(f"check/{kind}" if kind else "check")


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("[data-step=live]").wait_for()


def move(page: Page, start_s: float, end_s: float, *, turning: bool = True) -> None:
    """Motion from one second to another, told at once."""
    page.evaluate(MOVE, [start_s, end_s, turning])


def only_body(screen: Screen) -> dict[str, Any]:
    [sent] = screen.sent()
    assert sent["path"] == "/api/signals/motion"
    body: dict[str, Any] = sent["body"]
    return body


def test_a_minute_of_breathing_is_sent_after_time_to_lie_down(screen: Screen) -> None:
    page = opened(screen, "breathing")
    start(page)
    move(page, 100, 103)
    expect(page.locator(".live-hint")).to_have_text("Lie down and put the phone on your chest")
    move(page, 103, 130)
    expect(page.locator(".live-hint")).to_have_text("Breathe as usual")
    move(page, 130, 170)
    expect(page.locator("[data-step=queued]")).to_be_visible()
    body = only_body(screen)
    assert body["test"] == "breathing"
    times = body["samples"]["time_ms"]
    assert (times[0], times[-1]) == (0, pytest.approx(61_000, abs=40))
    assert {len(column) for column in body["samples"].values()} == {len(times)}
    assert set(body["samples"]) == {"time_ms", "ax", "ay", "az", "gx", "gy", "gz"}


def test_a_phone_without_gyroscope_sends_none(screen: Screen) -> None:
    page = opened(screen, "balance")
    start(page)
    move(page, 0, 40, turning=False)
    assert set(only_body(screen)["samples"]) == {"time_ms", "ax", "ay", "az"}


def test_the_hands_position_is_sent_as_chosen(screen: Screen) -> None:
    page = opened(screen, "tremor")
    page.get_by_role("radio", name="Stretched out").check()
    start(page)
    move(page, 0, 30)
    assert only_body(screen)["test"] == "tremor_posture"


def test_a_screen_that_went_dark_on_the_way_is_refused(screen: Screen) -> None:
    page = opened(screen, "walk")
    start(page)
    move(page, 0, 20)
    move(page, 25, 45)
    expect(page.get_by_role("alert")).to_contain_text("The screen was off")
    assert screen.sent() == []


def test_a_quiet_round_sends_activity(screen: Screen) -> None:
    page = opened(screen, "")
    page.evaluate("void (globalThis.round = activityRound(services))")
    page.wait_for_timeout(100)
    move(page, 0, 25)
    assert page.evaluate("round") == "sent"
    body = only_body(screen)
    assert body["test"] == "activity"
    assert body["samples"]["time_ms"][-1] == pytest.approx(21_000, abs=40)


def test_a_round_stands_back_behind_a_guided_measurement(screen: Screen) -> None:
    page = opened(screen, "breathing")
    start(page)
    assert page.evaluate("activityRound(services)") == "busy"
    page.get_by_role("button", name="Cancel").click()


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })", "hidden"),
        ("DeviceMotionEvent.requestPermission = async () => 'denied'", "no_permission"),
        (
            "DeviceMotionEvent.requestPermission = async () => { throw new DOMException(''); }",
            "no_permission",
        ),
        ("void 0", "no_sensor"),
    ],
)
def test_a_round_asks_for_nothing_and_says_why_it_did_not_measure(
    screen: Screen, state: str, outcome: str
) -> None:
    page = opened(screen, "")
    page.evaluate(f"() => {{ {state}; }}")
    assert page.evaluate("activityRound(services)") == outcome
    assert screen.sent() == []


BODY = """({ soundBody }, consent) => {
  const samples = Float32Array.from({ length: 16000 }, (_, at) => Math.sin(at / 10) * (at < 8000 ? 0.5 : 2));
  return soundBody("cough", samples, { rate: 16000, startedAt: 1700000000000.2, consent });
}"""


@pytest.mark.parametrize("consent", [False, None, "yes"])
def test_without_consent_no_sound_leaves_the_phone(modules: Screen, consent: object) -> None:
    body = modules.run("microphone.js", BODY, consent)
    assert set(body) == {"timestamp", "kind", "frames"}
    figures = sum(len(value) for value in body["frames"].values() if isinstance(value, list))
    assert figures < 16_000 / 50, "too few figures to hear anything by"


def test_with_consent_the_sound_is_sent_as_it_was_recorded(modules: Screen) -> None:
    body = modules.run("microphone.js", BODY, argument=True)
    assert (body["timestamp"], body["sample_rate"], body["consent"]) == (1700000000000, 16000, True)
    sound = np.frombuffer(base64.b64decode(body["pcm16"]), "<i2") / 32767
    expected = np.sin(np.arange(16000) / 10) * np.where(np.arange(16000) < 8000, 0.5, 2)
    assert sound == pytest.approx(np.clip(expected, -1, 1), abs=1e-4)
