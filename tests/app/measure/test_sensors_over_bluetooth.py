"""An oximeter and a strap on their screens, with a Bluetooth that the test speaks for."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

BLUETOOTH = """
const uuid = (number) => `0000${number.toString(16).padStart(4, "0")}-0000-1000-8000-00805f9b34fb`;
globalThis.BluetoothUUID = { canonicalUUID: uuid };
globalThis.offer = [0x2a5f, 0x2a5e, 0x2a37];
globalThis.clock = 0;
performance.now = () => clock;
const device = Object.assign(new EventTarget(), { name: "Nonin 3230" });
const characteristics = new Map();
device.gatt = {
  connected: false,
  async connect() {
    if (globalThis.connectFails) throw new DOMException("gone", "NetworkError");
    this.connected = true;
    return { getPrimaryService: async (service) => ({ getCharacteristics: async () => offer.map((number) => {
      const found = Object.assign(new EventTarget(), { uuid: uuid(number) });
      found.startNotifications = async () => found;
      characteristics.set(number, found);
      return found;
    }) }) };
  },
  disconnect() { this.connected = false; device.dispatchEvent(new Event("gattserverdisconnected")); },
};
globalThis.gatt = device.gatt;
globalThis.say = (number, bytes, second) => {
  clock = second * 1000;
  const from = characteristics.get(number);
  from.value = new DataView(new Uint8Array(bytes).buffer);
  from.dispatchEvent(new Event("characteristicvaluechanged"));
};
Object.defineProperty(navigator, "bluetooth", { configurable: true, value: { async requestDevice(wanted) {
  globalThis.wanted = wanted;
  if (globalThis.nothingChosen) throw new DOMException("cancelled", "NotFoundError");
  return device;
} } });
"""

CONTINUOUS, STRAP = 0x2A5F, 0x2A37


def connected(screen: Screen, kind: str) -> Page:
    screen.page.add_init_script(BLUETOOTH)
    page = screen.open(f"check/{kind}")
    page.get_by_role("button", name="Connect").click()
    page.locator("[data-step=live]").wait_for()
    return page


def say(page: Page, number: int, message: bytes, second: float) -> None:
    page.evaluate("([number, bytes, second]) => say(number, bytes, second)", [number, list(message), second])


def oxygen(spo2: int, pulse: int) -> bytes:
    return b"\x00" + struct.pack("<HH", spo2, pulse)


def test_a_steady_oximeter_is_stored_once_and_again_after_five_minutes(screen: Screen) -> None:
    page = connected(screen, "oximeter")
    assert page.evaluate("wanted") == {"filters": [{"services": [0x1822]}]}
    for second in range(60):
        say(page, CONTINUOUS, oxygen(96, 61), second)
    expect(page.locator(".live-values")).to_contain_text("96 %")
    expect(page.locator("[data-step=live]")).to_contain_text("Oxygen saturation 96 %")
    assert len(screen.sent()) == 1
    for second in range(290, 330):
        say(page, CONTINUOUS, oxygen(95, 60), second)
    bodies = [sent["body"] for sent in screen.sent()]
    assert [(body["oxygen_saturation"], body["heart_rate"]) for body in bodies] == [(96, 61), (95, 60)]
    assert {body["device"] for body in bodies} == {"Nonin 3230"}


def test_a_message_that_cannot_be_read_is_left_out(screen: Screen) -> None:
    page = connected(screen, "oximeter")
    for second in range(20):
        say(page, CONTINUOUS, b"\x1f\x60", second)
    assert screen.sent() == []
    expect(page.locator(".live-values")).to_be_empty()


def test_no_finger_is_said(screen: Screen) -> None:
    page = connected(screen, "oximeter")
    say(page, CONTINUOUS, b"\x08" + struct.pack("<HH", 0x7FF, 0x7FF) + (1 << 11).to_bytes(3, "little"), 1)
    expect(page.locator(".live-hint")).to_have_text("No finger in the oximeter")


def test_a_strap_stores_rate_and_variability_of_its_beats(screen: Screen) -> None:
    page = connected(screen, "strap")
    for second in range(75):
        interval = 810 if second % 2 else 829  # 1/1024 s
        say(page, STRAP, bytes([0x16, 75]) + struct.pack("<H", interval), second)
    [sent] = screen.sent()
    assert sent["path"] == "/api/vitals"
    assert sent["body"]["heart_rate"] == pytest.approx(60 * 1024 / 819.5, rel=1e-3)
    assert sent["body"]["hrv_rmssd"] == pytest.approx(19 * 1000 / 1024, rel=1e-6)


def test_a_strap_that_breaks_off_says_so(screen: Screen) -> None:
    page = connected(screen, "strap")
    page.evaluate("gatt.disconnect()")
    expect(page.get_by_role("alert")).to_contain_text("The connection broke")


def test_leaving_the_screen_ends_the_connection(screen: Screen) -> None:
    page = connected(screen, "oximeter")
    assert page.evaluate("gatt.connected")
    page.get_by_role("button", name="All checks").click()
    assert not page.evaluate("gatt.connected")
    expect(page.locator("h1")).to_have_text("Check vitals")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("nothingChosen = true", "No device was chosen"),
        ("connectFails = true", "The connection broke"),
        ("offer = []", "The device says nothing we understand"),
        ("delete Object.getPrototypeOf(navigator).bluetooth", None),
    ],
)
def test_what_goes_wrong_with_bluetooth_has_words(screen: Screen, state: str, words: str | None) -> None:
    if words is not None:
        screen.page.add_init_script(BLUETOOTH)
    page = screen.open("check/strap")
    page.evaluate(f"globalThis.{state}" if words else "void 0")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).to_contain_text(words or "No Bluetooth in this browser")


def test_bluetooth_is_offered_only_where_there_is_one(screen: Screen) -> None:
    page = screen.open("check")
    expect(page.get_by_role("button", name="Pulse oximeter")).to_have_count(0)
    expect(page.get_by_text("This browser can’t reach Bluetooth sensors")).to_be_visible()
    screen.page.add_init_script(BLUETOOTH)
    page = screen.open("check")
    expect(page.get_by_role("button", name="Pulse oximeter")).to_be_visible()
