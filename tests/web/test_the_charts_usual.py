"""The band behind the line, and where the line breaks: the page's own functions, run in the browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from healthtwin.domain import HOUR_MS, MINUTE_MS, to_ms
from healthtwin.web.assets import load_assets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

NOON_MS = to_ms(datetime(2026, 3, 2, 12, tzinfo=UTC))


@pytest.fixture
def chart(portal: Portal, visitor: Visitor) -> Callable[..., Any]:
    """Calls a function of the chart's module by name."""
    visitor.open()

    def call(name: str, *arguments: object) -> object:
        path = load_assets().url("js/chart.js")
        return visitor.page.evaluate(
            "([path, name, given]) => import(path).then(module => module[name](...given))",
            [path, name, arguments],
        )

    return call


def hours(*known: int) -> list[dict[str, float]]:
    """A usual of 60 + hour ± 2 for these hours."""
    return [{"hour": hour, "center": 60 + hour, "spread": 2} for hour in known]


def test_the_usual_goes_straight_from_the_middle_of_one_hour_to_the_next(chart: Callable[..., Any]) -> None:
    metric = {"hours": hours(*range(24)), "reach": 2.5}
    half = 30 * MINUTE_MS
    assert chart("bandAt", NOON_MS + half, metric, "UTC") == [67, 77]
    assert chart("bandAt", NOON_MS + HOUR_MS, metric, "UTC") == [67.5, 77.5]
    assert chart("bandAt", NOON_MS + half, metric, "Asia/Tokyo") == [76, 86], "the person's own hour: 21"


def test_each_hour_has_the_range_that_the_twin_says_of_it(chart: Callable[..., Any]) -> None:
    said = [{**band, "low": 55, "high": 90} for band in hours(*range(24))]
    metric = {"hours": said, "reach": 2.5}
    assert chart("bandAt", NOON_MS + 30 * MINUTE_MS, metric, "UTC") == [55, 90]


def test_midnight_is_between_the_last_hour_and_the_first(chart: Callable[..., Any]) -> None:
    metric = {"hours": hours(23, 0), "reach": 1}
    assert chart("bandAt", NOON_MS + 12 * HOUR_MS, metric, "UTC") == [(83 + 60) / 2 - 2, (83 + 60) / 2 + 2]


def test_an_hour_nobody_measured_has_no_usual(chart: Callable[..., Any]) -> None:
    metric = {"hours": hours(8, 9), "reach": 2}
    assert chart("bandAt", NOON_MS, metric, "UTC") is None
    assert chart("bandAt", NOON_MS - 2 * HOUR_MS - 5 * MINUTE_MS, metric, "UTC") == [65, 73]
    assert chart("bandAt", NOON_MS, {"hours": [], "reach": None}, "UTC") is None


def test_the_line_breaks_where_readings_paused(chart: Callable[..., Any]) -> None:
    times = [NOON_MS + step * 5 * MINUTE_MS for step in (0, 1, 2, 30, 31)]
    seconds, values, *_ = chart("withGaps", {"t": times, "v": [60, 61, 62, 63, 64]}, None)
    assert values == [60, 61, 62, None, 63, 64]
    assert seconds == sorted(seconds)
    assert seconds[3] == (times[2] + times[3]) / 2000


def test_steady_but_rare_readings_stay_joined(chart: Callable[..., Any]) -> None:
    times = [NOON_MS + step * 2 * HOUR_MS for step in range(5)]
    _, values, *_ = chart("withGaps", {"t": times, "v": [60, 61, 62, 63, 64]}, None)
    assert values == [60, 61, 62, 63, 64]
