"""`healthtwin demo`: a made-up household, in which somebody gets worse."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import remark, tell, tell_json
from healthtwin.cli.replay import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.play.demo import DemoReport, Household

HEADLESS_START_MS = 1_772_460_000_000
"""2026-03-02 14:00 UTC, an afternoon: without a portal nobody needs the times to be of today, and the same
seed then gives the same answer on any day."""


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="No portal: play, tell, end.")] = False,
    as_json: JsonOption = False,
    scenario: Annotated[
        str,
        typer.Option(help="normal, cardiac_stress (pre_mi), copd, infection, sensor_off, exercise, panic."),
    ] = "copd",
    seed: Annotated[int, typer.Option(min=0, help="Draws the household.")] = 1,
    home: Annotated[
        Path | None, typer.Option(help="Keep the home here; otherwise it is deleted at the end.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the portal; 0 takes a free one.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the portal in a browser.")
    ] = True,
) -> None:
    """Play a made-up household through the whole product: synthetic people, everything else real."""
    from healthtwin.house import WallClock
    from healthtwin.play.demo import draw_household, stretch_ms

    start_ms = HEADLESS_START_MS if headless else WallClock().now_ms() - stretch_ms(scenario)
    household = draw_household(seed, start_ms, scenario)
    with _home_at(home) as path:
        if headless:
            _headless(household, path, as_json=as_json)
        else:
            _portal(household, path, port=port, seed=seed, as_json=as_json, browser=browser)


@contextmanager
def _home_at(home: Path | None) -> Iterator[Path]:
    if home is not None:
        yield home
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="healthtwin-demo-") as folder:
        yield Path(folder) / "home"


def _headless(household: Household, path: Path, *, as_json: bool) -> None:
    import msgspec

    from healthtwin.play.demo import play_headless

    past = sum(len(member.past) for member in household.members)
    with progress_bar("90 days of made-up past", past) as progress:
        report = play_headless(household, path, progress)
    if as_json:
        tell_json(msgspec.to_builtins(report))
    else:
        _tell(report)


def _tell(report: DemoReport) -> None:
    from healthtwin.domain import from_ms

    tell(f"SYNTHETIC: {report.people} made-up people, {report.readings:,} made-up readings")
    for alert in report.alerts:
        began, raised = (f"{from_ms(at):%H:%M}" for at in (alert.first_sign_at, alert.raised_at))
        tell(f"{alert.level}: {alert.person} ({alert.scenario}), first sign {began} UTC, raised {raised} UTC")
        for fact in alert.evidence:
            tell(f"    {fact}")
    tell(f"missed: {', '.join(f'{m.person} ({m.scenario})' for m in report.missed) or 'none'}")
    tell(f"false alarms above info: {len(report.false_alarms)}")
    tell(f"sent → judged: p50 {report.latency_ms.p50:g} ms, p99 {report.latency_ms.p99:g} ms")


def _portal(household: Household, path: Path, *, port: int, seed: int, as_json: bool, browser: bool) -> None:
    import signal
    import threading

    from healthtwin.play.demo import Portal, play_in_portal

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def opened(portal: Portal) -> None:
        if as_json:
            tell_json({"synthetic": True, "url": portal.url, "link": portal.link})
        else:
            tell(portal.url)
            tell(f"Open this link; it signs one browser in, once:\n  {portal.link}")
            tell("SYNTHETIC data: made-up people. The play begins when you have signed in. Ctrl-C ends it.")
        if browser and not as_json:
            import webbrowser

            webbrowser.open(portal.link)

    past = sum(len(member.past) for member in household.members)
    with progress_bar("90 days of made-up past", past) as progress:
        play_in_portal(
            household,
            path,
            port=port,
            seed=seed,
            stop=stop,
            opened=opened,
            say=remark if as_json else tell,
            progress=progress,
        )
