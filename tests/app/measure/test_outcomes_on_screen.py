"""What became of a recording, as its person sees it: values beside the usual, reasons, or patience."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.app.measure.conftest import ORIGIN

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

MEASURED: dict[str, Any] = {
    "measurement": {"heart_rate": 71.6, "hrv_rmssd": 42.4, "quality": 0.93, "refused": None},
    "stored": {"heart_rate": 71.6, "hrv_rmssd": 42.4},
    "refusals": {
        "hrv_sdnn": {
            "code": "too_short",
            "words": "Only 31 s were still and 60 s are needed; measure for longer.",
            "facts": {"still_s": 31, "needed_s": 60},
        }
    },
    "outcome": "accepted",
}

TWIN = {
    "person": "p-ada",
    "metrics": [
        {"metric": "heart_rate", "ready": True, "low": 58.2, "high": 66.9},
        {"metric": "respiratory_rate", "ready": False, "low": None, "high": None},
    ],
}

SEND = """async ({ sendAndShow }, { kind, main }) => {
  const { Stage } = await import("/app/measure/stage.js");
  const stage = new Stage(kind, document.getElementById("main"), services);
  await sendAndShow(stage, "/api/signals/ppg", {}, { main, again: () => went.push("again") });
}"""


def outcome(
    screen: Screen,
    answer: object,
    language: str = "en",
    kind: str = "pulse",
    main: str = "heart_rate",
    twin: int = 200,
) -> Page:
    screen.context.route(
        f"{ORIGIN}/api/people/p-ada/twin", lambda route: route.fulfill(status=twin, json=TWIN)
    )
    page = screen.open("check", language)
    screen.answer(answer)
    page.evaluate("services.me = { person: 'p-ada', name: 'Ada' }")
    screen.run("answer.js", SEND, {"kind": kind, "main": [main]})
    return page


def test_the_value_stands_big_beside_the_own_usual(screen: Screen) -> None:
    page = outcome(screen, {"status": 200, "answer": MEASURED})
    big = page.locator(".big-value")
    expect(big).to_contain_text("72 per minute")
    expect(big).to_contain_text("Usual for you: 58–67")
    expect(page.locator("[data-metric=hrv_rmssd]")).to_contain_text("42 ms")
    expect(page.get_by_text("Clear signal (93 %)")).to_be_visible()
    expect(page.locator(".not-measured")).to_contain_text(
        "Variability (SDNN) – Only 31 seconds were still and 60 are needed; measure for longer."
    )
    assert page.evaluate("said.at(-1)") == "Heart rate: 72 per minute. Variability (RMSSD): 42 ms"


def test_without_a_network_the_usual_is_left_out_and_nothing_else(screen: Screen) -> None:
    page = outcome(screen, {"status": 200, "answer": MEASURED}, twin=503)
    expect(page.locator(".big-value")).to_contain_text("72 per minute")
    expect(page.locator(".usual")).to_have_count(0)
    screen.complaints.clear()  # Chromium itself reports the 503


def test_a_refusal_says_why_and_that_nothing_was_stored(screen: Screen) -> None:
    moved = {"code": "finger_moved", "words": "The finger moved.", "facts": {}}
    refused = {"measurement": {"quality": 0}, "stored": {}, "outcome": "nothing_measured"}
    page = outcome(
        screen, {"status": 200, "answer": {**refused, "refusals": {"heart_rate": moved, "hrv_rmssd": moved}}}
    )
    notice = page.locator("[data-step=refused] [role=alert]")
    expect(notice).to_contain_text("No value this time")
    assert notice.get_by_text("The finger moved.").count() == 1, "one reason is said once"
    page.get_by_role("button", name="Try again").click()
    assert page.evaluate("went.at(-1)") == "again"


def test_a_known_reason_is_said_in_the_readers_language(screen: Screen) -> None:
    few = {"code": "too_few_steps", "words": "Only 9 …", "facts": {"steps": 9, "needed_steps": 16}}
    answer = {
        "measurement": {},
        "stored": {},
        "outcome": "nothing_measured",
        "refusals": {"gait_cadence": few},
    }
    page = outcome(screen, {"status": 200, "answer": answer}, "de", "walk", "gait_cadence")
    expect(page.get_by_role("alert")).to_contain_text("Nur 9 regelmäßige Schritte in Folge; 16 sind nötig.")


def test_what_the_server_cannot_read_is_said_in_its_words(screen: Screen) -> None:
    problem = {"title": "Unprocessable", "detail": "time_ms: 3 samples; at least 60 were expected"}
    page = outcome(screen, {"status": 422, "answer": problem})
    expect(page.get_by_role("alert")).to_contain_text("time_ms: 3 samples")


def test_offline_it_waits_and_says_so(screen: Screen) -> None:
    page = outcome(screen, {"queued": True})
    expect(page.locator("[data-step=queued]")).to_contain_text("worked out when you are online")
    assert "Kept on this phone" in page.evaluate("said")


def test_the_same_recording_again_says_that_it_was_stored_before(screen: Screen) -> None:
    page = outcome(screen, {"status": 200, "answer": {**MEASURED, "outcome": "duplicate"}})
    expect(page.get_by_text("This was stored before.")).to_be_visible()


def test_names_of_the_server_never_become_markup(screen: Screen) -> None:
    hostile = json.loads('"<img src=x onerror=document.title=1>"')
    problem = {"title": "no", "detail": hostile}
    page = outcome(screen, {"status": 422, "answer": problem})
    expect(page.get_by_text(hostile)).to_be_visible()
    assert page.locator("main img").count() == 0
