"""No axe violation, nothing wider than a small phone, all by keyboard, in both languages and themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.app.measure.test_words_of_measuring import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

SMALL_PHONE = 320


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def is_wider_than_the_screen(page: Page) -> bool:
    wider: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider


@pytest.mark.parametrize(("theme", "language"), [("light", "de"), ("dark", "en")])
def test_every_screen_is_for_everybody(
    new_screen: Callable[..., Screen], theme: Literal["light", "dark"], language: str
) -> None:
    screen = new_screen(theme, SMALL_PHONE)
    screen.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }"
    )
    page = screen.open("check", language)
    page.locator("summary").click()
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    for kind in KINDS:
        page.evaluate("(kind) => services.navigate(`check/${kind}`)", kind)
        assert violations(page) == [], kind
        assert not is_wider_than_the_screen(page), kind
    page.evaluate("services.navigate('check/pulse')")
    page.locator(".primary-button").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == [], "with a trouble on screen"
    assert not is_wider_than_the_screen(page)


LIVE = """async (module, theme) => {
  const { Stage } = await import("/app/measure/stage.js");
  const { sendAndShow } = await import("/app/measure/answer.js");
  const stage = new Stage("pulse", document.getElementById("main"), services);
  const stored = { heart_rate: 172.4, hrv_rmssd: 42.1, hrv_sdnn: 51, respiratory_rate: 15 };
  const refusals = { hrv_pnn50: { code: "x", words: "Only 31 s; 60 s are needed.", facts: {} } };
  const answer = { measurement: { quality: 0.5 }, stored, refusals, outcome: "accepted" };
  outcomes.push({ status: 200, answer });
  await sendAndShow(stage, "/api/signals/ppg", {}, { main: ["heart_rate"], again() {} });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_results_are_for_everybody(
    new_screen: Callable[..., Screen], theme: Literal["light", "dark"]
) -> None:
    screen = new_screen(theme, SMALL_PHONE)
    page = screen.open("check", "de")
    screen.run("drawings.js", LIVE)
    expect(page.locator(".big-number")).to_contain_text("172")
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)


def test_a_check_is_chosen_and_left_by_keyboard(screen: Screen) -> None:
    page = screen.open("check")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Heart rate")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Heart rate")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="30 seconds")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="60 seconds")).to_be_checked()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="All checks")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Check vitals")


COUNT = """async ({ Stage, makeCountdown }) => {
  const countdown = makeCountdown(new Stage("breathing", document.getElementById("main"), services));
  for (let left = 60; left >= 0; left -= 1) countdown.show(left);
  return said;
}"""


def test_a_countdown_is_not_read_out_second_by_second(screen: Screen) -> None:
    screen.open("check")
    assert screen.run("stage.js", COUNT) == [f"{left} seconds left" for left in (45, 30, 15, 5)]
