"""The portal's weight and speed, in headless Chromium against a served house.

Page: what one person's page costs with a cold cache (bytes over the wire, requests, first paint), with 60
days behind it. Live: from the moment the house publishes a reading to the frame that shows it, and, because
that is what a person waits for, from the phone's POST to that frame (durable storage and the twin included).

Usage: python -m benchmarks.bench_page [--readings 200] [--loads 10] [--json]
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx2
import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.table import Row, add_rows_option, leave_rows
from healthtwin.access import Credentials
from healthtwin.api import Listen, serving
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Profile
from healthtwin.house import House, WallClock
from healthtwin.store import Home, HomeKind
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from playwright.sync_api import Browser, BrowserContext, Page

    from healthtwin.house import LiveEvent, LiveFeed

GOAL_KB: Final = 120
GOAL_REQUESTS: Final = 12
GOAL_FIRST_PAINT_MS: Final = 800
GOAL_PAINTED_P95_MS: Final = 50

DAYS_BEHIND: Final = 60
WIDTH: Final = 1280
PAUSE_S: Final = 0.1
"""Between two readings, so that each is painted alone."""

FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

NOTE_EACH_PAINT: Final = """() => {
  window.painted = {};
  const value = document.querySelector("[data-metric=heart_rate]");
  new MutationObserver(() => {
    const shown = value.querySelector("b").textContent;
    // A message posted in an animation frame is handled after that frame was painted.
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        window.painted[shown] ??= performance.timeOrigin + performance.now();
      };
      channel.port2.postMessage(null);
    });
  }).observe(value, { childList: true, subtree: true, characterData: true });
}"""

COST: Final = """() => {
  const loads = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { bytes: loads.reduce((sum, load) => sum + load.transferSize, 0), first_paint_ms: paint.startTime };
}"""


@dataclass(frozen=True, slots=True)
class Result:
    """One run. `kb`: 1,000 bytes over the wire, the most of all loads; first paint: their median."""

    loads: int
    kb: float
    requests: int
    first_paint_ms: float
    readings: int
    published_to_painted_p50_ms: float
    published_to_painted_p95_ms: float
    posted_to_painted_p50_ms: float
    posted_to_painted_p95_ms: float
    met: bool


def stamped(feed: LiveFeed) -> dict[str, float]:
    """Note from now on when each reading is handed to a stream, by the heart rate as the page shows it."""
    published: dict[str, float] = {}
    follow = feed.follow

    async def noted(after: str | None, people: frozenset[str] | None) -> AsyncIterator[LiveEvent]:
        async for event in follow(after, people):
            if event.event == "reading":
                rate = json.loads(event.data)["values"]["heart_rate"]
                published[f"{rate:.0f}"] = time.time() * 1000
            yield event

    feed.follow = noted  # type: ignore[method-assign]
    return published


def now_ms() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000


def bring_the_past(url: str, token: str) -> None:
    """Two months of a reading each half hour."""
    end = now_ms() - MINUTE_MS
    rows = [
        {"timestamp": at, "heart_rate": 66 + number % 9, "respiratory_rate": 14 + number % 3, "spo2": 97}
        for number, at in enumerate(range(end - DAYS_BEHIND * DAY_MS, end, HOUR_MS // 2))
    ]
    for first in range(0, len(rows), 500):
        post(url, token, rows[first : first + 500])


def post(url: str, token: str, rows: Sequence[Mapping[str, float]]) -> None:
    """Send readings as a phone does."""
    answer = httpx2.post(
        f"{url}/api/vitals", json=rows, headers={"Authorization": f"Bearer {token}"}, timeout=60
    )
    answer.raise_for_status()


def cost_of(context: BrowserContext, url: str) -> tuple[float, int, float]:
    """Bytes, requests and first paint (ms) of a page nobody has loaded before."""
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(url)
    page.locator("#link-state[data-state=live]").wait_for()
    page.wait_for_timeout(500)
    cost = page.evaluate(COST)
    page.close()
    return (
        cost["bytes"],
        len([each for each in requests if not each.startswith("data:")]),
        cost["first_paint_ms"],
    )


def paints_of(
    page: Page, url: str, token: str, readings: int, published: Mapping[str, float]
) -> tuple[list[float], list[float]]:
    """Waits from publishing and from posting to painting, in ms, one per reading."""
    page.evaluate(NOTE_EACH_PAINT)
    from_published, from_posted = [], []
    for number in range(readings):
        rate = 55 + number * 7 % 40  # ordinary values, never the same twice running
        page.evaluate("shown => { delete window.painted[shown]; }", str(rate))
        posted = time.time() * 1000
        post(url, token, [{"timestamp": now_ms(), "heart_rate": rate}])
        seen = page.wait_for_function("shown => window.painted[shown]", arg=str(rate)).json_value()
        from_published.append(seen - published[str(rate)])
        from_posted.append(seen - posted)
        time.sleep(PAUSE_S)
    return from_published, from_posted


def measure(folder: Path, browser: Browser, loads: int, readings: int) -> Result:
    """Serve a house with one person and watch them."""
    house = House(Home.open_or_create(folder / "home", HomeKind.LIVE), WallClock())
    house.start()
    published = stamped(house.feed)
    try:
        with serving(house, Listen()) as url:
            person = People(house.tables).add("Ada", Profile(timezone="UTC", birth_year=1961), now_ms())
            token = Credentials(house.tables).create_token("device", [person.id], now_ms()).secret
            bring_the_past(url, token)
            house.caught_up(120)
            contexts = [signed_in(browser, house, url) for _ in range(loads)]
            costs = [cost_of(context, f"{url}/people/{person.id}") for context in contexts]
            page = contexts[-1].new_page()
            page.goto(f"{url}/people/{person.id}")
            page.locator("#link-state[data-state=live]").wait_for()
            waits, posted = paints_of(page, url, token, readings, published)
    finally:
        house.stop()
    kb = max(cost[0] for cost in costs) / 1000
    requests = max(cost[1] for cost in costs)
    first_paint = float(np.median([cost[2] for cost in costs]))
    p95 = float(np.percentile(waits, 95))
    return Result(
        loads=loads,
        kb=round(kb, 1),
        requests=requests,
        first_paint_ms=round(first_paint),
        readings=readings,
        published_to_painted_p50_ms=round(float(np.percentile(waits, 50)), 1),
        published_to_painted_p95_ms=round(p95, 1),
        posted_to_painted_p50_ms=round(float(np.percentile(posted, 50)), 1),
        posted_to_painted_p95_ms=round(float(np.percentile(posted, 95)), 1),
        met=kb <= GOAL_KB
        and requests <= GOAL_REQUESTS
        and first_paint <= GOAL_FIRST_PAINT_MS
        and p95 <= GOAL_PAINTED_P95_MS,
    )


def signed_in(browser: Browser, house: House, url: str) -> BrowserContext:
    """A fresh browser profile with a session and nothing in its cache but the sign-in page's stylesheet."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 900})
    link = Credentials(house.tables).create_link("admin", (), now_ms(), every_person=True).secret
    signed = context.request.post(f"{url}/sign-in/{link}", headers={"Origin": url}, max_redirects=0)
    if signed.status != httpx2.codes.SEE_OTHER:
        raise SystemExit(f"signing in answered {signed.status}")
    return context


def rows_of(result: Result) -> list[Row]:
    """For the common table."""
    painted = result.published_to_painted_p95_ms
    return [
        Row("person's page, cold", f"<= {GOAL_KB} KB", f"{result.kb:g} KB", result.kb <= GOAL_KB),
        Row(
            "requests of that page",
            f"<= {GOAL_REQUESTS}",
            f"{result.requests}",
            result.requests <= GOAL_REQUESTS,
        ),
        Row(
            "first paint",
            f"<= {GOAL_FIRST_PAINT_MS} ms",
            f"{result.first_paint_ms:g} ms",
            result.first_paint_ms <= GOAL_FIRST_PAINT_MS,
        ),
        Row(
            "server event → painted, p95",
            f"<= {GOAL_PAINTED_P95_MS} ms",
            f"{painted:g} ms (from the POST: {result.posted_to_painted_p95_ms:g})",
            painted <= GOAL_PAINTED_P95_MS,
        ),
    ]


def main() -> None:
    """Read the command line, measure, tell."""
    parser = argparse.ArgumentParser(description="Weight and speed of the portal.")
    parser.add_argument("--readings", type=int, default=200)
    parser.add_argument("--loads", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    add_rows_option(parser)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium on this machine (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        result = measure(Path(folder), browser, options.loads, options.readings)
        browser.close()
    leave_rows(rows_of(result), options.rows)
    if options.json:
        print(json.dumps(asdict(result)))
        return
    print(f"page                 {result.kb:g} KB (goal {GOAL_KB})")
    print(f"requests             {result.requests} (goal {GOAL_REQUESTS})")
    print(f"first paint          {result.first_paint_ms:g} ms (goal {GOAL_FIRST_PAINT_MS})")
    p50, p95 = result.published_to_painted_p50_ms, result.published_to_painted_p95_ms
    print(f"published → painted  p50 {p50:g} ms, p95 {p95:g} ms (goal {GOAL_PAINTED_P95_MS})")
    p50, p95 = result.posted_to_painted_p50_ms, result.posted_to_painted_p95_ms
    print(f"posted → painted     p50 {p50:g} ms, p95 {p95:g} ms")


if __name__ == "__main__":
    main()
