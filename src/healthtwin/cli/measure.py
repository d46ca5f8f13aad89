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
    from healthtwin.evaluate.light_file import read_light
    from healthtwin.sensing import measure_ppg

    time_ms, channels = read_light(file, rate, column)
    _tell_measurement(measure_ppg(time_ms, *channels), as_json)


def _tell_measurement(measurement: Measurement, as_json: bool) -> None:
    """The whole answer as JSON, or a line per metric and one per reason."""
    if as_json:
        tell_json(measurement.as_json())
        return
    from healthtwin.domain import METRICS

    rows = [
        (METRICS[name].label, f"{value:.1f}", METRICS[name].unit)
        for name, value in measurement.values.items()
    ]
    tell_table(("measured", "value", "unit"), rows)
    for name, refusal in measurement.refused.items():
        tell(f"not {METRICS[name].label}: {refusal.words}")
    tell(f"quality {measurement.quality:.2f} over {measurement.duration_s:.0f} s. Not a medical device.")
