"""The measuring screens by themselves: their own files, an app that only writes down what it is given."""

from __future__ import annotations

import mimetypes
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from healthtwin.web.assets import STATIC, load_assets
from tests.web.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

    Theme = Literal["light", "dark"]

ORIGIN = "http://localhost:9"
"""Nothing listens there: every file is handed to the browser by the test. Browsers trust the name."""

SHELL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Measuring</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="stylesheet" href="/styles.css"></head>
<body><main id="main"></main><div id="said" class="visually-hidden" role="status"></div>
<script type="module" src="/app_for_tests.js"></script></body></html>"""

APP = """
import { activityRound, mountChooser, mountMeasurement } from "/app/measure/index.js";
import { say, speak } from "/js/words.js";
const asked = new URLSearchParams(location.search);
const locale = asked.get("language");
document.documentElement.lang = locale;
await import(`/words/app.${locale}.js`);
speak(healthtwinWords[locale]);
const main = document.getElementById("main");
Object.assign(globalThis, { sent: [], said: [], went: [], outcomes: [], activityRound });
let mounted = null;
globalThis.services = {
  locale,
  me: null,
  words: say,
  announce(text) { said.push(text); document.getElementById("said").textContent = text; },
  async submit(path, body) {
    sent.push({ path, body });
    return outcomes.shift() ?? { queued: true };
  },
  navigate(screen) {
    went.push(screen);
    mounted?.unmount();
    const [, kind] = screen.split("/");
    mounted = kind ? mountMeasurement(kind, main, services) : mountChooser(main, services);
  },
};
globalThis.leave = () => mounted.unmount();
services.navigate(asked.get("screen"));
"""


def _styles() -> str:
    sheets = [*sorted((STATIC / "css").glob("*.css")), STATIC / "app" / "measure" / "measure.css"]
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def _serve(route: Route) -> None:
    path = urlsplit(route.request.url).path
    made = {
        "/": (SHELL, "text/html"),
        "/styles.css": (_styles(), "text/css"),
        "/app_for_tests.js": (APP, "text/javascript"),
    }
    if path in made:
        body, kind = made[path]
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")
    elif path.startswith("/words/"):
        route.fulfill(body=load_assets().files[path.lstrip("/")].body, content_type="text/javascript")
    elif path == "/favicon.ico":
        route.fulfill(status=204)
    elif (file := STATIC / path.lstrip("/")).is_file():
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0] or "text/plain")
    else:
        route.fulfill(status=404)


@dataclass
class Screen:
    """One measuring screen in a browser; what the page complains about is kept."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, screen: str = "check", language: str = "en") -> Page:
        self.page.goto(f"{ORIGIN}/?screen={screen}&language={language}")
        self.page.locator("h1").wait_for()
        return self.page

    def run(self, module: str, script: str, argument: object = None) -> Any:  # noqa: ANN401 - as JavaScript has it
        """The value of `script`, a function of (module, argument), in the browser."""
        return self.page.evaluate(
            f"async (argument) => ({script})(await import('/app/measure/{module}'), argument)", argument
        )

    def sent(self) -> list[dict[str, Any]]:
        """What was handed to the app's queue."""
        handed: list[dict[str, Any]] = self.page.evaluate("sent")
        return handed

    def answer(self, *outcomes: object) -> None:
        """What the queue answers to the next recordings."""
        self.page.evaluate("(next) => outcomes.push(...next)", list(outcomes))

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without any camera, microphone or permission."""
    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_screen(chromium: Browser) -> Iterator[Callable[..., Screen]]:
    """Make a screen: theme, width in px, context options such as permissions."""
    made: list[Screen] = []

    def make(theme: Theme = "light", width: int = 390, **options: Any) -> Screen:  # noqa: ANN401 - Playwright judges
        context = chromium.new_context(
            color_scheme=theme, viewport={"width": width, "height": 800}, locale="en-GB", **options
        )
        context.set_default_timeout(15_000)
        context.route(f"{ORIGIN}/**", _serve)
        page = context.new_page()
        screen = Screen(context, page)
        page.on("console", screen.heard)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        made.append(screen)
        return screen

    yield make
    for screen in made:
        screen.context.close()
        assert screen.complaints == []


@pytest.fixture
def screen(new_screen: Callable[..., Screen]) -> Screen:
    """A light screen of a phone's width."""
    return new_screen()


@pytest.fixture(scope="module")
def modules(chromium: Browser) -> Iterator[Screen]:
    """A page to run the screens' pure functions in."""
    context = chromium.new_context()
    context.route(f"{ORIGIN}/**", _serve)
    screen = Screen(context, context.new_page())
    screen.open()
    yield screen
    context.close()
