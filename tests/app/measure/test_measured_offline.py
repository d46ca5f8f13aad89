"""A day without a network: every measurement waits on the phone, survives a reload, and arrives once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.app.measure.fake_camera import PULSE, SKIN, beat_times, pulse_wave
from tests.app.measure.sensing_browser import stored
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from tests.app.phone import Phone
    from tests.web.served_portal import Portal

pytestmark = pytest.mark.browser

MEASUREMENTS = 25
WINDOW_S = 31
QUARTER_HOUR_MS = 15 * 60_000


def finger_window(heart_rate: float, at_ms: int, seed: int) -> dict[str, Any]:
    """What half a minute with a finger on the camera hands to the queue."""
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.normal(1 / 30, 0.002, WINDOW_S * 30))
    times -= times[0]
    wave = pulse_wave(times, beat_times(heart_rate, 60, rng))
    colours = {
        name: (base - depth * wave + 0.05 * rng.standard_normal(len(times))).round(3).tolist()
        for name, base, depth in zip(("red", "green", "blue"), SKIN, PULSE, strict=True)
    }
    samples = {"time_ms": (1000 * times).round(3).tolist(), **colours}
    return {"timestamp": at_ms, "samples": samples, "activity_level": "sedentary"}


SEND_ALL = """async (module) => {
  const { flush, queueState } = await import(module);
  while ((await queueState()).waiting > 0) {
    await flush({ now: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}"""


@pytest.mark.timeout(240)
def test_a_days_measurements_survive_a_reload_and_arrive_once(portal: Portal, ada: str, phone: Phone) -> None:
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.page.reload()
    phone.at("now")
    phone.context.set_offline(True)
    rates = [56.0 + 4 * (at % 9) for at in range(MEASUREMENTS)]
    end = now_ms()
    for at, rate in enumerate(rates):
        window = finger_window(rate, end - (MEASUREMENTS - at) * QUARTER_HOUR_MS, seed=at)
        assert phone.submit("/api/signals/ppg", window) == {"queued": True}
    phone.page.reload()
    phone.at("now")
    assert phone.waiting()["waiting"] == MEASUREMENTS
    assert stored(portal, ada, "heart_rate") == []

    phone.context.set_offline(False)
    phone.page.evaluate(SEND_ALL, phone.module("app/queue.js"))
    assert phone.waiting()["parked"] == []
    assert portal.house.caught_up(60)
    assert stored(portal, ada, "heart_rate") == pytest.approx(rates, abs=1), "each once, in order"
    phone.page.reload()
    phone.at("now")
    expect(phone.page.locator("#queue-note")).to_be_hidden()
    assert len(stored(portal, ada, "heart_rate")) == MEASUREMENTS
