"""How the portal says times, spans and quantities: the page's own module, run in the browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import to_ms
from healthtwin.web.assets import load_assets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser


def at(*parts: int) -> int:
    return to_ms(datetime(*parts, tzinfo=UTC))  # type: ignore[arg-type, misc]


@pytest.fixture
def say(portal: Portal, stranger: Visitor) -> Callable[..., object]:
    """Calls a function of a module by name."""
    stranger.page.goto(portal.url + "/sign-in")  # it loads the words

    def call(module: str, name: str, *arguments: object) -> object:
        path = load_assets().url(f"js/{module}.js")
        return stranger.page.evaluate(
            "([path, name, given]) => import(path).then(module => module[name](...given))",
            [path, name, arguments],
        )

    return call


def test_spans_are_said_in_the_unit_that_matters(say: Callable[..., object]) -> None:
    minute = 60_000
    minutes = (0, 1, 59, 60, 64, 65, 160, 47 * 60, 48 * 60, 100 * 60)
    said = [say("words", "span", length * minute) for length in minutes]
    assert said == [
        "under a minute",
        "1 min",
        "59 min",
        "1 h",
        "1 h",
        "1 h 5 min",
        "2 h 40 min",
        "47 h",
        "2 days",
        "4 days",
    ]


def test_a_moment_is_said_as_one_would_say_it(say: Callable[..., object]) -> None:
    now = at(2026, 3, 2, 12)
    moments = [at(2026, 3, 2, 9, 5), at(2026, 3, 1, 23, 30), at(2026, 3, 3, 8), at(2026, 2, 12, 7)]
    said = [say("words", "moment", time, now, "UTC") for time in moments]
    assert said == ["09:05", "yesterday 23:30", "tomorrow 08:00", "12 Feb 07:00"]


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        (at(2026, 3, 28, 12), "Europe/Berlin", at(2026, 3, 29, 6)),  # the clocks go forward in that night
        (at(2026, 10, 24, 12), "Europe/Berlin", at(2026, 10, 25, 7)),  # and back in this one
        (at(2026, 6, 1, 20), "Asia/Kathmandu", at(2026, 6, 2, 2, 15)),  # already tomorrow there, 5:45 ahead
        (at(2026, 6, 1, 3), "America/New_York", at(2026, 6, 1, 12)),  # still yesterday there
    ],
)
def test_the_next_eight_is_exact_in_every_zone(
    say: Callable[..., object], now: int, zone: str, expected: int
) -> None:
    assert say("words", "nextAt", 8, now, zone) == expected


def test_quantities_carry_the_digits_that_mean_something(say: Callable[..., object]) -> None:
    assert say("words", "quantity", "heart_rate", 84.4, "/min") == "84 /min"
    assert say("words", "quantity", "body_temperature", 36.62, "Cel") == "36.6 °C"
    assert say("words", "quantity", "blood_pressure_systolic", 121.0, "mm[Hg]") == "121 mmHg"
    assert say("words", "digits", "heart_rate", None) == "–"
    assert say("words", "around", "respiratory_rate", 14.2, 1.21) == "14 ± 1.2"


def test_learning_is_said_with_what_it_means(say: Callable[..., object]) -> None:
    assert say("words", "learning", "silent", 12) == (
        "Learning, day 12 of 30: only absolute safety limits and forecasts raise alerts"
    )
    assert say("words", "learning", "silent", 0) == "Learning has not begun: no reading yet"
    assert say("words", "learning", "adapting", 94) == "94 days learned, adapting daily"
