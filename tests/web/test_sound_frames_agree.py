"""The phone's frames are the house's frames: one arithmetic in two languages, held together in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import healthtwin.web
from healthtwin.sensing.sound_frames import sound_frames
from healthtwin_lab.evaluate.planted_sound import claps, pink_noise, tones

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Sound = np.ndarray[Any, np.dtype[np.float32]]

pytestmark = pytest.mark.browser

MODULE = "static/app/measure/sound_frames.js"
COLOURS = {"centroid_hz": 10.0, "flatness": 0.01, "high_share": 0.01, "periodicity": 0.01}
"""Each with the step to which both sides round it."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """An empty page that has the module."""
    module = Path(healthtwin.web.__file__).parent / MODULE
    opened = browser.new_page()
    opened.route(
        "http://phone.test/**",
        lambda route: (
            route.fulfill(body=module.read_text(encoding="utf-8"), content_type="text/javascript")
            if route.request.url.endswith(".js")
            else route.fulfill(body="<!doctype html><title>phone</title>", content_type="text/html")
        ),
    )
    opened.goto("http://phone.test/")
    return opened


def on_the_phone(page: Page, samples: Sound, rate: int) -> dict[str, Any]:
    answer: dict[str, Any] = page.evaluate(
        """async ([samples, rate]) => {
            const { soundFrames } = await import("/sound_frames.js");
            return soundFrames(new Float32Array(samples), rate);
        }""",
        [samples.tolist(), rate],
    )
    return answer


def sounds() -> dict[str, tuple[Sound, int]]:
    rng = np.random.default_rng(0)
    time = np.arange(44_100) / 44_100
    vowel = sum(np.cos(2 * np.pi * 140 * k * time) / k for k in range(1, 8))
    half_silent = 0.3 * rng.standard_normal(20_000)
    half_silent[:9000] = 0
    return {
        "claps": (claps(3.0, rng).astype(np.float32), 16_000),
        "pink noise of a telephone": (pink_noise(1.0, rng)[:8123].astype(np.float32), 8000),
        "a vowel with an offset": ((0.1 * np.asarray(vowel) + 0.05).astype(np.float32), 44_100),
        "notes, clipped": (np.clip(4 * tones(2.0, rng), -1, 1).astype(np.float32), 48_000),
        "silence, then noise": (half_silent.astype(np.float32), 11_025),
        "silence": (np.zeros(4000, np.float32), 16_000),
    }


@pytest.mark.parametrize("name", list(sounds()))
def test_frames_are_the_same_in_the_browser_and_in_python(page: Page, name: str) -> None:
    samples, rate = sounds()[name]
    there, here = on_the_phone(page, samples, rate), sound_frames(samples, rate).as_json()
    assert set(there) == set(here)
    for field in ("version", "hop_ms", "block_ms", "duration_s", "clipped_share"):
        assert there[field] == pytest.approx(here[field], rel=1e-9)
    # A value on the very border of a rounding step may fall to either side: one step, and hardly ever.
    differing = total = 0
    for field, step in {"level_db": 1.0, **COLOURS}.items():
        assert [value is None for value in there[field]] == [value is None for value in here[field]]
        pairs = [(a, b) for a, b in zip(there[field], here[field], strict=True) if a is not None]
        apart = np.array([abs(a - b) for a, b in pairs])
        assert np.all(apart <= step * 1.0001)
        differing += int((apart > step * 1e-4).sum())
        total += len(pairs)
    assert differing <= total / 200


@pytest.mark.parametrize(("length", "rate"), [(100, 16_000), (16_000, 5), (16_000, 16_000.5)])
def test_the_phone_refuses_what_the_house_would_refuse(page: Page, length: int, rate: float) -> None:
    with pytest.raises(Exception, match="allowed"):
        on_the_phone(page, np.zeros(length, np.float32), rate)  # type: ignore[arg-type]
