"""Refused permissions, missing and lost sensors, plain http: words that help, and nothing left running."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

FAIL_WITH = """(name) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", name); };
}"""

FAKE_STREAMS = """
globalThis.tracks = [];
navigator.mediaDevices.getUserMedia = async ({ video }) => {
  const stream = video
    ? Object.assign(document.createElement("canvas"), { width: 64, height: 48 }).captureStream(30)
    : new AudioContext().createMediaStreamDestination().stream;
  tracks.push(...stream.getTracks());
  return stream;
};
// An older browser: its sound comes without a worklet, whose file no test can hand over.
Object.defineProperty(BaseAudioContext.prototype, "audioWorklet", { value: undefined });
globalThis.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
  const lock = Object.assign(new EventTarget(), { kind, released: false, release() {
    lock.released = true;
    lock.dispatchEvent(new Event("release"));
  } });
  locks.push(lock);
  return lock;
} } });
"""


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def trouble(page: Page) -> str:
    notice = page.locator("[data-step=trouble] [role=alert] h2")
    notice.wait_for()
    return notice.inner_text()


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("pulse", "NotAllowedError", "The camera is not allowed"),
        ("pulse", "NotFoundError", "No camera found"),
        ("pulse", "NotReadableError", "The camera is busy"),
        ("cough", "NotAllowedError", "The microphone is not allowed"),
        ("cough", "NotFoundError", "No microphone found"),
        ("cough", "NotReadableError", "The microphone is busy"),
    ],
)
def test_each_failure_has_words_of_its_own_and_a_way_back(
    screen: Screen, kind: str, name: str, words: str
) -> None:
    page = screen.open(f"check/{kind}")
    page.evaluate(FAIL_WITH, name)
    start(page)
    assert trouble(page) == words
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert screen.sent() == []


def test_a_browser_that_refuses_for_real_is_understood(screen: Screen) -> None:
    page = screen.open("check/pulse")
    start(page)
    assert trouble(page) in {"No camera found", "The camera is not allowed"}


def test_a_page_without_https_says_what_it_needs(screen: Screen) -> None:
    screen.page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false })")
    for kind in ("pulse", "cough", "breathing"):
        page = screen.open(f"check/{kind}")
        start(page)
        assert trouble(page) == "This needs https"


def test_motion_that_is_not_allowed_says_where_to_allow_it(screen: Screen) -> None:
    screen.page.add_init_script("DeviceMotionEvent.requestPermission = async () => 'denied'")
    page = screen.open("check/breathing")
    start(page)
    assert trouble(page) == "The motion sensors are not allowed"


def test_a_device_without_motion_sensor_is_found_out(screen: Screen) -> None:
    screen.page.add_init_script("DeviceMotionEvent.requestPermission = async () => 'granted'")
    page = screen.open("check/tremor")
    start(page)
    assert trouble(page) == "No motion sensor"


@pytest.mark.parametrize("kind", ["pulse", "cough"])
@pytest.mark.parametrize("way", ["cancel", "back", "unmount"])
def test_nothing_runs_on_after_the_screen_is_left(
    new_screen: Callable[..., Screen], kind: str, way: str
) -> None:
    screen = new_screen()
    screen.page.add_init_script(FAKE_STREAMS)
    page = screen.open(f"check/{kind}")
    start(page)
    page.wait_for_function("tracks.length > 0 && locks.length > 0")
    assert page.evaluate("locks[0].kind") == "screen"
    page.wait_for_function("tracks.every((track) => track.readyState === 'live')")
    if way == "cancel":
        page.get_by_role("button", name="Cancel").click()
    elif way == "back":
        page.get_by_role("button", name="All checks").click()
    else:
        page.evaluate("leave()")
    page.wait_for_function("tracks.every((track) => track.readyState === 'ended')")
    page.wait_for_function("locks.every((lock) => lock.released)")
    # Chromium's remark on the older way to hear, which `FAKE_STREAMS` asks for; any other one fails the test.
    screen.complaints[:] = [said for said in screen.complaints if "ScriptProcessorNode" not in said]


def test_leaving_while_the_browser_asks_leaves_no_camera_running(screen: Screen) -> None:
    screen.page.add_init_script(
        FAKE_STREAMS
        + """
        const open = navigator.mediaDevices.getUserMedia;
        navigator.mediaDevices.getUserMedia = async (wanted) => {
          await new Promise((resolve) => { globalThis.allow = resolve; });
          return open(wanted);
        };"""
    )
    page = screen.open("check/pulse")
    start(page)
    page.wait_for_function("Boolean(globalThis.allow)")
    page.get_by_role("button", name="All checks").click()
    page.evaluate("allow()")
    page.wait_for_function("tracks.length > 0 && tracks.every((track) => track.readyState === 'ended')")


def test_the_screen_is_kept_on_again_after_the_page_was_hidden(screen: Screen) -> None:
    screen.page.add_init_script(FAKE_STREAMS)
    page = screen.open("check/pulse")
    start(page)
    page.wait_for_function("locks.length === 1")
    page.evaluate("locks[0].release()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("locks.length === 2 && !locks[1].released")


def test_a_camera_that_is_taken_away_ends_the_measurement(screen: Screen) -> None:
    screen.page.add_init_script(FAKE_STREAMS)
    page = screen.open("check/pulse")
    start(page)
    page.wait_for_function("tracks.length > 0")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.evaluate("tracks[0].dispatchEvent(new Event('ended'))")
    assert trouble(page) == "The sensor stopped"


TORCH = """
globalThis.asked = [];
const make = navigator.mediaDevices.getUserMedia;
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await make(wanted);
  const [track] = stream.getTracks();
  track.getCapabilities = () => ({
    torch: true, exposureMode: ["continuous", "manual"], whiteBalanceMode: ["continuous"],
  });
  track.applyConstraints = async (constraints) => { asked.push(constraints.advanced); };
  return stream;
};
"""

CAMERA = """async ({ openCamera }) => {
  const video = document.createElement("video");
  video.muted = true;
  const camera = await openCamera(video);
  const held = await camera.hold();
  camera.stop();
  return { torch: camera.torch, held };
}"""


def test_the_torch_stays_on_while_the_exposure_is_held(screen: Screen) -> None:
    screen.page.add_init_script(FAKE_STREAMS + TORCH)
    screen.open("check")
    assert screen.run("camera.js", CAMERA) == {"torch": True, "held": True}
    assert screen.page.evaluate("asked") == [
        [{"torch": True}],
        [{"torch": True}, {"exposureMode": "manual"}],
    ], "every request replaces the former one"


def test_gravity_has_one_sign_on_every_phone(modules: Screen) -> None:
    read = """({sampleOf}, sign) => sampleOf({timeStamp: 1, rotationRate: null,
               accelerationIncludingGravity: {x: 1, y: -2, z: 9.8}}, sign)"""
    assert modules.run("motion_sensor.js", read, -1) == {"time": 1, "ax": -1, "ay": 2, "az": -9.8}
    empty = """({sampleOf}) => sampleOf({timeStamp: 1,
                accelerationIncludingGravity: {x: null, y: null, z: null}}, 1)"""
    assert modules.run("motion_sensor.js", empty) is None
