"""What the phone app shows and the house stores, against known fingers, breaths, tremors and coughs.

The app's own screens on a served house, in headless Chromium whose camera, microphone and motion sensors are
made up: every pulse rate at every noise, fingers that are lifted half-way, chests, hands and coughs. Each
measurement takes its real half or whole minute, several run beside one another. The file that Chromium
plays as a camera carries its own clock in blue, so that what a busy machine plays too slowly is judged by the
rate as it was played. Peer for the pulse: the highest peak of red's spectrum between 40 and 200 /min in
the very same window; trivial: the middle of the rates.

Synthetic signals show that nothing on the way from lens to log loses or bends a pulse. They say nothing about
skin, cold hands, arrhythmia or a real chest: `healthtwin evaluate sensing` does, on people.

Usage: python -m benchmarks.bench_browser_sensing [--quick] [--at-once 3] [--out FILE.json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.table import Row, add_rows_option, leave_rows, load, machine
from tests.app.measure.fake_camera import LOOP_S, NOISE, playback_speed, write_video
from tests.app.measure.fake_motion import MotionSensors, breathing, trembling
from tests.app.measure.fake_sound import write_coughs
from tests.app.measure.sensing_browser import (
    Sending,
    begin,
    ended,
    has_ended,
    measuring_phone,
    sensing_browser,
    stored,
)
from tests.web.served_portal import served_house

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Playwright

    from tests.app.measure.fake_motion import Movement
    from tests.web.served_portal import Portal

RATES: Final = (40, 60, 80, 100, 120, 140, 160, 180)
BREATHS: Final = (8.0, 12.0, 16.0, 20.0, 26.0, 32.0)
TREMORS_HZ: Final = (3.6, 4.8, 6.2, 7.7, 9.4, 11.3)
COUGHS_S: Final = ((), (8.0,), (3.0, 4.1, 9.0, 15.5, 16.4, 22.0, 26.5))
LIFTED_AT_S: Final = 17

QUICK_RATES: Final = (60, 140)
QUICK_BREATHS: Final = (14.0,)
QUICK_TREMORS_HZ: Final = (5.2,)

GOAL_RATE: Final = 1.0
GOAL_BREATHS: Final = 1.0
GOAL_TREMOR_HZ: Final = 0.3
GIVEN_UP_S: Final = 200
PHONES_MOVED_AT_ONCE: Final = 2
"""More would have their sensors moved less often than a trembling hand needs."""

Result = dict[str, Any]


def spectrum_peak(samples: dict[str, list[float]]) -> float:
    """The peer: the highest peak of red's spectrum from 40 to 200 /min, less a running mean of one second."""
    times = np.array(samples["time_ms"]) / 1000
    even = np.arange(0, times[-1], 1 / 30)
    red = np.interp(even, times, samples["red"])
    red -= np.convolve(red, np.ones(31) / 31, "same")
    power = np.abs(np.fft.rfft(red * np.hanning(len(red)), 1 << 16))
    per_min = np.fft.rfftfreq(1 << 16, 1 / 30) * 60
    inside = (per_min >= 40) & (per_min <= 200)
    return float(per_min[inside][power[inside].argmax()])


def _one(values: Sequence[float]) -> float | None:
    return values[0] if len(values) == 1 else None


def pulses(
    playwright: Playwright, portal: Portal, folder: Path, wanted: Sequence[tuple[int, str]]
) -> list[Result]:
    """A finger of each (rate, noise), all at once, each in a browser of its own."""
    with ExitStack() as stack:
        begun = []
        for rate, noise in wanted:
            film = folder / f"{rate}-{noise}.y4m"
            write_video(film, rate, NOISE[noise], seed=rate)
            browser = stack.enter_context(sensing_browser(playwright, camera=film))
            person = portal.add(f"{rate} {noise}")
            phone = measuring_phone(portal, browser, person)
            sending = Sending(phone)
            begin(phone, "pulse")
            begun.append((rate, noise, person, phone, sending, film))
        results: list[Result] = []
        for rate, noise, person, phone, sending, film in begun:
            shown = ended(phone)
            result: Result = {"rate": rate, "noise": noise, "ended": shown.step}
            for window in sending.windows[-1:]:
                speed = playback_speed(window["samples"]["time_ms"], window["samples"]["blue"], LOOP_S)
                result |= {"played": round(rate * speed, 2), "frames": len(window["samples"]["time_ms"])}
                result["peer"] = round(spectrum_peak(window["samples"]), 2)
            portal.house.caught_up(60)
            kept = _one(stored(portal, person, "heart_rate"))
            result |= {
                "shown": shown.values.get("heart_rate"),
                "stored": None if kept is None else round(kept, 2),
            }
            results.append(result)
            film.unlink()
            print(json.dumps(result), flush=True)
        return results


def lifted(playwright: Playwright, portal: Portal, folder: Path) -> list[Result]:
    """A finger at each noise that is taken away half-way."""
    with ExitStack() as stack:
        begun = []
        for noise in NOISE:
            film = folder / f"lifted-{noise}.y4m"
            write_video(film, 80, NOISE[noise], lifted=(LIFTED_AT_S, LOOP_S))
            browser = stack.enter_context(sensing_browser(playwright, camera=film))
            person = portal.add(f"lifted {noise}")
            phone = measuring_phone(portal, browser, person)
            begin(phone, "pulse")
            begun.append((noise, person, phone))
        results: list[Result] = []
        for noise, person, phone in begun:
            shown = ended(phone)
            kept = stored(portal, person, "heart_rate")
            results.append({"noise": noise, "ended": shown.step, "shown": shown.values, "stored": kept})
            print(json.dumps(results[-1]), flush=True)
        return results


def moved(
    playwright: Playwright, portal: Portal, kind: str, metric: str, wanted: Sequence[tuple[float, Movement]]
) -> list[Result]:
    """Phones that are moved as known, all at once."""
    with sensing_browser(playwright) as browser:
        people = [portal.add(f"{kind} {truth}") for truth, _ in wanted]
        phones = [measuring_phone(portal, browser, person) for person in people]
        sensors = [MotionSensors(phone.page) for phone in phones]
        for phone in phones:
            begin(phone, kind)
        MotionSensors.play_all(
            [(sensor, movement) for sensor, (_, movement) in zip(sensors, wanted, strict=True)],
            until=lambda: all(has_ended(phone) for phone in phones),
            limit_s=GIVEN_UP_S,
        )
        results: list[Result] = []
        for (truth, _), person, phone in zip(wanted, people, phones, strict=True):
            shown = ended(phone)
            portal.house.caught_up(60)
            kept = _one(stored(portal, person, metric))
            results.append(
                {"truth": truth, "ended": shown.step, "shown": shown.values.get(metric), "stored": kept}
            )
            print(json.dumps({kind: results[-1]}), flush=True)
        return results


def coughs(playwright: Playwright, portal: Portal, folder: Path) -> list[Result]:
    """Half a minute of each sound, all at once, each in a browser of its own."""
    with ExitStack() as stack:
        begun = []
        for number, at_s in enumerate(COUGHS_S):
            sound = folder / f"coughs-{number}.wav"
            write_coughs(sound, at_s, 60, seed=number)
            browser = stack.enter_context(sensing_browser(playwright, microphone=sound))
            person = portal.add(f"coughs {number}")
            phone = measuring_phone(portal, browser, person)
            begin(phone, "cough")
            begun.append((at_s, person, phone))
        results: list[Result] = []
        for at_s, person, phone in begun:
            shown = ended(phone)
            portal.house.caught_up(60)
            kept = _one(stored(portal, person, "cough_count"))
            results.append(
                {
                    "truth": len(at_s),
                    "ended": shown.step,
                    "shown": shown.values.get("cough_count"),
                    "stored": kept,
                }
            )
            print(json.dumps({"cough": results[-1]}), flush=True)
        return results


PARTS: Final = ("pulse", "lifted", "breathing", "tremor", "cough")


def in_turns(wanted: Sequence[Any], at_once: int) -> list[Sequence[Any]]:
    """`wanted` in pieces of `at_once`."""
    return [wanted[first : first + at_once] for first in range(0, len(wanted), at_once)]


def measure(
    rates: Sequence[int],
    breaths: Sequence[float],
    tremors: Sequence[float],
    at_once: int,
    only: Sequence[str] = PARTS,
) -> Result:
    """Everything, or the parts named, as a report."""
    began = load()
    with (
        tempfile.TemporaryDirectory() as name,
        served_house(Path(name) / "home") as portal,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        matrix = [(rate, noise) for rate in rates for noise in NOISE]
        parts: dict[str, Callable[[], list[Result]]] = {
            "pulse": lambda: [
                result
                for some in in_turns(matrix, at_once)
                for result in pulses(playwright, portal, folder, some)
            ],
            "lifted": lambda: lifted(playwright, portal, folder),
            "breathing": lambda: [
                result
                for some in in_turns([(rate, breathing(rate)) for rate in breaths], PHONES_MOVED_AT_ONCE)
                for result in moved(playwright, portal, "breathing", "respiratory_rate", some)
            ],
            "tremor": lambda: [
                result
                for some in in_turns([(hertz, trembling(hertz)) for hertz in tremors], PHONES_MOVED_AT_ONCE)
                for result in moved(playwright, portal, "tremor", "tremor_frequency", some)
            ],
            "cough": lambda: coughs(playwright, portal, folder),
        }
        report = {part: parts[part]() for part in PARTS if part in only}
        with sensing_browser(playwright) as browser:
            chromium = browser.version
    made = {
        "command": "python -m benchmarks.bench_browser_sensing",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "chromium": chromium,
        "load_at_start": round(began, 1),
        "synthetic": True,
        "noise": {name: vars(noise) for name, noise in NOISE.items()},
    }
    return {"made_by": made, **report}


def with_part_again(report: Result, again: Result, part: str) -> Result:
    """A report with one part measured anew; what it held before stays in it, beside the load of both."""
    before = {"load_at_start": report["made_by"]["load_at_start"], part: report[part]}
    made = {**report["made_by"], "measured_again": {part: {"made_by": again["made_by"], "before": before}}}
    return {**report, "made_by": made, part: again[part]}


def errors(results: Sequence[Result], truth: str, got: str) -> list[float]:
    """Distances from the truth; infinite for a measurement that gave no value."""
    return [
        float("inf") if result.get(got) is None else abs(result[got] - result[truth]) for result in results
    ]


def _worst(found: Sequence[float], unit: str) -> str:
    missing = sum(np.isinf(found))
    measured = [error for error in found if np.isfinite(error)]
    said = (
        f"mean {np.mean(measured):.2f}, worst {max(measured):.2f} {unit}" if measured else "nothing measured"
    )
    return f"{said} (n = {len(found)})" + (f", {missing} without a value" if missing else "")


def rows_of(report: Result) -> list[Row]:
    """The report as rows of the common table."""
    rows = []
    for noise in NOISE:
        of_noise = [result for result in report["pulse"] if result["noise"] == noise]
        peer = _worst(errors(of_noise, "played", "peer"), "/min")
        for got in ("shown", "stored"):
            found = errors(of_noise, "played", got)
            rows.append(
                Row(
                    f"pulse, {noise} noise: error of what is {got}",
                    f"≤ {GOAL_RATE:g} /min",
                    _worst(found, "/min"),
                    max(found) <= GOAL_RATE,
                    peer,
                )
            )
    middle = float(np.median([result["rate"] for result in report["pulse"]]))
    trivial = [abs(middle - result["rate"]) for result in report["pulse"]]
    rows.append(Row("pulse: trivial, always the middle of the rates", "", _worst(trivial, "/min"), None))
    refused = [result["ended"] == "refused" and not result["stored"] for result in report["lifted"]]
    rows.append(
        Row("finger lifted half-way", "refused", f"{sum(refused)} of {len(refused)} refused", all(refused))
    )
    for kind, goal, unit in (("breathing", GOAL_BREATHS, "/min"), ("tremor", GOAL_TREMOR_HZ, "Hz")):
        found = errors(report[kind], "truth", "stored")
        rows.append(Row(f"{kind}: error", f"≤ {goal:g} {unit}", _worst(found, unit), max(found) <= goal))
    counted = [result["stored"] == result["truth"] for result in report["cough"]]
    rows.append(
        Row(
            "coughs in 30 s, counted exactly",
            "all",
            f"{sum(counted)} of {len(counted)} recordings",
            all(counted),
        )
    )
    return rows


def main() -> None:
    """Read the command line, measure, print, and leave the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="two rates instead of eight, one chest, one hand"
    )
    parser.add_argument("--at-once", type=int, default=3, help="browsers beside one another (default 3)")
    parser.add_argument(
        "--again", choices=PARTS, default=None, help="measure this part alone anew, in the report at --out"
    )
    parser.add_argument("--out", type=Path, default=None, help="leave the report here, as JSON")
    add_rows_option(parser)
    options = parser.parse_args()
    rates, breaths, tremors = (
        (QUICK_RATES, QUICK_BREATHS, QUICK_TREMORS_HZ) if options.quick else (RATES, BREATHS, TREMORS_HZ)
    )
    if options.again is not None and options.out is None:
        parser.error("--again needs --out, the report in which the part is replaced")
    report = measure(
        rates, breaths, tremors, options.at_once, PARTS if options.again is None else (options.again,)
    )
    if options.again is not None:
        report = with_part_again(json.loads(options.out.read_text()), report, options.again)
    rows = rows_of(report)
    for row in rows:
        print(f"{row.measure:58} {row.goal:10} {row.got:52} {row.verdict:4} {row.peer}")
    if options.out is not None:
        options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    leave_rows(rows, options.rows)


if __name__ == "__main__":
    main()
