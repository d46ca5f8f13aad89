"""`healthtwin measure …`: readings with their quality from one raw recording, or why there are none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import tell, tell_json, tell_table

if TYPE_CHECKING:
    from healthtwin.sensing import Measurement

measure_app = typer.Typer(help="Measure from a raw recording of a phone's sensors.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a header, or the same in gzip.")]
RateOption = Annotated[
    float | None,
    typer.Option("--rate", help="Samples per second; for a file without a clock, or in its place."),
]


@measure_app.command()
def ppg(
    file: FileArgument,
    rate: RateOption = None,
    column: Annotated[
        str | None, typer.Option("--column", help="Name of the value column, where the file has many.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Heart rate, its variability and breathing from a finger on the camera.

    Columns: time (ms), R, G, B; or time and one column of values.
    """
    from healthtwin.sensing import measure_ppg
    from healthtwin.sensing.files import read_light

    time_ms, channels = read_light(file, rate, column)
    _tell_measurement(measure_ppg(time_ms, *channels), as_json)


@measure_app.command()
def motion(
    file: FileArgument,
    test: Annotated[
        str | None,
        typer.Option(
            "--test",
            help="What was done: breathing, tremor_rest, tremor_posture, balance, gait, activity. "
            "Without it all are tried.",
        ),
    ] = None,
    rate: RateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Breathing, tremor, balance, gait and activity from the motion sensors.

    Columns: time (ms), ax, ay, az (m/s², with gravity), and gx, gy, gz (°/s) where there was a gyroscope.
    """
    from healthtwin.sensing import measure_any_motion, measure_motion
    from healthtwin.sensing.files import read_motion_file

    columns = read_motion_file(file, rate)
    if test is None:
        _tell_measurement(measure_any_motion(**columns), as_json)
        return
    # The function itself names what it allows.
    _tell_measurement(measure_motion(test, **columns), as_json)  # type: ignore[arg-type]


@measure_app.command()
def sound(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="WAV; MP3, FLAC and Ogg with healthtwin[audio].")
    ],
    kind: Annotated[str, typer.Option("--kind", help="What was recorded: cough, breath or voice.")] = "cough",
    as_json: JsonOption = False,
) -> None:
    """Coughs, tones in breathing, or features of a voice, from a recording."""
    from healthtwin.sensing import measure_sound
    from healthtwin.sensing.files import read_sound

    samples, rate = read_sound(file)
    _tell_measurement(measure_sound(samples.clip(-1, 1), rate, kind), as_json)  # type: ignore[arg-type]


def _tell_measurement(measurement: Measurement, as_json: bool) -> None:
    """The whole answer as JSON, or a line per metric and one per reason."""
    from healthtwin.words import say

    if as_json:
        tell_json(measurement.as_json(say))
        return
    from healthtwin.domain import METRICS

    rows = [
        (METRICS[name].label, f"{value:.4g}", METRICS[name].unit)
        for name, value in measurement.values.items()
    ]
    tell_table(("measured", "value", "unit"), rows)
    for name, refusal in measurement.refused.items():
        tell(f"not {METRICS[name].label}: {say(refusal.said)}")
    tell(f"quality {measurement.quality:.2f} over {measurement.duration_s:.0f} s. Not a medical device.")
